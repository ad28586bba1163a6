"""Writing that survives a power cut: whole files appear at once, under names nobody else can choose for us."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from mingzheng.adapters.storage.port import StorageFault
from mingzheng.kernel import digest as digests

_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
BLOCK = 1 << 20


def checked(name: str) -> str:
    """The name, if every part of it is plain: no dots in front, no way up, at most eight parts."""
    parts = name.split("/")
    if not name or len(parts) > 8 or not all(_PART.fullmatch(part) for part in parts):
        raise StorageFault("bad-name", repr(name)[:80])
    return name


@contextlib.contextmanager
def room() -> Iterator[None]:
    """Turn "no space left" of the system into `StorageFault("full")`."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise StorageFault("full", os.strerror(fault.errno or 0)) from fault
        raise


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def folder(path: Path) -> Path:
    """The folder, made for this account alone if it was not there (its missing parents too)."""
    if not path.is_dir():
        folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def write_all(handle: int, data: bytes | memoryview) -> None:
    """Write everything, however few bytes the system takes at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def write_temporary(place: Path, chunks: Iterable[bytes]) -> tuple[Path, str, int]:
    """A new file in `place` with the chunks, safely on disk; its path, digest and size. Gone again on a fault."""
    path = folder(place) / f"{secrets.token_hex(12)}.tmp"
    digest, size = digests.hasher(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with room():
            for chunk in chunks:
                write_all(handle, chunk)
                digest.update(chunk)
                size += len(chunk)
            os.fsync(handle)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    return path, _named(digest), size


def _named(running: digests.Hasher) -> str:
    return digests.named(digests.current(), running.digest())


def replace(path: Path, content: bytes, place: Path) -> None:
    """Put `content` at `path` in one step, over whatever was there."""
    temporary, _, _ = write_temporary(place, [content])
    temporary.replace(path)
    sync_folder(path.parent)


def digest_of(path: Path) -> tuple[str, int]:
    """Digest and size of a file, read in blocks."""
    digest, size = digests.hasher(), 0
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
    return _named(digest), size


class Tally:
    """Passes chunks on and keeps their digest and size."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._digest = digests.hasher()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._digest.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def digest(self) -> str:
        """The digest of what has passed, as evidence writes it."""
        return _named(self._digest)


def key_of(path: Path) -> bytes:
    """The 32-byte key in this file, made at first use, readable by this account alone. ValueError for another size."""
    if not path.exists():
        temporary, _, _ = write_temporary(folder(path.parent), [secrets.token_bytes(32)])
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass  # another process was faster; its key counts
        finally:
            temporary.unlink()
    key = path.read_bytes()
    if len(key) != 32:
        raise ValueError(f"{path.name} is no key of 32 bytes")
    return key
