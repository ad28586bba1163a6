"""Signing certificates, requests and revocation lists in either suite.

`cryptography` builds all of them but knows no SM2: for GM-1 it builds with a stand-in key, and then the key, the
algorithm and the signature in the result are exchanged. One builder, so both suites say the same things.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from asn1crypto import core, crl, csr, keys
from asn1crypto import x509 as asn1x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mingzheng.adapters.crypto.suite import suite_of_key
from mingzheng.kernel import sm2

SM2_WITH_SM3: Final = "1.2.156.10197.1.501"
_STAND_IN: Final = ec.derive_private_key(1, ec.SECP256R1())  # its signatures are thrown away
_POINT: Final = 65  # bytes of an uncompressed point at the end of a SubjectPublicKeyInfo


def key_identifier(public_key: bytes) -> x509.SubjectKeyIdentifier:
    """Of an SPKI: the first 160 bits of the point's digest (RFC 7093, method 1)."""
    return x509.SubjectKeyIdentifier(suite_of_key(public_key).digest(public_key[-_POINT:])[:20])


def certificate(builder: x509.CertificateBuilder, public_key: bytes, private: bytes) -> x509.Certificate:
    """What `builder` says, for the holder of `public_key` (SPKI), signed by the authority's `private` (PKCS#8)."""
    if _is_sm2(private):
        made = builder.public_key(_STAND_IN.public_key()).sign(_STAND_IN, hashes.SHA256()).public_bytes(Encoding.DER)
        return x509.load_der_x509_certificate(
            _resigned(asn1x509.Certificate, "tbs_certificate", made, private, public_key)
        )
    return builder.public_key(_p256_public(public_key)).sign(_p256(private), hashes.SHA256())


def revocation_list(builder: x509.CertificateRevocationListBuilder, private: bytes) -> bytes:
    """DER of a CRL."""
    if _is_sm2(private):
        made = builder.sign(_STAND_IN, hashes.SHA256()).public_bytes(Encoding.DER)
        return _resigned(crl.CertificateList, "tbs_cert_list", made, private)
    return builder.sign(_p256(private), hashes.SHA256()).public_bytes(Encoding.DER)


def request(builder: x509.CertificateSigningRequestBuilder, private: bytes) -> bytes:
    """DER of a PKCS#10 request for the key, signed by it."""
    if _is_sm2(private):
        made = builder.sign(_STAND_IN, hashes.SHA256()).public_bytes(Encoding.DER)
        public = sm2.public_key(private)
        return _resigned(csr.CertificationRequest, "certification_request_info", made, private, public)
    return builder.sign(_p256(private), hashes.SHA256()).public_bytes(Encoding.DER)


def request_by_token(wanted: x509.Name, public_key: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """DER of a PKCS#10 request for a P-256 key that stays in its device; `sign` gives raw r || s over a message's SHA-256."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(wanted)
    made = csr.CertificationRequest.load(builder.sign(_STAND_IN, hashes.SHA256()).public_bytes(Encoding.DER))
    body = made["certification_request_info"]
    body["subject_pk_info"] = keys.PublicKeyInfo.load(public_key)
    raw = sign(body.dump(force=True))
    signature = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    result: bytes = csr.CertificationRequest(
        {
            "certification_request_info": body,
            "signature_algorithm": made["signature_algorithm"],
            "signature": core.OctetBitString(signature),
        }
    ).dump()
    return result


def subject(person: str, organisation: str, code: str) -> x509.Name:
    """Whom a request names: a person, its organisation and the organisation's unified social credit code."""
    wanted = (
        (NameOID.COMMON_NAME, person[:64]),
        (NameOID.ORGANIZATION_NAME, organisation[:64]),
        (NameOID.ORGANIZATION_IDENTIFIER, code),
    )
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in wanted if value])


def read_request(text: bytes) -> tuple[x509.Name, bytes]:
    """Subject and SPKI of a request (PEM) that proves possession of its key. ValueError otherwise."""
    found = x509.load_pem_x509_csr(text)
    public: bytes = csr.CertificationRequest.load(found.public_bytes(Encoding.DER))["certification_request_info"][
        "subject_pk_info"
    ].dump()
    if sm2.CURVE in public[:64]:
        valid = suite_of_key(public).verify(public, found.signature, found.tbs_certrequest_bytes)
        valid = valid and found.signature_algorithm_oid.dotted_string == SM2_WITH_SM3
    else:
        valid = found.is_signature_valid
    if not valid:
        raise ValueError("the request is not signed by its own key")
    return found.subject, public


@lru_cache(maxsize=1_024)
def public_key(found: x509.Certificate) -> bytes:
    """The SPKI of a certificate as it stands there: `Certificate.public_key()` raises for SM2."""
    spki: bytes = asn1x509.Certificate.load(found.public_bytes(Encoding.DER)).public_key.dump()
    return spki


def says_sm2(found: x509.Certificate) -> bool:
    """Whether the certificate names SM2 with SM3 as its signature, inside and outside alike (RFC 5280, 4.1.1.2)."""
    value = asn1x509.Certificate.load(found.public_bytes(Encoding.DER))
    inner, outer = value["tbs_certificate"]["signature"], value["signature_algorithm"]
    return inner.dump() == outer.dump() and found.signature_algorithm_oid.dotted_string == SM2_WITH_SM3


def pem(label: str, der: bytes) -> str:
    """PEM with lines of 64 characters, as OpenSSL writes it."""
    text = b64encode(der).decode()
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"


def _resigned(kind: Any, body: str, der: bytes, private: bytes, public_key: bytes | None = None) -> bytes:
    """The structure with SM2 in the places of key, algorithm and signature."""
    made = kind.load(der)
    found = made[body]
    algorithm = {"algorithm": SM2_WITH_SM3}
    if public_key is not None:
        place = "subject_pk_info" if body == "certification_request_info" else "subject_public_key_info"
        found[place] = keys.PublicKeyInfo.load(public_key)
    if body != "certification_request_info":
        found["signature"] = algorithm
    outer = kind()
    names = [name for name, *_ in kind._fields]
    outer[names[0]] = found
    outer[names[1]] = algorithm
    outer[names[2]] = core.OctetBitString(sm2.sign(private, found.dump(force=True)))
    result: bytes = outer.dump()
    return result


def _is_sm2(private: bytes) -> bool:
    return suite_of_key(private).id == "GM-1"


def _p256(private: bytes) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_der_private_key(private, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("not an elliptic-curve private key")
    return key


def _p256_public(spki: bytes) -> ec.EllipticCurvePublicKey:
    key = serialization.load_der_public_key(spki)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("not an elliptic-curve public key")
    return key
