"""A journal on disk that nobody can read, reorder or shorten in the middle without its key.

One line a record: number, nonce and AES-256-GCM ciphertext, Base64. The record's number and the journal's id are
bound in, so a line moved, copied or taken from another journal does not open. Plaintexts are padded to steps of 256
bytes: the length of a name does not show in the length of a line.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingzheng.adapters.storage import disk
from mingzheng.kernel import canonical

STEP = 256


class JournalDamaged(Exception):
    """A line does not open under the key: changed, moved, or written with another key. Names the line."""


class SealedJournal:
    """Records in the order they were written; several processes may share it."""

    def __init__(self, path: Path | str, key: Path | str) -> None:
        self.path = Path(path)
        self._key_path = Path(key)
        self._records: list[dict[str, Any]] = []
        self._read_to = 0
        self._threads = threading.RLock()

    def __repr__(self) -> str:
        return f"SealedJournal({str(self.path)!r}, key=…)"

    def records(self) -> list[dict[str, Any]]:
        """All records so far."""
        with self._threads:
            self._catch_up()
            return list(self._records)

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """Hold the journal: what is read inside is still true when the new record is written."""
        disk.folder(self.path.parent)
        with self._threads, self._held() as handle:
            self._catch_up()
            os.ftruncate(handle, self._read_to)  # half a line of a process that was killed; nobody was told it stood
            yield Journal(self, handle)

    @contextmanager
    def _held(self) -> Iterator[int]:
        with disk.room():
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)

    def append(self, record: dict[str, Any]) -> dict[str, Any]:
        """Write one record, safely on disk when this returns."""
        with self.writing() as journal:
            return journal.append(record)

    def _write(self, handle: int, record: dict[str, Any]) -> None:
        plain = canonical.dumps(record).encode()
        padded = plain + b" " * (-len(plain) % STEP)
        number, nonce = len(self._records) + 1, secrets.token_bytes(12)
        sealed = AESGCM(self._key()).encrypt(nonce, padded, self._bound(number))
        line = f"{number} {base64.b64encode(nonce + sealed).decode()}\n".encode()
        start = os.fstat(handle).st_size
        try:
            with disk.room():
                disk.write_all(handle, line)
                os.fsync(handle)
        except BaseException:
            os.ftruncate(handle, start)
            raise
        self._records.append(json.loads(plain))
        self._read_to = start + len(line)

    def _catch_up(self) -> None:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size == self._read_to:
            return
        with self.path.open("rb") as source:
            source.seek(self._read_to)
            for line in source:
                if not line.endswith(b"\n"):
                    break  # another process is writing this very line
                self._records.append(self._opened(line, len(self._records) + 1))
                self._read_to += len(line)

    def _opened(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            raw = base64.b64decode(line.split(b" ", 1)[1])
            plain = AESGCM(self._key()).decrypt(raw[:12], raw[12:], self._bound(number))
            record: dict[str, Any] = json.loads(plain)
        except (InvalidTag, ValueError, IndexError) as fault:
            raise JournalDamaged(f"{self.path.name}, line {number}") from fault
        return record

    def _bound(self, number: int) -> bytes:
        return f"mingzheng-journal-1 {self.path.name} {number}".encode()

    def _key(self) -> bytes:
        try:
            return disk.key_of(self._key_path)
        except ValueError as fault:
            raise JournalDamaged(str(fault)) from fault


class Journal:
    """A journal held for writing."""

    def __init__(self, sealed: SealedJournal, handle: int) -> None:
        self._sealed = sealed
        self._handle = handle

    def records(self) -> list[dict[str, Any]]:
        """All records; nobody adds one meanwhile."""
        return list(self._sealed._records)

    def append(self, record: dict[str, Any]) -> dict[str, Any]:
        """Write one record, safely on disk when this returns."""
        self._sealed._write(self._handle, record)
        return record
