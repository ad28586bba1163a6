"""The demo certificate authority: made at first start, kept outside the database, times by the deployment's clock.

A real centre puts its licensed authorities' certificates into the trust store instead and never opens this one.
There is one authority a suite, each in a file of its own, so a deployment that changes its suite keeps both.
"""

import os
import secrets
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mingzheng.adapters.crypto import ocsp, x509_signing
from mingzheng.adapters.crypto.refusals import KEY_OTHER_SUITE
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite, suite_of_key

NAME = "明证演示证书认证机构"
ROOT_YEARS = 20
FILES = {"INTL-1": "demo-authority.pem", "GM-1": "demo-authority.gm-1.pem"}


class DemoAuthority:
    """Issues and revokes certificates of people. `certificate` is its own, for the trust store."""

    def __init__(self, private: Secret, certificate: x509.Certificate) -> None:
        self._private = private
        self._own = certificate
        self.suite = suite_of_key(private.reveal()).id
        self.certificate = _pem(certificate)

    @classmethod
    def open(cls, folder: Path, at: datetime, suite_name: str = "INTL-1") -> "DemoAuthority":
        """The authority of a suite kept in `folder`; made there, valid from `at`, if there is none (safe when two start
        at once). Refused `seal.unknown-suite`, `seal.suite-absent`."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = folder / FILES[suite(suite_name).id]
        if not place.exists():
            keep_private(place, _new_root(at, suite_name))
        key, _, own = place.read_text("ascii").partition("-----BEGIN CERTIFICATE-----")
        private = Secret(b64decode("".join(key.splitlines()[1:-1])))
        return cls(private, x509.load_pem_x509_certificate(f"-----BEGIN CERTIFICATE-----{own}".encode()))

    def issue(
        self,
        *,
        subject_name: str,
        organisation_name: str,
        organisation_code: str,
        person_id: str,
        public_key: bytes,
        at: datetime,
        days: int = 730,
    ) -> str:
        """A certificate (PEM) for a key the person made; `public_key` is SPKI DER, validity starts at `at`.

        Refused `key.wrong-suite` for a key of another suite than the authority's.
        """
        subject = _name(subject_name, organisation_name, organisation_code, person_id)
        builder = _dated(x509.CertificateBuilder(), at, timedelta(days=days)).subject_name(subject)
        return self._signed(builder, public_key, _person_extensions(public_key, self._own))

    def issue_with_key(
        self,
        *,
        subject_name: str,
        organisation_name: str,
        organisation_code: str,
        person_id: str,
        at: datetime,
        days: int = 730,
    ) -> tuple[Secret, str]:
        """A fresh private key (PKCS#8 DER) with its certificate, for the demo cast and for tests."""
        algorithms = suite(self.suite)
        private = algorithms.new_private_key()
        pem = self.issue(
            subject_name=subject_name,
            organisation_name=organisation_name,
            organisation_code=organisation_code,
            person_id=person_id,
            public_key=algorithms.public_key(private),
            at=at,
            days=days,
        )
        return Secret(private), pem

    def issue_service(
        self, *, name: str, organisation: str, public_key: bytes, at: datetime, days: int, usage: x509.ObjectIdentifier
    ) -> str:
        """A certificate (PEM) of a service with one critical extended key usage: a document seal, a time-stamp authority."""
        builder = _dated(x509.CertificateBuilder(), at, timedelta(days=days))
        builder = builder.subject_name(_name(name, organisation, "", ""))
        return self._signed(builder, public_key, _service_extensions(public_key, self._own, usage))

    def _signed(
        self,
        builder: x509.CertificateBuilder,
        public_key: bytes,
        extensions: list[tuple[x509.ExtensionType, bool]],
    ) -> str:
        other = suite_of_key(public_key).id
        if other != self.suite:
            raise KEY_OTHER_SUITE(suite=other, wanted=self.suite)
        builder = builder.issuer_name(self._own.subject)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return _pem(x509_signing.certificate(builder, public_key, self._private.reveal()))

    def ocsp_answer(self, asked: bytes, revoked: Mapping[str, datetime], at: datetime) -> bytes:
        """The answer to an OCSP request about certificates of this authority; `revoked` as for the list."""
        return ocsp.answer(asked, revoked, self._own, self._private.reveal(), at)

    def revocation_list(self, revoked: Mapping[str, datetime], at: datetime, days: int = 7) -> str:
        """A CRL (PEM) of serials (hex) and the moments they were revoked, good for `days`."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._own.subject)
        builder = builder.last_update(at).next_update(at + timedelta(days=days))
        for serial, since in sorted(revoked.items()):
            entry = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(since).build()
            builder = builder.add_revoked_certificate(entry)
        return x509_signing.pem("X509 CRL", x509_signing.revocation_list(builder, self._private.reveal()))


def _new_root(at: datetime, suite_name: str) -> bytes:
    private = suite(suite_name).new_private_key()
    public = suite(suite_name).public_key(private)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    builder = _dated(x509.CertificateBuilder(), at, timedelta(days=365 * ROOT_YEARS))
    builder = builder.subject_name(name).issuer_name(name)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    builder = builder.add_extension(x509_signing.key_identifier(public), critical=False)
    own = x509_signing.certificate(builder, public, private)
    return (x509_signing.pem("PRIVATE KEY", private) + _pem(own)).encode("ascii")


def keep_private(place: Path, content: bytes) -> None:
    """Write for the owner's eyes only; a file somebody else made in the same moment wins."""
    draft = place.with_name(f".{place.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _dated(builder: x509.CertificateBuilder, at: datetime, span: timedelta) -> x509.CertificateBuilder:
    start = at.replace(microsecond=0)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + span)


def _name(person: str, organisation: str, code: str, identity: str) -> x509.Name:
    wanted = (
        (NameOID.COMMON_NAME, person[:64]),
        (NameOID.ORGANIZATION_NAME, organisation),
        (NameOID.ORGANIZATION_IDENTIFIER, code),
        (NameOID.USER_ID, identity),
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in wanted if value])


def _person_extensions(public_key: bytes, authority: x509.Certificate) -> list[tuple[x509.ExtensionType, bool]]:
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(signs_certificates=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
        (x509_signing.key_identifier(public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False),
    ]


def _service_extensions(
    public_key: bytes, authority: x509.Certificate, usage: x509.ObjectIdentifier
) -> list[tuple[x509.ExtensionType, bool]]:
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(signs_certificates=False, agrees_keys=False), True),
        (x509.ExtendedKeyUsage([usage]), True),
        (x509_signing.key_identifier(public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False),
    ]


def _usage(*, signs_certificates: bool, agrees_keys: bool = True) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=agrees_keys and not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
