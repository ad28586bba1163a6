"""The receiving half of HPKE base mode (RFC 9180) for a private key that stays in a device.

DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, as suite INTL-1 wraps. The device multiplies the point (section 4.1,
DH); the schedule of sections 4.1 and 5.1 is here. `cryptography` has HPKE only for keys in memory.
"""

import hmac
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from mingzheng.adapters.crypto.refusals import WRONG_KEY

POINT: Final = 65  # bytes of an uncompressed P-256 point
_TAG: Final = 16
_VERSION: Final = b"HPKE-v1"
_KEM: Final = b"KEM" + (0x0010).to_bytes(2, "big")
_SUITE: Final = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0010, 0x0001, 0x0002))

Agree = Callable[[bytes], bytes]
"""The x coordinate (32 bytes) of the private key times a point (65 bytes, on the curve)."""


def open_wrapped(wrapped: bytes, context: bytes, recipient: bytes, agree: Agree) -> bytes:
    """The secret in `wrapped` (enc || ciphertext); `recipient` is the key's own point, 65 bytes.

    Refused `seal.wrong-key`, and the device is not asked for a point off the curve (RFC 9180 section 7.1.4).
    """
    enc, sealed = wrapped[:POINT], wrapped[POINT:]
    if len(sealed) < _TAG or not _on_curve(enc):
        raise WRONG_KEY()
    secret = _extract(_KEM, b"", b"eae_prk", agree(enc))
    shared = _expand(_KEM, secret, b"shared_secret", enc + recipient, 32)
    key, nonce = _schedule(shared, context)
    try:
        return AESGCM(key).decrypt(nonce, sealed, None)
    except InvalidTag:
        raise WRONG_KEY() from None


def _schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    """KeySchedule in base mode: key and base nonce of the only message."""
    context = b"\0" + _extract(_SUITE, b"", b"psk_id_hash", b"") + _extract(_SUITE, b"", b"info_hash", info)
    secret = _extract(_SUITE, shared, b"secret", b"")
    return _expand(_SUITE, secret, b"key", context, 32), _expand(_SUITE, secret, b"base_nonce", context, 12)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """LabeledExtract: HKDF-Extract is HMAC with the salt as key, 32 zeros without one."""
    return hmac.digest(salt or bytes(32), _VERSION + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand."""
    full = length.to_bytes(2, "big") + _VERSION + suite + label + info
    return HKDFExpand(algorithm=hashes.SHA256(), length=length, info=full).derive(key)


def _on_curve(point: bytes) -> bool:
    if len(point) != POINT or point[0] != 4:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True
