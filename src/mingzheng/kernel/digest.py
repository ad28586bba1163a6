"""Digests of evidence: one algorithm for what this deployment makes, both for what it reads.

A digest is written `sha256:` or `sm3:` and 64 hexadecimal digits, so it says itself how to check it. Suite INTL-1 makes
SHA-256, GM-1 makes SM3 (GB/T 32905-2016). Names inside the machine (folders, cache keys, tags) are no evidence: they
stay SHA-256 and do not come here.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

ALGORITHMS: Final = ("sha256", "sm3")
SUITES: Final = {"INTL-1": "sha256", "GM-1": "sm3"}
PATTERN: Final = re.compile(r"(?:sha256|sm3):[0-9a-f]{64}")
SIZE: Final = 32  # bytes, both

_NATIVE_SM3: Final = "sm3" in hashlib.algorithms_available  # the interpreter's OpenSSL; RHEL's has none
_current = "sha256"


class Hasher(Protocol):
    """A running digest, for what is larger than memory."""

    def update(self, content: bytes | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...
    def hexdigest(self) -> str: ...


class _Sm3:
    """SM3 from `cryptography`, where the interpreter's own OpenSSL lacks it."""

    def __init__(self) -> None:
        self._running = hashes.Hash(hashes.SM3())

    def update(self, content: bytes | memoryview, /) -> None:
        self._running.update(content)

    def digest(self) -> bytes:
        return self._running.copy().finalize()

    def hexdigest(self) -> str:
        return self.digest().hex()


def use(name: str) -> None:
    """Set the deployment's algorithm, once, by the site's wiring: `use(SUITES[settings.MINGZHENG_SUITE])`."""
    global _current
    _current = _known(name)


def current() -> str:
    """The algorithm of new digests: `sha256` until `use` said otherwise."""
    return _current


@contextmanager
def under(name: str) -> Iterator[None]:
    """Another algorithm for a while (tests, an archive made under the other suite)."""
    before = _current
    use(name)
    try:
        yield
    finally:
        use(before)


def hasher(name: str | None = None) -> Hasher:
    """A running digest under `name`, or under the deployment's algorithm. ValueError for an unknown name."""
    if _known(name or _current) == "sha256":
        return hashlib.sha256()
    return hashlib.new("sm3") if _NATIVE_SM3 else _Sm3()


def raw(content: bytes, name: str | None = None) -> bytes:
    """The 32 bytes of the digest."""
    running = hasher(name)
    running.update(content)
    return running.digest()


def of(content: bytes) -> str:
    """The digest of `content` as evidence writes it, under the deployment's algorithm: `sm3:<hex>`."""
    return named(_current, raw(content))


def named(name: str, found: bytes) -> str:
    """Raw digest bytes with their algorithm's name. ValueError for an unknown name or another length."""
    if len(found) != SIZE:
        raise ValueError(f"a digest has {SIZE} bytes, not {len(found)}")
    return f"{_known(name)}:{found.hex()}"


def split(text: str) -> tuple[str, bytes]:
    """(algorithm, raw bytes) of a written digest. ValueError unless it is one, in the one spelling there is."""
    name, _, digits = text.partition(":") if isinstance(text, str) else ("", "", "")
    if name not in ALGORITHMS:
        raise ValueError(f"not a digest by a known algorithm (sha256, sm3): {str(text)[:80]!r}")
    if not PATTERN.fullmatch(text):
        raise ValueError(f"a digest is written {name}: and 64 lower-case hexadecimal digits: {text[:80]!r}")
    return name, bytes.fromhex(digits)


def matches(text: str, content: bytes) -> bool:
    """Whether `text` is the digest of `content`, by the algorithm `text` names. ValueError as `split`."""
    name, found = split(text)
    return raw(content, name) == found


def hmac(key: bytes, message: bytes, name: str | None = None) -> bytes:
    """HMAC (RFC 2104) under one of the algorithms, the deployment's unless named: 32 bytes."""
    kind = hashes.SHA256() if _known(name or _current) == "sha256" else hashes.SM3()
    running = HMAC(key, kind)
    running.update(message)
    return running.finalize()


def like(text: str, content: bytes) -> str:
    """The digest of `content` by the algorithm `text` is written in, to compare the two; the deployment's if it is none."""
    name = text.partition(":")[0]
    return named(name, raw(content, name)) if name in ALGORITHMS else of(content)


def _known(name: str) -> str:
    if name not in ALGORITHMS:
        raise ValueError(f"not a digest algorithm: {str(name)[:40]!r} (known: sha256, sm3)")
    return name
