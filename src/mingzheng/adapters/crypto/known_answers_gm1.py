"""Known-answer tests of suite GM-1, run when it is registered.

SM3: GB/T 32905-2016 annex A. SM4: GB/T 32907-2016 annex A, and RFC 8998 appendix A.1 for SM4-GCM. SM2: GB/T 32918.5
(`kernel.sm2_example`). HMAC-SM3: GM/T 0042-2015 annex D.
"""

from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mingzheng.kernel import sm2

if TYPE_CHECKING:
    from mingzheng.adapters.crypto.gm1 import Gm1

SM3: Final = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
SM4_KEY: Final = "0123456789abcdeffedcba9876543210"
SM4_BLOCK: Final = "681edf34d206965e86b3e94f536e4246"

GCM_NONCE: Final = "00001234567800000000abcd"
GCM_AAD: Final = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
GCM_PLAIN: Final = "aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8
GCM_SEALED: Final = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)

HMAC_KEY: Final = bytes(range(1, 33))
HMAC_MESSAGE: Final = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
HMAC_SM3: Final = "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"


def check(suite: "Gm1") -> None:
    """RuntimeError names the first algorithm whose known answer does not come out; `sm2.Missing` without SM2."""
    for message, found in SM3.items():
        _expect("SM3", suite.digest(message).hex() == found)
    block = Cipher(algorithms.SM4(bytes.fromhex(SM4_KEY)), modes.ECB()).encryptor().update(bytes.fromhex(SM4_KEY))  # noqa: S305
    _expect("SM4", block.hex() == SM4_BLOCK)
    key, nonce, aad = bytes.fromhex(SM4_KEY), bytes.fromhex(GCM_NONCE), bytes.fromhex(GCM_AAD)
    _expect("SM4-GCM", suite.seal(key, nonce, bytes.fromhex(GCM_PLAIN), aad).hex() == GCM_SEALED)
    _expect("SM4-GCM opening", suite.open(key, nonce, bytes.fromhex(GCM_SEALED), aad) == bytes.fromhex(GCM_PLAIN))
    _expect("SM4-GCM tag", suite.open(key, nonce, bytes.fromhex(GCM_SEALED), aad[:-1]) is None)
    tag = hmac.HMAC(HMAC_KEY, hashes.SM3())
    tag.update(HMAC_MESSAGE)
    _expect("HMAC-SM3", tag.finalize().hex() == HMAC_SM3)
    sm2.self_test()


def _expect(algorithm: str, holds: bool) -> None:
    if not holds:
        raise RuntimeError(f"known-answer test failed: {algorithm}")
