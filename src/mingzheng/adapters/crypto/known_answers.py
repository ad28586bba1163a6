"""Known-answer tests run when a suite is registered: a machine that computes wrongly must not sign or open anything.

HPKE: the CFRG's published vector for RFC 9180 base mode, P-256 / HKDF-SHA256 / AES-256-GCM. ECDSA: RFC 6979 A.2.5.
"""

import hashlib
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from mingzheng.adapters.crypto.intl1 import Intl1

INFO: Final = b"Ode on a Grecian Urn"
PLAIN: Final = b"Beauty is truth, truth beauty"
RECIPIENT: Final = "317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2"
ENC: Final = (
    "04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e"
    "0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0"
)
KEY: Final = "ee16802a936d5f544771131900ee6973d0551de9e852ece2ef34bf0d5f9e1d1d"
NONCE: Final = "9bc50980832a7b4b58c40161"
SEALED: Final = "58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f"

RFC6979_PUBLIC: Final = (
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
)
RFC6979_R: Final = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
RFC6979_S: Final = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"


def check_intl1(suite: "Intl1") -> None:
    """RuntimeError names the first algorithm whose known answer does not come out."""
    _expect("SHA-256", hashlib.sha256(b"abc").hexdigest()[:16] == "ba7816bf8f01cfea")
    key, nonce = bytes.fromhex(KEY), bytes.fromhex(NONCE)
    _expect("AES-256-GCM", suite.seal(key, nonce, PLAIN, b"Count-0").hex() == SEALED)
    _expect("AES-256-GCM tag", suite.open(key, nonce, bytes.fromhex(SEALED), b"Count-1") is None)
    _expect("HPKE", suite.unwrap(hpke_recipient(), hpke_message(), INFO) == PLAIN)
    _expect("ECDSA", suite.verify(*rfc6979_example()))


def hpke_recipient() -> bytes:
    """The vector's recipient key as PKCS#8 DER."""
    from mingzheng.adapters.crypto.intl1 import private_der

    return private_der(ec.derive_private_key(int(RECIPIENT, 16), ec.SECP256R1()))


def hpke_message() -> bytes:
    """The vector's enc, and its plaintext under its published key and nonce without additional data."""
    return bytes.fromhex(ENC) + AESGCM(bytes.fromhex(KEY)).encrypt(bytes.fromhex(NONCE), PLAIN, None)


def rfc6979_example() -> tuple[bytes, bytes, bytes]:
    """Public key, signature over "sample" with the lower s, message (RFC 6979 A.2.5, P-256, SHA-256)."""
    from mingzheng.adapters.crypto.intl1 import ORDER, public_der

    x, y = (int(number, 16) for number in RFC6979_PUBLIC)
    public = public_der(ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key())
    s = int(RFC6979_S, 16)
    return public, bytes.fromhex(RFC6979_R) + min(s, ORDER - s).to_bytes(32, "big"), b"sample"


def _expect(algorithm: str, holds: bool) -> None:
    if not holds:
        raise RuntimeError(f"known-answer test failed: {algorithm}")
