"""The interface every set of algorithms fulfils, and the list of those this program reads and writes.

New things are made under the deployment's suite; old things are read under the suite they name, if it is on the
allow-list (no silent downgrade). Here are `INTL-1` (P-256, SHA-256, AES-GCM) and `GM-1` (SM2, SM3, SM4-GCM).
"""

from typing import Protocol

from mingzheng.adapters.crypto.refusals import SUITE_ABSENT, SUITE_UNKNOWN
from mingzheng.kernel import sm2


class Hasher(Protocol):
    """A running digest, for files larger than memory."""

    def update(self, content: bytes | memoryview, /) -> None: ...
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

    def seal_into(self, key: bytes, nonce: bytes, plain: memoryview, aad: bytes, out: memoryview) -> int:
        """As `seal`, into `out`, which has room for the plaintext and 16 bytes more; how many bytes were written."""
        ...

    def open(self, key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
        """The plaintext, or None when a byte, the key, the nonce or the additional data differs."""
        ...

    def self_test(self) -> None:
        """Known-answer tests; raises RuntimeError naming the algorithm that fails."""
        ...


SUITES: dict[str, Suite] = {}
_READABLE: set[str] = set()
_ABSENT: dict[str, sm2.Missing] = {}


def register(suite: Suite, *, readable: bool = True) -> None:
    """Test a suite against known answers and put it on the list (RuntimeError when this machine computes wrongly).

    A suite whose algorithms the machine does not offer stays absent: the others work on, `require` says what mends it.
    """
    if readable:
        _READABLE.add(suite.id)
    try:
        suite.self_test()
    except sm2.Missing as missing:
        _ABSENT[suite.id] = missing
        return
    _ABSENT.pop(suite.id, None)
    SUITES[suite.id] = suite


def require(name: str) -> Suite:
    """The suite a deployment is about to start under. RuntimeError says what is missing and which command mends it."""
    if name in _ABSENT:
        raise _ABSENT[name]
    if name not in SUITES:
        raise RuntimeError(f"there is no suite {name!r}; there are {', '.join(sorted(SUITES))}")
    return SUITES[name]


def allow(*ids: str) -> None:
    """Set the read allow-list; what names another suite is refused even if the code for it is there."""
    _READABLE.clear()
    _READABLE.update(ids)


def suite(name: object) -> Suite:
    """The suite of that name, if it may be read. Raises Refused `seal.unknown-suite`, `seal.suite-absent`."""
    if not isinstance(name, str) or name not in _READABLE:
        raise SUITE_UNKNOWN(suite=str(name)[:32])
    if name in _ABSENT:
        raise SUITE_ABSENT(suite=name, problem=str(_ABSENT[name]))
    if name not in SUITES:
        raise SUITE_UNKNOWN(suite=name[:32])
    return SUITES[name]


# Object identifiers of the curves, DER: 1.2.840.10045.3.1.7 (P-256) and 1.2.156.10197.1.301 (SM2).
SUITE_OF_CURVE = {bytes.fromhex("06082a8648ce3d030107"): "INTL-1", sm2.CURVE: "GM-1"}


def suite_of_key(der: bytes) -> Suite:
    """The suite a key (SPKI or PKCS#8 DER) belongs to, told by its curve. Refused `seal.unknown-suite`."""
    for curve, name in SUITE_OF_CURVE.items():
        if curve in der[:64]:
            return suite(name)
    return suite("?")


def named(algorithms: Suite, content: bytes) -> str:
    """The digest of `content` under a suite, with its algorithm's name: `sm3:<hex>`."""
    return f"{algorithms.digest_name}:{algorithms.digest(content).hex()}"
