"""The way of a bid's bytes through digest, encryption, the file's digest and writing, side by side.

Each of the three computations has a thread of its own (the libraries let go of the interpreter while they compute); the
calling thread reads and writes. Sixteen chunks are under way at most, whatever the size of the bid. Order is kept: every
thread takes its work in the order given.
"""

import contextlib
import io
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, Self

from mingzheng.adapters.crypto import blocks, container
from mingzheng.adapters.crypto.suite import Hasher, Suite

UNDER_WAY = 16
AHEAD = UNDER_WAY // 2  # chunks given to the cipher before the first of them is waited for: it must never wait for us
FLUSH_EVERY = 64 * 1024 * 1024  # bytes after which the disk is asked to take what was written


class _Slot:
    """Room for one chunk and its ciphertext, and what is still being done with them."""

    def __init__(self, chunk: int) -> None:
        self.plain, self.out = memoryview(bytearray(chunk)), memoryview(bytearray(chunk + container.TAG))
        self.doing: list[Future[Any]] = []


class Pipeline:
    """Writes sealed chunks to `target`; `hasher` runs over the whole file, `written` counts its bytes."""

    def __init__(self, algorithms: Suite, target: IO[bytes], chunk: int, told: Callable[[int], None]) -> None:
        self._algorithms, self._target, self._told = algorithms, target, told
        self._digesting, self._sealing, self._summing, self._flushing = (ThreadPoolExecutor(1) for _ in range(4))
        self._slots, self._turn = [_Slot(chunk) for _ in range(UNDER_WAY)], 0
        self._sealed: deque[tuple[_Slot, Future[int]]] = deque()
        self._flush: Future[None] | None = None
        self._flushed = 0
        self.hasher, self.written = blocks.BlockHasher(algorithms, "file"), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for threads in (self._digesting, self._sealing, self._summing, self._flushing):
            threads.shutdown(wait=True, cancel_futures=True)

    def put(self, content: bytes) -> None:
        """Write bytes that are not sealed (the header)."""
        self.hasher.update(content)
        self._write(content)

    def room(self) -> memoryview:
        """Where to put the next chunk; what stood there is done with."""
        self._turn = (self._turn + 1) % UNDER_WAY
        slot = self._slots[self._turn]
        for one in slot.doing:
            one.result()
        slot.doing.clear()
        return slot.plain

    def digest(self, into: Hasher, content: memoryview) -> None:
        """Let a digest take in a piece of the room given last."""
        self._slots[self._turn].doing.append(self._digesting.submit(into.update, content))

    def seal(self, key: bytes, number: int, plain: memoryview, aad: bytes) -> None:
        """Seal the chunk that stands in the room given last, and write the one given `AHEAD` before it."""
        slot = self._slots[self._turn]
        sealed = self._sealing.submit(self._algorithms.seal_into, key, container.nonce(number), plain, aad, slot.out)
        slot.doing.append(sealed)
        self._sealed.append((slot, sealed))
        if len(self._sealed) > AHEAD:
            self._write_sealed()

    def drain(self) -> None:
        """Wait until all chunks given so far are written and digested."""
        while self._sealed:
            self._write_sealed()
        for slot in self._slots:
            for one in slot.doing:
                one.result()

    def _write_sealed(self) -> None:
        slot, sealed = self._sealed.popleft()
        out = slot.out[: sealed.result()]
        slot.doing.append(self._summing.submit(self.hasher.update, out))
        self._write(out)

    def _write(self, content: bytes | memoryview) -> None:
        self._target.write(content)
        self.written += len(content)
        self._told(self.written)
        # An early start of what fsync at the end would wait for.
        if self.written - self._flushed >= FLUSH_EVERY and (self._flush is None or self._flush.done()):
            self._flushed = self.written
            with contextlib.suppress(io.UnsupportedOperation):  # bytes in memory have no disk
                self._flush = self._flushing.submit(os.fdatasync, self._target.fileno())
