"""The system's libcrypto (OpenSSL 3.0 or newer) through ctypes: finding it, its functions, its errors.

No package in daily upkeep offers SM2 to Python, so it comes from the library the system keeps patched (ADR 0013).
ctypes releases the interpreter's lock during every call, and OpenSSL's keys may be read by several threads.
"""

import ctypes
import ctypes.util
import os
from collections.abc import Callable, Iterator
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ulong, c_void_p
from functools import cache
from typing import Final

VARIABLE: Final = "MINGZHENG_LIBCRYPTO"
_NAMES: Final = (
    "libcrypto.so.3", "libcrypto.so.4", "libcrypto-3-x64.dll", "libcrypto-3.dll",
    "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
)  # fmt: skip
_OLDEST: Final = 0x3000_0000  # OpenSSL_version_num() of 3.0.0

_SIZE: Final = POINTER(c_size_t)
_OUT: Final = POINTER(c_void_p)
_FUNCTIONS: Final = {
    "OpenSSL_version_num": (c_ulong, ()),
    "OpenSSL_version": (c_char_p, (c_int,)),
    "ERR_get_error": (c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "ERR_reason_error_string": (c_char_p, (c_ulong,)),
    "CRYPTO_free": (None, (c_void_p, c_char_p, c_int)),
    "EVP_sm3": (c_void_p, ()),
    "EVP_PKEY_free": (None, (c_void_p,)),
    "EVP_PKEY_is_a": (c_int, (c_void_p, c_char_p)),
    "EVP_PKEY_CTX_new_from_name": (c_void_p, (c_void_p, c_char_p, c_char_p)),
    "EVP_PKEY_CTX_new_from_pkey": (c_void_p, (c_void_p, c_void_p, c_char_p)),
    "EVP_PKEY_CTX_free": (None, (c_void_p,)),
    "EVP_PKEY_CTX_set1_id": (c_int, (c_void_p, c_char_p, c_int)),
    "EVP_PKEY_keygen_init": (c_int, (c_void_p,)),
    "EVP_PKEY_generate": (c_int, (c_void_p, _OUT)),
    "EVP_PKEY_pairwise_check": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_encrypt": (c_int, (c_void_p, c_char_p, _SIZE, c_char_p, c_size_t)),
    "EVP_PKEY_decrypt_init": (c_int, (c_void_p,)),
    "EVP_PKEY_decrypt": (c_int, (c_void_p, c_char_p, _SIZE, c_char_p, c_size_t)),
    "EVP_MD_CTX_new": (c_void_p, ()),
    "EVP_MD_CTX_free": (None, (c_void_p,)),
    "EVP_MD_CTX_set_pkey_ctx": (None, (c_void_p, c_void_p)),
    "EVP_DigestSignInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestSign": (c_int, (c_void_p, c_char_p, _SIZE, c_char_p, c_size_t)),
    "EVP_DigestVerifyInit": (c_int, (c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)),
    "EVP_DigestVerify": (c_int, (c_void_p, c_char_p, c_size_t, c_char_p, c_size_t)),
    "d2i_AutoPrivateKey": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "d2i_PUBKEY": (c_void_p, (c_void_p, POINTER(c_char_p), c_long)),
    "i2d_PUBKEY": (c_int, (c_void_p, _OUT)),
    "EVP_PKEY2PKCS8": (c_void_p, (c_void_p,)),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, (c_void_p, _OUT)),
    "PKCS8_PRIV_KEY_INFO_free": (None, (c_void_p,)),
}


class Missing(RuntimeError):
    """This machine offers no SM2. The message says what was found and which command mends it."""

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Suite GM-1 needs SM2 from OpenSSL 3.0 or newer, and {found}. Install it: apt-get install libssl3 "
            f"(Debian, Ubuntu), dnf install openssl-libs (openEuler, Anolis), brew install openssl@3 (macOS). "
            f"Where the system's OpenSSL is built without SM2, name a libcrypto that has it: export {VARIABLE}=/path/to/libcrypto.so.3"
        )


class Failed(ValueError):
    """OpenSSL refused the input; the message is its own reason."""


@cache
def library() -> ctypes.CDLL:
    """The library with its prototypes set; loaded once. Raises `Missing`."""
    tried = []
    for name in _candidates():
        try:
            found = ctypes.CDLL(name)
            _declare(found)
        except (OSError, AttributeError) as error:
            tried.append(str(error))
            continue
        if found.OpenSSL_version_num() >= _OLDEST:
            return found
        tried.append(f"{name} is {found.OpenSSL_version(0).decode()}")
    raise Missing(f"no such library was found ({'; '.join(tried)[:400]})")


def failed(lib: ctypes.CDLL, what: str) -> Failed:
    """The error to raise: what was attempted and OpenSSL's reason. Empties this thread's error queue."""
    reasons = []
    while code := lib.ERR_get_error():
        reasons.append((lib.ERR_reason_error_string(code) or b"?").decode("ascii", "replace"))
    return Failed(f"{what}: {', '.join(reasons) or 'refused'}")


def written(lib: ctypes.CDLL, write: Callable[..., int], value: int | None, what: str) -> bytes:
    """What an i2d function writes, copied; OpenSSL's own buffer is freed."""
    place = c_void_p()
    length = write(value, ctypes.byref(place))
    if length <= 0 or not place:
        raise failed(lib, what)
    try:
        return ctypes.string_at(place, length)
    finally:
        lib.CRYPTO_free(place, b"", 0)


def _candidates() -> Iterator[str]:
    chosen = os.environ.get(VARIABLE)
    if chosen:
        yield chosen
        return
    yield from _NAMES
    named = ctypes.util.find_library("crypto")
    if (
        named and named not in _NAMES and not named.endswith("/libcrypto.dylib")
    ):  # macOS ends a process that loads its own
        yield named


def _declare(found: ctypes.CDLL) -> None:
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(found, name)
        function.restype, function.argtypes = result, list(arguments)
