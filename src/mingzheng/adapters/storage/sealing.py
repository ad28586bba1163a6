"""Objects at rest, unreadable without a key that lies outside their folder (mingzheng-object-1).

`MZOBJ1` and two zero bytes, 16 bytes of salt, then blocks of 65,536 bytes plaintext under AES-256-GCM, 16 bytes of tag
each. The key of an object is HKDF-SHA256 of the store's key and the salt; bound into each block are the object's name,
the block's number and whether it is the last, so nothing can be moved, swapped or cut off unseen.
"""

from __future__ import annotations

import io
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"MZOBJ1\0\0"
SALT = 16
BLOCK = 65_536
TAG = 16
HEAD = len(MAGIC) + SALT


class ObjectDamaged(OSError):
    """An object does not open under the key: changed, moved, cut off, or written with another key."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"mingzheng-object-1").derive(key))


def _bound(name: str, number: int, last: bool) -> bytes:
    return b"%s\n%d\n%d" % (name.encode(), number, last)


def _nonce(number: int) -> bytes:
    return struct.pack(">IQ", 0, number)


def seal(name: str, chunks: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The bytes to store for `chunks`, however they are cut; one block is held back to know the last."""
    salt = secrets.token_bytes(SALT)
    cipher = _cipher(key, salt)
    yield MAGIC + salt
    held, number = bytearray(), 0
    for chunk in chunks:
        held += chunk
        while len(held) > BLOCK:
            yield cipher.encrypt(_nonce(number), bytes(held[:BLOCK]), _bound(name, number, False))
            del held[:BLOCK]
            number += 1
    yield cipher.encrypt(_nonce(number), bytes(held), _bound(name, number, True))


class SealedReader(io.RawIOBase):
    """Reads a sealed object at any place. `source` stands behind the magic's first byte or anywhere; it is closed too."""

    def __init__(self, source: IO[bytes], name: str, key: bytes) -> None:
        super().__init__()
        self._source, self._name = source, name
        total = os.fstat(source.fileno()).st_size - HEAD
        if total < TAG:
            raise ObjectDamaged(f"{name}: cut off, does not open")
        self._blocks = max(1, -(-total // (BLOCK + TAG)))
        self._size = total - TAG * self._blocks
        source.seek(len(MAGIC))
        self._cipher = _cipher(key, source.read(SALT))
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As files do."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The rest of one block; nothing at the end."""
        if self._at >= self._size and (self._size or self._open[0] == 0):
            return 0
        number, within = divmod(min(self._at, max(self._size - 1, 0)), BLOCK)
        piece = self._block(number)[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _block(self, number: int) -> bytes:
        if self._open[0] != number:
            self._source.seek(HEAD + number * (BLOCK + TAG))
            sealed = self._source.read(BLOCK + TAG)
            last = number == self._blocks - 1
            try:
                plain = self._cipher.decrypt(_nonce(number), sealed, _bound(self._name, number, last))
            except (InvalidTag, ValueError) as fault:
                raise ObjectDamaged(f"{self._name}: block {number} does not open") from fault
            self._open = (number, plain)
        return self._open[1]

    def close(self) -> None:
        """Close the file below too."""
        self._source.close()
        super().close()
