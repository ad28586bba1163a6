"""The ciphertext file of a sealed bid (.mzb): header, then the chunks of every part. It names nobody.

Layout, labels and padding are specified in docs/formats/sealed-bid.md; the browser's code follows the same page.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mingzheng.adapters.crypto.refusals import NOT_SEALED

VERSION: Final = 2  # of what is made; what is read may be older
VERSIONS: Final = {f"mingzheng-bid-{version}": version for version in (1, 2)}
HEADER: Final = 36  # bytes: magic 8, suite 8, bid 16, chunk 4
CHUNK: Final = 512 * 1024  # bytes of plaintext in a chunk of ours; it stays in the processor's cache
LARGEST_CHUNK: Final = 4 * 1024 * 1024
LEAST_CHUNK: Final = 16 * 1024
LEAST_PART: Final = 16 * 1024  # shorter parts are padded to this
TAG: Final = 16


@dataclass(frozen=True, slots=True)
class Header:
    """The first 36 bytes of a sealed file."""

    suite: str
    bid: UUID
    chunk: int
    version: int = VERSION

    def __bytes__(self) -> bytes:
        return (
            magic(self.version)
            + self.suite.encode("ascii").ljust(8, b"\0")
            + self.bid.bytes
            + self.chunk.to_bytes(4, "big")
        )

    @classmethod
    def read(cls, start: bytes) -> "Header":
        """Refused `seal.not-sealed` when these are not the first bytes of a sealed bid (a plain PDF, for one)."""
        version = next((one for one in VERSIONS.values() if start.startswith(magic(one))), None)
        if len(start) < HEADER or version is None:
            raise NOT_SEALED()
        try:
            suite = start[8:16].rstrip(b"\0").decode("ascii")
        except UnicodeDecodeError:
            raise NOT_SEALED() from None
        return cls(suite, UUID(bytes=start[16:32]), int.from_bytes(start[32:36], "big"), version)


def magic(version: int) -> bytes:
    """How a sealed file of that version begins."""
    return f"MZBID{version}\r\n".encode()


def padded(length: int) -> int:
    """The padded length of a part (Padmé): at most 12 % more, and the length tells only its order of magnitude."""
    if length <= LEAST_PART:
        return LEAST_PART
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def chunks_of(plain: int, chunk: int) -> int:
    """How many chunks a padded part of `plain` bytes has."""
    return -(-plain // chunk)


def sealed_length(plain: int, chunk: int) -> int:
    """Bytes of ciphertext of a padded part: every chunk carries a 16 byte tag."""
    return plain + TAG * chunks_of(plain, chunk)


def nonce(index: int) -> bytes:
    """Chunk `index` of a part; the part's key is used for nothing else."""
    return index.to_bytes(12, "big")


def additional(version: int, bid: UUID, part: int, index: int, last: bool) -> bytes:
    """What a chunk is bound to: version, bid, part, its place, and whether it ends the part."""
    return f"MZB{version}".encode() + bid.bytes + part.to_bytes(4, "big") + index.to_bytes(4, "big") + bytes([last])


def label(version: int, use: str, lot: UUID, bid: UUID, part: int | None = None) -> bytes:
    """The derivation label or wrap context for one use of a bid's content key."""
    place = b"" if part is None else part.to_bytes(4, "big")
    return f"mingzheng-bid-{version} {use}".encode() + b"\0" + lot.bytes + bid.bytes + place
