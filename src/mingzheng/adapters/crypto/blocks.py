"""The digests of a sealed bid: of a part's content, and of the sealed file as a whole.

Since format version 2 they are digests of a list: of every block of 512 KiB its digest, and one digest over use, block size,
length and list. Blocks can be digested by an engine that takes only what is in memory as a whole (WebCrypto), side by
side, and in any order; two levels and the length in front make one list, and so one content, out of a digest
(docs/formats/sealed-bid.md, docs/adr/0019-bids-of-version-2.md). Version 1 digested the bytes in one go.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

from mingzheng.adapters.crypto.suite import Hasher, Suite

BLOCK: Final = 512 * 1024  # bytes; larger ones cost a browser more in fresh memory than in digesting
Use = Literal["content", "file"]
_READ: Final = 512 * 1024  # bytes
_THREADS: Final = min(4, os.cpu_count() or 1)


def root(algorithms: Suite, use: Use, length: int, leaves: list[bytes]) -> bytes:
    """The digest of `length` bytes whose blocks have these digests."""
    head = f"mingzheng-bid-2 blocks {use}".encode() + b"\0" + BLOCK.to_bytes(4, "big") + length.to_bytes(8, "big")
    return algorithms.digest(head + b"".join(leaves))


class BlockHasher:
    """A running digest over blocks: takes bytes cut in any way, keeps 32 bytes of every block."""

    def __init__(self, algorithms: Suite, use: Use) -> None:
        self._algorithms, self._use = algorithms, use
        self._leaves: list[bytes] = []
        self._block, self._length = algorithms.hasher(), 0

    def update(self, content: bytes | memoryview, /) -> None:
        rest = memoryview(content)
        while rest:
            piece = rest[: BLOCK - self._length % BLOCK]
            self._block.update(piece)
            self._length += len(piece)
            rest = rest[len(piece) :]
            if self._length % BLOCK == 0:
                self._close()

    def digest(self) -> bytes:
        """The digest of what came so far; afterwards nothing more may come."""
        if self._length % BLOCK:
            self._close()
        return root(self._algorithms, self._use, self._length, self._leaves)

    def _close(self) -> None:
        self._leaves.append(self._block.digest())
        self._block = self._algorithms.hasher()


def running(version: int, algorithms: Suite, use: Use) -> Hasher:
    """The running digest of a bid of that format version."""
    return algorithms.hasher() if version == 1 else BlockHasher(algorithms, use)


def of_file(version: int, algorithms: Suite, file: Path) -> str:
    """The digest of a sealed file as its seal writes it. Memory: a megabyte a thread, whatever the size."""
    if version == 1:
        found = _stretch(algorithms, file, 0, file.stat().st_size)
    else:
        size = file.stat().st_size
        with ThreadPoolExecutor(_THREADS) as threads:
            blocks = threads.map(
                lambda at: _stretch(algorithms, file, at, min(BLOCK, size - at)), range(0, size, BLOCK)
            )
            found = root(algorithms, "file", size, list(blocks))
    return f"{algorithms.digest_name}:{found.hex()}"


def _stretch(algorithms: Suite, file: Path, start: int, length: int) -> bytes:
    """The plain digest of a stretch of a file."""
    hasher, left = algorithms.hasher(), length
    with file.open("rb", buffering=0) as source:
        source.seek(start)
        while left and (piece := source.read(min(_READ, left))):
            hasher.update(piece)
            left -= len(piece)
    return hasher.digest()
