"""Suite INTL-1: ECDSA and HPKE on P-256, SHA-256, HKDF-SHA256, AES-256-GCM.

Signatures are raw r || s (64 bytes) with the lower of the two possible s: one signature, one encoding. The wrap is
RFC 9180 base mode, DHKEM(P-256, HKDF-SHA256) / HKDF-SHA256 / AES-256-GCM, written as enc (65 bytes) || ciphertext.
One certificate key both signs and unwraps: the two uses have separate formats, and the key file holds one key.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from mingzheng.adapters.crypto import known_answers
from mingzheng.adapters.crypto.refusals import WRONG_KEY
from mingzheng.adapters.crypto.suite import Hasher

TAG: Final = 16  # bytes
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HPKE: Final = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


class Intl1:
    """The international suite. Stateless; keys go in and out as DER."""

    id = "INTL-1"
    digest_name = "sha256"
    signature_name = "ecdsa-p256-sha256"

    def digest(self, content: bytes) -> bytes:
        return hashlib.sha256(content).digest()

    def hasher(self) -> Hasher:
        return hashlib.sha256()

    def new_private_key(self) -> bytes:
        return private_der(ec.generate_private_key(ec.SECP256R1()))

    def public_key(self, private: bytes) -> bytes:
        return public_der(_private(private).public_key())

    def sign(self, private: bytes, message: bytes) -> bytes:
        r, s = decode_dss_signature(_private(private).sign(message, _ECDSA))
        return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")

    def verify(self, public: bytes, signature: bytes, message: bytes) -> bool:
        if len(signature) != 64:
            return False
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        if not (0 < r < ORDER and 0 < s <= ORDER // 2):
            return False
        try:
            _public(public).verify(encode_dss_signature(r, s), message, _ECDSA)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True

    def wrap(self, public: bytes, secret: bytes, context: bytes) -> bytes:
        return _HPKE.encrypt(secret, _public(public), context)

    def unwrap(self, private: bytes, wrapped: bytes, context: bytes) -> bytes:
        try:
            return _HPKE.decrypt(wrapped, _private(private), context)
        except (InvalidTag, ValueError, TypeError):
            raise WRONG_KEY() from None

    def derive(self, key: bytes, label: bytes) -> bytes:
        return HKDFExpand(algorithm=hashes.SHA256(), length=32, info=label).derive(key)

    def seal(self, key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, plain, aad)

    def seal_into(self, key: bytes, nonce: bytes, plain: memoryview, aad: bytes, out: memoryview) -> int:
        running = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
        running.authenticate_additional_data(aad)
        length = running.update_into(plain, out)
        running.finalize()
        out[length : length + TAG] = running.tag
        return length + TAG

    def open(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
        try:
            return AESGCM(key).decrypt(nonce, sealed, aad)
        except InvalidTag:
            return None

    def self_test(self) -> None:
        known_answers.check_intl1(self)


def private_der(key: ec.EllipticCurvePrivateKey) -> bytes:
    """PKCS#8 DER, not encrypted."""
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_der(key: ec.EllipticCurvePublicKey) -> bytes:
    """SubjectPublicKeyInfo DER (uncompressed point)."""
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _private(der: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_der_private_key(der, password=None)
    except UnsupportedAlgorithm:
        raise TypeError("not a P-256 private key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("not a P-256 private key")
    return key


def _public(der: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = serialization.load_der_public_key(der)
    except UnsupportedAlgorithm:
        raise TypeError("not a P-256 public key") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("not a P-256 public key")
    return key
