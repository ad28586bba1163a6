"""Private keys that sign notes: Ed25519 (suite INTL-1) and SM2 with SM3 (GM-1). Signatures are 64 bytes in both."""

from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingzheng.kernel import sm2

ED25519: Final = "ed25519"
SM2: Final = "sm2-sm3"
SIZE: Final = {ED25519: 32, SM2: 65}  # bytes of a public key
DIGEST: Final = {ED25519: "sha256", SM2: "sm3"}
ALGORITHM: Final = {digest: algorithm for algorithm, digest in DIGEST.items()}
_SPKI_SM2: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")


class Private(Protocol):
    """A private key that signs messages."""

    @property
    def algorithm(self) -> str:
        """`ed25519` or `sm2-sm3`."""
        ...

    @property
    def public(self) -> bytes:
        """32 bytes (RFC 8032), or the uncompressed point 04 || x || y."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes: RFC 8032, or r || s, each big-endian."""
        ...


class Ed25519:
    """From the 32 bytes of RFC 8032."""

    algorithm = ED25519

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


class Sm2:
    """From PKCS#8 DER. `kernel.sm2.Failed` when it is no SM2 key."""

    algorithm = SM2

    def __init__(self, der: bytes) -> None:
        self._der = der
        self.public = sm2.public_key(der).removeprefix(_SPKI_SM2)

    def sign(self, message: bytes) -> bytes:
        return b"".join(number.to_bytes(32, "big") for number in sm2.numbers_of(sm2.sign(self._der, message)))


def verify(algorithm: str, public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature holds; never raises for what the bytes are."""
    if len(signature) != 64:
        return False
    if algorithm == SM2:
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        return sm2.verify(_SPKI_SM2 + public, sm2.signature_of(r, s), message)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
