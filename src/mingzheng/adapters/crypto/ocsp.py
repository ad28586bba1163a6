"""Asking a certificate authority whether a certificate still stands (OCSP, RFC 6960), in both suites.

`cryptography` cannot verify SM2 signatures of answers, so requests and answers are built and read with asn1crypto and
checked here. An answer counts when it is signed by the authority itself or by a responder it certified for this, speaks
of the certificate asked for, carries our nonce, and is of this time.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asn1crypto import core, ocsp
from asn1crypto import x509 as asn1x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from mingzheng.adapters.crypto import x509_signing
from mingzheng.adapters.crypto.suite import suite_of_key
from mingzheng.kernel import sm2

LARGEST: Final = 64 * 1024  # bytes of an answer
SKEW: Final = timedelta(minutes=5)  # between the responder's clock and ours
_ECDSA_SHA256: Final = "sha256_ecdsa"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the responder said: `good`, `revoked` (then `since`) or `unknown`; good until `until` (None: only now)."""

    status: str
    since: datetime | None
    made: datetime
    until: datetime | None


class AnswerRefused(ValueError):
    """An answer that proves nothing; the reason in words for a log."""


def request(certificate: x509.Certificate, authority: x509.Certificate, nonce: bytes) -> bytes:
    """DER of a request about one certificate."""
    asked = {"req_cert": _certificate_id(certificate.serial_number, authority)}
    body = {
        "request_list": [asked],
        "request_extensions": [{"extn_id": "nonce", "extn_value": core.OctetString(nonce)}],
    }
    found: bytes = ocsp.OCSPRequest({"tbs_request": body}).dump()
    return found


def read(
    answer: bytes, certificate: x509.Certificate, authority: x509.Certificate, nonce: bytes, at: datetime
) -> Answer:
    """What a responder's answer says of the certificate at the moment `at`. Raises AnswerRefused."""
    if len(answer) > LARGEST:
        raise AnswerRefused("too long")
    try:
        outer = ocsp.OCSPResponse.load(answer, strict=True)
        if outer["response_status"].native != "successful":
            raise AnswerRefused(f"the responder says {outer['response_status'].native}")
        basic = outer["response_bytes"]["response"].parsed
        told = basic["tbs_response_data"]
        _check_signature(basic, told.dump(), authority, at)
        if _nonce_of(told) != nonce:
            raise AnswerRefused("not an answer to this question")
        wanted = _certificate_id(certificate.serial_number, authority)
        single = next((one for one in told["responses"] if one["cert_id"].native == wanted.native), None)
        if single is None:
            raise AnswerRefused("the answer speaks of another certificate")
        return _fresh(single, at)
    except (ValueError, TypeError, KeyError) as fault:
        if isinstance(fault, AnswerRefused):
            raise
        raise AnswerRefused(f"unreadable: {type(fault).__name__}") from fault


def answer(
    asked: bytes,
    revoked: Mapping[str, datetime],
    authority: x509.Certificate,
    private: bytes,
    at: datetime,
    *,
    hours: int = 1,
) -> bytes:
    """The authority's answer to a request: revoked as told by serial (hex) and moment, everything else good."""
    body = ocsp.OCSPRequest.load(asked)["tbs_request"]
    now = at.astimezone(UTC).replace(microsecond=0)
    responses = [_single(one["req_cert"], revoked, now, hours) for one in body["request_list"]]
    told = ocsp.ResponseData(
        {
            "responder_id": ocsp.ResponderId("by_name", _parsed(authority).subject),
            "produced_at": now,
            "responses": responses,
            "response_extensions": [
                {"extn_id": "nonce", "extn_value": core.OctetString(one["extn_value"].parsed.native)}
                for one in body["request_extensions"] or ()
                if one["extn_id"].native == "nonce"
            ],
        }
    )
    signed = told.dump()
    if suite_of_key(private).id == "GM-1":
        algorithm, signature = x509_signing.SM2_WITH_SM3, sm2.sign(private, signed)
    else:
        key = serialization.load_der_private_key(private, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("not an elliptic-curve private key")
        algorithm, signature = _ECDSA_SHA256, key.sign(signed, ec.ECDSA(hashes.SHA256()))
    basic = ocsp.BasicOCSPResponse(
        {"tbs_response_data": told, "signature_algorithm": {"algorithm": algorithm}, "signature": signature}
    )
    found: bytes = ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
        }
    ).dump()
    return found


def _single(asked: Any, revoked: Mapping[str, datetime], now: datetime, hours: int) -> dict[str, Any]:
    since = revoked.get(format(asked["serial_number"].native, "x"))
    status = (
        ocsp.CertStatus("good", core.Null())
        if since is None or since > now
        else ocsp.CertStatus(
            "revoked", ocsp.RevokedInfo({"revocation_time": since.astimezone(UTC).replace(microsecond=0)})
        )
    )
    return {
        "cert_id": asked,
        "cert_status": status,
        "this_update": now,
        "next_update": now + timedelta(hours=hours),
    }


def _fresh(single: Any, at: datetime) -> Answer:
    made, until = single["this_update"].native, single["next_update"].native
    if made > at + SKEW or (until is not None and until < at - SKEW):
        raise AnswerRefused(f"of another time: {made.isoformat()}")
    status = single["cert_status"]
    since = status.chosen["revocation_time"].native if status.name == "revoked" else None
    return Answer(status.name, since, made, until)


def _check_signature(basic: Any, signed: bytes, authority: x509.Certificate, at: datetime) -> None:
    algorithm = basic["signature_algorithm"]["algorithm"].dotted
    signature = basic["signature"].native
    if _signed_by(authority, algorithm, signature, signed):
        return
    for one in basic["certs"] or ():
        responder = x509.load_der_x509_certificate(one.dump())
        if _certified_for_this(responder, authority, at) and _signed_by(responder, algorithm, signature, signed):
            return
    raise AnswerRefused("not signed by the authority or a responder of its own")


def _certified_for_this(responder: x509.Certificate, authority: x509.Certificate, at: datetime) -> bool:
    from mingzheng.adapters.crypto.certificates import issued_by

    try:
        usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    in_force = responder.not_valid_before_utc <= at <= responder.not_valid_after_utc
    return in_force and ExtendedKeyUsageOID.OCSP_SIGNING in usage and issued_by(responder, authority)


def _signed_by(holder: x509.Certificate, algorithm: str, signature: bytes, signed: bytes) -> bool:
    public = x509_signing.public_key(holder)
    if sm2.CURVE in public[:64]:
        return algorithm == x509_signing.SM2_WITH_SM3 and sm2.verify(public, signature, signed)
    try:
        key = holder.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or algorithm != "1.2.840.10045.4.3.2":
            return False
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        return True
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False


def _certificate_id(serial: int, authority: x509.Certificate) -> ocsp.CertId:
    """SHA-1 names the authority here as in every responder's table: it identifies, nothing rests on its strength."""
    issuer = _parsed(authority)
    return ocsp.CertId(
        {
            "hash_algorithm": {"algorithm": "sha1"},
            "issuer_name_hash": hashlib.sha1(issuer.subject.dump(), usedforsecurity=False).digest(),
            "issuer_key_hash": hashlib.sha1(bytes(issuer.public_key["public_key"]), usedforsecurity=False).digest(),
            "serial_number": serial,
        }
    )


def _parsed(certificate: x509.Certificate) -> asn1x509.Certificate:
    return asn1x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _nonce_of(told: Any) -> bytes:
    for one in told["response_extensions"] or ():
        if one["extn_id"].native == "nonce":
            found: bytes = one["extn_value"].parsed.native
            return found
    return b""
