"""Reading and checking certificates: who they name, whether they are trusted, in force, meant for this, not revoked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from mingzheng.adapters.crypto import x509_signing
from mingzheng.adapters.crypto.refusals import (
    CERTIFICATE_EXPIRED,
    CERTIFICATE_FOREIGN,
    CERTIFICATE_NOT_YET,
    CERTIFICATE_REVOKED,
    CERTIFICATE_UNREADABLE,
    CERTIFICATE_USAGE,
)
from mingzheng.adapters.crypto.suite import named, suite_of_key
from mingzheng.kernel import sm2

LARGEST = 16_384  # bytes of PEM; a certificate is about 1 kB


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a checked certificate says. `fingerprint` and `serial` identify it; `public_key` is SPKI DER."""

    person_name: str
    organisation_name: str
    organisation_code: str
    person: str
    serial: str
    fingerprint: str
    issuer: str
    not_before: datetime
    not_after: datetime
    suite: str
    public_key: bytes


class TrustStore:
    """The authorities whose certificates are accepted: certificates (or their PEM) of the issuing authorities."""

    def __init__(self, authorities: Iterable[str | x509.Certificate]) -> None:
        self.authorities = [load(one) if isinstance(one, str) else one for one in authorities]

    def issuer_of(self, certificate: x509.Certificate) -> x509.Certificate | None:
        """The trusted authority that signed this certificate, or None. An SM2 key is certified by SM2 only."""
        return next((one for one in self.authorities if issued_by(certificate, one)), None)


def issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether the authority's key signed this certificate. An SM2 key is certified by SM2 only."""
    try:
        if _is_sm2(certificate) or _is_sm2(authority):
            return _issued_with_sm2(certificate, authority)
        certificate.verify_directly_issued_by(authority)
        return True
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False


def _is_sm2(certificate: x509.Certificate) -> bool:
    return sm2.CURVE in x509_signing.public_key(certificate)[:64]


def _issued_with_sm2(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    if not (_is_sm2(certificate) and _is_sm2(authority)) or certificate.issuer != authority.subject:
        return False
    if not x509_signing.says_sm2(certificate):
        return False
    signer = x509_signing.public_key(authority)
    return suite_of_key(signer).verify(signer, certificate.signature, certificate.tbs_certificate_bytes)


def load(pem: str) -> x509.Certificate:
    """One PEM certificate. Refused `certificate.unreadable`."""
    try:
        if len(pem) > LARGEST:
            raise ValueError("too long")
        return x509.load_pem_x509_certificate(pem.encode("ascii"))
    except ValueError:
        raise CERTIFICATE_UNREADABLE() from None


def fingerprint(pem: str) -> str:
    """The digest of the certificate's DER under its key's suite (`sha256:…`, `sm3:…`), whatever the PEM's line breaks."""
    found = load(pem)
    return named(suite_of_key(public_key_of(pem)), found.public_bytes(Encoding.DER))


def public_key_of(pem: str) -> bytes:
    """The certificate's key as SPKI DER. Refused `certificate.unreadable` for a kind of key no suite here knows, and
    `seal.suite-absent`."""
    certificate = load(pem)
    try:
        if _is_sm2(certificate):
            public = x509_signing.public_key(certificate)
            suite_of_key(public)  # refused here where the machine has no SM2
            sm2.check_public(public)
            return public
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        raise CERTIFICATE_UNREADABLE() from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CERTIFICATE_UNREADABLE()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def facts(pem: str) -> CertificateFacts:
    """What a certificate says, unchecked. Refused `certificate.unreadable`."""
    certificate = load(pem)
    public = public_key_of(pem)
    return CertificateFacts(
        person_name=_named(certificate.subject, NameOID.COMMON_NAME),
        organisation_name=_named(certificate.subject, NameOID.ORGANIZATION_NAME),
        organisation_code=_named(certificate.subject, NameOID.ORGANIZATION_IDENTIFIER),
        person=_named(certificate.subject, NameOID.USER_ID),
        serial=serial_text(certificate.serial_number),
        fingerprint=fingerprint(pem),
        issuer=_named(certificate.issuer, NameOID.COMMON_NAME),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        suite=suite_of_key(public).id,
        public_key=public,
    )


def check_certificate(
    pem: str, at: datetime, trust_store: TrustStore, revoked: Collection[str] = ()
) -> CertificateFacts:
    """The certificate's facts if it may bind its holder at the moment `at` (aware); `revoked` are serials.

    Refused: certificate.unreadable, .unknown-authority, .not-yet-valid, .expired, .wrong-usage, .revoked
    (RG-4.1-2; Electronic Signature Law 16, 18).
    """
    certificate = load(pem)
    authority = trust_store.issuer_of(certificate)
    if authority is None or not _in_force(authority, at) or not _may_issue(authority):
        raise CERTIFICATE_FOREIGN()
    found = facts(pem)
    if at < found.not_before:
        raise CERTIFICATE_NOT_YET(since=found.not_before.isoformat())
    if at > found.not_after:
        raise CERTIFICATE_EXPIRED(until=found.not_after.isoformat())
    _check_usage(certificate)
    if found.serial in revoked:
        raise CERTIFICATE_REVOKED(serial=found.serial)
    return found


def listed_by(crl: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    """Whether the authority signed the list."""
    if _is_sm2(authority):
        signer = x509_signing.public_key(authority)
        if crl.signature_algorithm_oid.dotted_string != x509_signing.SM2_WITH_SM3:
            return False
        return suite_of_key(signer).verify(signer, crl.signature, crl.tbs_certlist_bytes)
    try:
        key = authority.public_key()
        return isinstance(key, ec.EllipticCurvePublicKey) and crl.is_signature_valid(key)
    except (UnsupportedAlgorithm, ValueError, TypeError):
        return False


def serial_text(number: int) -> str:
    """A serial number as lower-case hex without leading zeros."""
    return format(number, "x")


def _named(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = name.get_attributes_for_oid(oid)
    return str(values[0].value) if values else ""


def _in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _may_issue(authority: x509.Certificate) -> bool:
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca and usage.key_cert_sign


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        raise CERTIFICATE_USAGE(problem="没有写明用途") from None
    if constraints.ca:
        raise CERTIFICATE_USAGE(problem="这是发证机构自己的证书")
    if not usage.digital_signature:
        raise CERTIFICATE_USAGE(problem="没有签名用途")
    if not usage.key_agreement:
        raise CERTIFICATE_USAGE(problem="没有密钥协商用途")
