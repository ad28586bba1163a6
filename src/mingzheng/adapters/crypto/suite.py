"""The interface every set of algorithms fulfils, and the list of those this program reads and writes.

New things are made under the deployment's suite; old things are read under the suite they name, if it is on the
allow-list (no silent downgrade). `INTL-1` is here; `GM-1` (SM2, SM3, SM4-GCM) fits the same interface.
"""

from typing import Protocol

from mingzheng.adapters.crypto.refusals import SUITE_UNKNOWN


class Hasher(Protocol):
    """A running digest, for files larger than memory."""

    def update(self, content: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class Suite(Protocol):
    """One set of algorithms. Private keys are PKCS#8 DER, public keys SubjectPublicKeyInfo DER, all else raw bytes."""

    @property
    def id(self) -> str:
        """The name stored in every seal, signature and archive, such as `INTL-1`."""
        ...

    @property
    def digest_name(self) -> str:
        """The prefix of digests made with this suite, such as `sha256`."""
        ...

    @property
    def signature_name(self) -> str:
        """The algorithm name stored beside signatures, such as `ecdsa-p256-sha256`."""
        ...

    def digest(self, content: bytes) -> bytes: ...

    def hasher(self) -> Hasher: ...

    def new_private_key(self) -> bytes:
        """A fresh private key (PKCS#8 DER, not encrypted)."""
        ...

    def public_key(self, private: bytes) -> bytes:
        """The public half (SPKI DER) of a private key."""
        ...

    def sign(self, private: bytes, message: bytes) -> bytes: ...

    def verify(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """True only for a signature in the suite's one canonical encoding; never raises on malformed input."""
        ...

    def wrap(self, public: bytes, secret: bytes, context: bytes) -> bytes:
        """Encrypt a short secret to a public key; `context` must be the same at `unwrap`."""
        ...

    def unwrap(self, private: bytes, wrapped: bytes, context: bytes) -> bytes:
        """The secret again. Raises Refused `seal.wrong-key` when the key, the context or a byte differs."""
        ...

    def derive(self, key: bytes, label: bytes) -> bytes:
        """32 bytes from a uniformly random key, different for every label."""
        ...

    def seal(self, key: bytes, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
        """Authenticated encryption: ciphertext followed by a 16 byte tag. Nonce 12 bytes, never twice under a key."""
        ...

    def open(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
        """The plaintext, or None when a byte, the key, the nonce or the additional data differs."""
        ...

    def self_test(self) -> None:
        """Known-answer tests; raises RuntimeError naming the algorithm that fails."""
        ...


SUITES: dict[str, Suite] = {}
_READABLE: set[str] = set()


def register(suite: Suite, *, readable: bool = True) -> None:
    """Test a suite against known answers and put it on the list (RuntimeError when this machine computes wrongly)."""
    suite.self_test()
    SUITES[suite.id] = suite
    if readable:
        _READABLE.add(suite.id)


def allow(*ids: str) -> None:
    """Set the read allow-list; what names another suite is refused even if the code for it is there."""
    _READABLE.clear()
    _READABLE.update(ids)


def suite(name: object) -> Suite:
    """The suite of that name, if it may be read. Raises Refused `seal.unknown-suite`."""
    if not isinstance(name, str) or name not in _READABLE or name not in SUITES:
        raise SUITE_UNKNOWN(suite=str(name)[:32])
    return SUITES[name]
