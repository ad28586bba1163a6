"""Whose key seals papers. A key in a file; one in hardware (`token_signer`) has the same four attributes (`PaperSigner`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class SealUnavailable(Exception):
    """The paper could not be sealed now: key, hardware or time-stamp authority did not answer. Trying again may help."""


class PaperSigner(Protocol):
    """A document seal: a P-256 key with its certificate."""

    @property
    def certificate(self) -> bytes:
        """The certificate (DER)."""

    @property
    def issuers(self) -> Sequence[bytes]:
        """Certificates of the issuers (DER) that go into the signature; the root is not needed."""

    @property
    def holder(self) -> str:
        """The organisation named in the certificate: the words on the ring of the seal."""

    def sign(self, message: bytes) -> bytes:
        """ECDSA with SHA-256 over the message, DER. Raises `SealUnavailable`."""


def holder_of(certificate: x509.Certificate) -> str:
    """The organisation a certificate names, else its common name, else ''."""
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for one in certificate.subject.get_attributes_for_oid(oid):
            return str(one.value)
    return ""


class FileSigner:
    """A key kept in a file outside the database. TypeError unless it is a P-256 key that fits the certificate."""

    def __init__(self, key: bytes, certificate: bytes, issuers: Sequence[bytes] = ()) -> None:
        found, self._facts = serialization.load_der_private_key(key, None), x509.load_der_x509_certificate(certificate)
        if not isinstance(found, ec.EllipticCurvePrivateKey) or not isinstance(found.curve, ec.SECP256R1):
            raise TypeError("the document seal wants a P-256 key")
        if found.public_key() != self._facts.public_key():
            raise TypeError("the key does not fit the certificate")
        self._key, self.certificate, self.issuers = found, certificate, tuple(issuers)

    @classmethod
    def of_files(cls, key: Path, certificates: Path) -> FileSigner:
        """From PEM files: the key, and the certificate followed by its issuers'."""
        private = serialization.load_pem_private_key(key.read_bytes(), None).private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        own, *more = [
            one.public_bytes(serialization.Encoding.DER)
            for one in x509.load_pem_x509_certificates(certificates.read_bytes())
        ]
        return cls(private, own, more)

    @property
    def holder(self) -> str:
        """See `PaperSigner`."""
        return holder_of(self._facts)

    def in_force(self, at: datetime) -> bool:
        """Whether the certificate covers this moment."""
        return self._facts.not_valid_before_utc <= at <= self._facts.not_valid_after_utc

    def sign(self, message: bytes) -> bytes:
        """See `PaperSigner`."""
        return self._key.sign(message, ec.ECDSA(hashes.SHA256()))
