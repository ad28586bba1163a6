"""SM2 (GB/T 32918-2016/2017): keys, signatures with the standard identity, encryption, by the system's libcrypto.

Private keys are PKCS#8 DER, public keys SubjectPublicKeyInfo DER with the uncompressed point. A signature is DER
SEQUENCE {r, s} in its one canonical encoding; a ciphertext is DER SEQUENCE {x1, y1, C3, C2} (GM/T 0009, C1C3C2).
Both the ledger and the adapters sign, and may not know each other: hence in the kernel (ADR 0013).
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

from mingzheng.kernel.libcrypto import Failed, Missing, failed, library, written

__all__ = ["Failed", "Missing", "decrypt", "encrypt", "generate", "public_key", "self_test", "sign", "verify"]

IDENTITY: Final = b"1234567812345678"  # the standard's default, used by certificates and by everything here
ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
CURVE: Final = bytes.fromhex("06082a811ccf5501822d")  # the object identifier 1.2.156.10197.1.301, DER
_SPKI: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + b"\x04"
_BARE: Final = bytes.fromhex("3041020100301306072a8648ce3d020106082a811ccf5501822d042730250201010420")
_PKCS8: Final = bytes.fromhex("308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420")
_HALF: Final = bytes.fromhex("a144034200")  # before the public point, inside the private key
_NUMBER: Final = bytes.fromhex("0201010420")  # before the private number
_LARGEST: Final = 8_192  # bytes: what is encrypted to a key is short
_LARGEST_KEY: Final = 1_024  # bytes of DER


class _Key:
    """An EVP_PKEY, freed with this object. Threads may share it: nothing here changes it."""

    def __init__(self, handle: int | None, free: Any) -> None:
        self.handle, self._free = handle, free

    def __del__(self) -> None:
        self._free(self.handle)


def generate() -> bytes:
    """A fresh private key."""
    lib = _ready()
    context = lib.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    try:
        made = ctypes.c_void_p()
        if lib.EVP_PKEY_keygen_init(context) != 1 or lib.EVP_PKEY_generate(context, ctypes.byref(made)) != 1:
            raise failed(lib, "SM2 key generation")
    finally:
        lib.EVP_PKEY_CTX_free(context)
    return _dump_private(_Key(made.value, lib.EVP_PKEY_free))


def private_of(number: int) -> bytes:
    """The private key of a given number (published examples). `Failed` outside 1..n-2."""
    if not 0 < number < ORDER - 1:
        raise Failed("an SM2 private key is between 1 and n-2")
    return _dump_private(_private(_BARE + number.to_bytes(32, "big")))


def public_of(x: int, y: int) -> bytes:
    """The public key of a point. `Failed` when it is not on the curve."""
    found = _SPKI + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    _public(found)
    return found


def normal(private: bytes) -> bytes:
    """A private key in the one form written here (PKCS#8 with the public half). `Failed` if it is no SM2 key."""
    return _dump_private(_private(private))


def public_key(private: bytes) -> bytes:
    """The public half. `Failed` if `private` is no SM2 key."""
    lib = _ready()
    return written(lib, lib.i2d_PUBKEY, _private(private).handle, "SM2 public key")


def check_public(public: bytes) -> None:
    """`Failed` unless this is an SM2 public key in its one encoding, its point on the curve."""
    _public(public)


def sign(private: bytes, message: bytes, *, identity: bytes = IDENTITY) -> bytes:
    """The signature (DER) over `message` under SM3 and the identity. `Failed` if `private` is no SM2 key."""
    lib, key = _ready(), _private(private)
    with _digesting(lib, key, identity, lib.EVP_DigestSignInit) as context:
        out, length = ctypes.create_string_buffer(80), ctypes.c_size_t(80)
        if lib.EVP_DigestSign(context, out, ctypes.byref(length), message, len(message)) != 1:
            raise failed(lib, "SM2 signature")
    return out.raw[: length.value]


def verify(public: bytes, signature: bytes, message: bytes, *, identity: bytes = IDENTITY) -> bool:
    """True only for a signature in its one encoding under this key; never raises on malformed input."""
    try:
        lib, key = _ready(), _public(public)
        if signature_of(*numbers_of(signature)) != signature:
            return False
        with _digesting(lib, key, identity, lib.EVP_DigestVerifyInit) as context:
            return bool(lib.EVP_DigestVerify(context, signature, len(signature), message, len(message)) == 1)
    except Failed:
        return False


def encrypt(public: bytes, plain: bytes) -> bytes:
    """`plain` (1 to 8,192 bytes) for the holder of the key, C1C3C2 in DER."""
    if not 0 < len(plain) <= _LARGEST:
        raise Failed(f"SM2 encrypts 1 to {_LARGEST} bytes here")
    lib = _ready()
    return _transformed(_public(public), lib.EVP_PKEY_encrypt_init, lib.EVP_PKEY_encrypt, plain, "SM2 encryption")


def decrypt(private: bytes, sealed: bytes) -> bytes:
    """The plaintext again. `Failed` when the key or a byte differs (C3 is checked)."""
    if not 0 < len(sealed) <= 2 * _LARGEST:
        raise Failed("not an SM2 ciphertext")
    lib = _ready()
    return _transformed(_private(private), lib.EVP_PKEY_decrypt_init, lib.EVP_PKEY_decrypt, sealed, "SM2 decryption")


def numbers_of(signature: bytes) -> tuple[int, int]:
    """(r, s) of a DER signature, each in 1..n-1. `Failed` otherwise; spelling is `verify`'s question."""
    if not (8 <= len(signature) <= 72 and signature[0] == 0x30 and signature[1] == len(signature) - 2):
        raise Failed("not an SM2 signature")
    place, found = 2, []
    for _ in range(2):
        end = place + 2 + (signature[place + 1] if place + 2 <= len(signature) else 0)
        if signature[place : place + 1] != b"\x02" or end > len(signature):
            raise Failed("not an SM2 signature")
        found.append(int.from_bytes(signature[place + 2 : end], "big", signed=True))
        place = end
    if place != len(signature) or not all(0 < number < ORDER for number in found):
        raise Failed("not an SM2 signature")
    return found[0], found[1]


def signature_of(r: int, s: int) -> bytes:
    """The one DER encoding of (r, s)."""
    parts = [number.to_bytes(number.bit_length() // 8 + 1, "big") for number in (r, s)]
    content = b"".join(bytes([0x02, len(part)]) + part for part in parts)
    return bytes([0x30, len(content)]) + content


def self_test() -> None:
    """GB/T 32918.5 annex examples, and a fresh key. Raises `Missing` when this machine has no working SM2."""
    library()
    from mingzheng.kernel.sm2_example import check

    try:
        check()
    except Failed as error:
        raise Missing(f"the one found cannot compute it ({error})") from None


def forget() -> None:
    """Drop the keys kept in memory."""
    _private.cache_clear()
    _public.cache_clear()


def _ready() -> ctypes.CDLL:
    return library()


@lru_cache(maxsize=64)
def _private(der: bytes) -> _Key:
    key = _loaded("d2i_AutoPrivateKey", der, "SM2 private key")
    lib = _ready()
    context = lib.EVP_PKEY_CTX_new_from_pkey(None, key.handle, None)
    try:
        if lib.EVP_PKEY_pairwise_check(context) != 1:
            raise failed(lib, "SM2 private key with another public key")
    finally:
        lib.EVP_PKEY_CTX_free(context)
    return key


@lru_cache(maxsize=1_024)
def _public(der: bytes) -> _Key:
    if len(der) != len(_SPKI) + 64 or not der.startswith(_SPKI):
        raise Failed("not an SM2 public key")
    return _loaded("d2i_PUBKEY", der, "SM2 public key")


def _loaded(reader: str, der: bytes, what: str) -> _Key:
    lib = _ready()
    if len(der) > _LARGEST_KEY:
        raise Failed(f"{what}: too long")
    handle = getattr(lib, reader)(None, ctypes.byref(ctypes.c_char_p(der)), len(der))
    if not handle:
        raise failed(lib, what)
    key = _Key(handle, lib.EVP_PKEY_free)
    if lib.EVP_PKEY_is_a(handle, b"SM2") != 1:
        raise failed(lib, f"not an {what}")
    lib.ERR_clear_error()  # a reader that tries several forms leaves the reasons of those that did not fit
    return key


def _dump_private(key: _Key) -> bytes:
    """The one form: PKCS#8 with the public half (OpenSSL leaves it out where the file it read left it out)."""
    lib = _ready()
    info = lib.EVP_PKEY2PKCS8(key.handle)
    if not info:
        raise failed(lib, "SM2 private key")
    try:
        found = written(lib, lib.i2d_PKCS8_PRIV_KEY_INFO, info, "SM2 private key")
    finally:
        lib.PKCS8_PRIV_KEY_INFO_free(info)
    number = found.partition(_NUMBER)[2][:32]
    point = written(lib, lib.i2d_PUBKEY, key.handle, "SM2 public key")[-65:]
    return _PKCS8 + number + _HALF + point


@contextmanager
def _digesting(lib: ctypes.CDLL, key: _Key, identity: bytes, begin: Any) -> Iterator[int]:
    """A digest context that signs or verifies. The identity must be set before it begins: OpenSSL's default is none."""
    context, inner = lib.EVP_MD_CTX_new(), lib.EVP_PKEY_CTX_new_from_pkey(None, key.handle, None)
    try:
        if lib.EVP_PKEY_CTX_set1_id(inner, identity, len(identity)) != 1:
            raise failed(lib, "SM2 identity")
        lib.EVP_MD_CTX_set_pkey_ctx(context, inner)
        if begin(context, None, lib.EVP_sm3(), None, key.handle) != 1:
            raise failed(lib, "SM2 with SM3")
        yield context
    finally:
        lib.EVP_MD_CTX_free(context)  # caller frees both: set_pkey_ctx does not take ownership
        lib.EVP_PKEY_CTX_free(inner)
        lib.ERR_clear_error()


def _transformed(key: _Key, begin: Any, do: Any, content: bytes, what: str) -> bytes:
    lib = _ready()
    context = lib.EVP_PKEY_CTX_new_from_pkey(None, key.handle, None)
    try:
        length = ctypes.c_size_t()
        if begin(context) != 1 or do(context, None, ctypes.byref(length), content, len(content)) != 1:
            raise failed(lib, what)
        out = ctypes.create_string_buffer(length.value)
        if do(context, out, ctypes.byref(length), content, len(content)) != 1:
            raise failed(lib, what)
        return out.raw[: length.value]
    finally:
        lib.EVP_PKEY_CTX_free(context)
        lib.ERR_clear_error()
