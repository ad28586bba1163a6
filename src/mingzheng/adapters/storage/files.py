"""The local object store: plain files below one folder. What lies there is whole, or it does not lie there."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from mingzheng.adapters.storage import disk, sealing
from mingzheng.adapters.storage.port import StorageFault, Stored, Upload
from mingzheng.adapters.storage.uploads import Uploads

#: Files a killed process left half-written are swept away after this many seconds.
LEFTOVER = 86_400


class FileStore:
    """Objects under `root/objects`, uploads under `root/uploads`, half-written files under `root/parts`.

    Objects put here are sealed at rest (`sealing.py`); the key lies in `key`, by default `keys/objects.key` beside the
    root. Finished uploads stay as they came: bids are sealed by their bidders.
    """

    def __init__(self, root: Path | str, *, key: Path | str | None = None) -> None:
        self.root = Path(root)
        self._key_path = Path(key) if key else self.root.parent / "keys" / "objects.key"
        self._objects = self.root / "objects"
        self._digests = self.root / "digests"
        self._parts = self.root / "parts"
        self._uploads = Uploads(self.root / "uploads")

    def __repr__(self) -> str:
        return f"FileStore({str(self.root)!r})"

    def put_stream(self, name: str, chunks: Iterable[bytes]) -> Stored:
        """Store an object, visible only when whole; `StorageFault("exists")` when other content has the name."""
        disk.checked(name)
        plain = disk.Tally(chunks)
        temporary, _, _ = disk.write_temporary(self._parts, sealing.seal(name, plain, disk.key_of(self._key_path)))
        try:
            return self._adopt(temporary, Stored(name, plain.digest, plain.size), "sealed")
        finally:
            temporary.unlink(missing_ok=True)

    def put(self, name: str, content: bytes) -> Stored:
        """Store a small object."""
        return self.put_stream(name, [content])

    def open(self, name: str) -> BinaryIO:
        """The object for reading. `StorageFault("unknown")` when it is not there."""
        try:
            source = (self._objects / disk.checked(name)).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise StorageFault("unknown", name) from None
        if not self._is_sealed(name, source):
            return source
        return io.BufferedReader(sealing.SealedReader(source, name, disk.key_of(self._key_path)), sealing.BLOCK)

    def _is_sealed(self, name: str, source: BinaryIO) -> bool:
        """As noted when it was stored: an uploaded file may begin with whatever bytes it likes."""
        noted = self._digests / name
        if noted.is_file():
            return noted.read_text("ascii").split()[2] == "sealed"
        magic = source.read(len(sealing.MAGIC))
        source.seek(0)
        return magic == sealing.MAGIC

    def read(self, name: str) -> bytes:
        """The whole object, for small ones."""
        with self.open(name) as source:
            return source.read()

    def stat(self, name: str) -> Stored | None:
        """Size and digest as they were when the object was stored; None when it is not there."""
        if not (self._objects / disk.checked(name)).is_file():
            return None
        noted = self._digests / name
        if noted.is_file():
            digest, size, _ = noted.read_text("ascii").split()
            return Stored(name, digest, int(size))
        with self.open(name) as source:  # the note was lost between two steps of a power cut
            whole = disk.Tally(iter(lambda: source.read(disk.BLOCK), b""))
            for _ in whole:
                pass
        return Stored(name, whole.digest, whole.size)

    def delete(self, name: str) -> bool:
        """Remove the object; False when it was not there."""
        path = self._objects / disk.checked(name)
        try:
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        (self._digests / name).unlink(missing_ok=True)
        disk.sync_folder(path.parent)
        return True

    def _adopt(self, temporary: Path, stored: Stored, how: str) -> Stored:
        """Give a finished file its name, unless the name is taken by other content."""
        final = self._objects / stored.name
        try:
            with disk.room():
                disk.folder(final.parent)
                noted = self._digests / stored.name
                disk.folder(noted.parent)
                os.link(temporary, final)
                disk.replace(noted, f"{stored.digest} {stored.size} {how}".encode(), self._parts)
                disk.sync_folder(final.parent)
        except FileExistsError:
            if (there := self.stat(stored.name)) is None or there.digest != stored.digest:
                raise StorageFault("exists", stored.name) from None
        except NotADirectoryError:
            raise StorageFault("exists", stored.name) from None
        return stored

    def create_upload(self, *, length: int, expires: datetime, id: str | None = None) -> Upload:
        """Begin an upload of exactly `length` bytes that lives until `expires` (the machine's time)."""
        return self._uploads.create(length, expires, id)

    def upload(self, id: str) -> Upload:
        """Where an upload stands."""
        return self._uploads.status(id)

    def append(self, id: str, offset: int, chunk: Iterable[bytes] | bytes) -> Upload:
        """Add bytes at the place where the upload stands."""
        return self._uploads.append(id, offset, [chunk] if isinstance(chunk, bytes) else chunk)

    def finish(self, id: str, name: str, *, digest: str | None = None) -> Stored:
        """Turn a complete upload into an object. Asked again after it was done, it answers the same."""
        disk.checked(name)
        try:
            with self._uploads.held(id) as part:
                found, size = self._uploads.complete(id, part)
                if digest is not None and digest != found:
                    raise StorageFault("digest", f"{found} is not {digest}")
                stored = self._adopt(part, Stored(name, found, size), "plain")
                self._uploads.forget(id)
                return stored
        except StorageFault as fault:
            done = self.stat(name) if fault.code == "unknown" and digest is not None else None
            if done is None or done.digest != digest:
                raise
            return done

    def abort(self, id: str) -> bool:
        """Forget an upload; False when there was none."""
        return self._uploads.abort(id)

    def sweep(self) -> int:
        """Remove uploads whose time is over and files a killed process left; how many uploads."""
        if self._parts.is_dir():
            for path in self._parts.glob("*.tmp"):
                if time.time() - path.stat().st_mtime > LEFTOVER:
                    path.unlink(missing_ok=True)
        return self._uploads.sweep()
