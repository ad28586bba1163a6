"""Checking a token: is it over this digest, by an authority we trust, in force at the time it tells?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from mingzheng.adapters.timestamps.port import StampNotTrusted


@dataclass(frozen=True, slots=True)
class StampFacts:
    """What a good token tells. `policy` is an OID, `accuracy` in seconds (0: not told)."""

    at: datetime
    authority: str
    serial: int
    policy: str
    accuracy: int


def check_token(token: bytes, digest: bytes, authorities: list[bytes]) -> StampFacts:
    """The facts of a token (DER) over `digest`; `authorities` are the trusted issuers' certificates (DER).

    Raises `StampNotTrusted`: not-a-token, wrong-digest, broken-signature, wrong-purpose, not-in-force, unknown-authority.
    """
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        content = signed["encap_content_info"]["content"]
        told, signer = content.parsed, signed["signer_infos"][0]
        certificate = _certificate(signed, signer)
        imprint, at = told["message_imprint"], told["gen_time"].native
        stamped = imprint["hashed_message"].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise StampNotTrusted("not-a-token", type(fault).__name__) from fault
    if stamped != digest:
        raise StampNotTrusted("wrong-digest", "the token stamps something else")
    _check_signature(signer, bytes(content), certificate)
    _check_purpose(certificate)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise StampNotTrusted("not-in-force", "the authority's certificate did not cover that time")
    _check_issuer(certificate, authorities)
    accuracy = (told["accuracy"].native or {}).get("seconds") or 0
    name = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return StampFacts(
        at, str(name[0].value) if name else "", told["serial_number"].native, told["policy"].dotted, accuracy
    )


def _certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate:
    wanted = signer["sid"].chosen["serial_number"].native
    found = next(c.chosen for c in signed["certificates"] if c.chosen.serial_number == wanted)
    return x509.load_der_x509_certificate(found.dump())


def _check_signature(signer: cms.SignerInfo, content: bytes, certificate: x509.Certificate) -> None:
    attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
    name = signer["digest_algorithm"]["algorithm"].native
    if name not in ("sha256", "sha384", "sha512"):
        raise StampNotTrusted("broken-signature", f"digest {name}")
    mark = attributes.get("signing_certificate_v2")
    bound = mark is not None and mark["certs"][0]["cert_hash"].native == certificate.fingerprint(hashes.SHA256())
    if not bound or attributes["message_digest"].native != hashlib.new(name, content).digest():
        raise StampNotTrusted("broken-signature", "the signed attributes do not fit")
    covered, value, key = signer["signed_attrs"].untag().dump(), signer["signature"].native, certificate.public_key()
    how = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, covered, ec.ECDSA(how))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(value, covered, padding.PKCS1v15(), how)
        else:
            raise StampNotTrusted("broken-signature", "unknown kind of key")
    except InvalidSignature as fault:
        raise StampNotTrusted("broken-signature", "the token was changed") from fault


def _check_purpose(certificate: x509.Certificate) -> None:
    """RFC 3161, 2.3: the extended key usage is critical and names time-stamping alone."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as fault:
        raise StampNotTrusted("wrong-purpose", "not a certificate of a time-stamp authority") from fault
    if not usage.critical or list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise StampNotTrusted("wrong-purpose", "not a certificate of a time-stamp authority")


def _check_issuer(certificate: x509.Certificate, authorities: list[bytes]) -> None:
    for one in authorities:
        issuer = x509.load_der_x509_certificate(one)
        if issuer.subject != certificate.issuer:
            continue
        try:
            certificate.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError):
            continue
        return
    raise StampNotTrusted("unknown-authority", "issued by nobody we trust")
