"""Uploads that grow: one part file each, a lock so that two requests never write at once, an hour at which they end."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from mingzheng.adapters.storage import disk
from mingzheng.adapters.storage.port import StorageFault, Upload
from mingzheng.kernel import clock


class Uploads:
    """`<id>.json` says how long the upload is to be and until when, `<id>.part` holds what has arrived."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, length: int, expires: datetime, id: str | None) -> Upload:
        """See `ObjectStore.create_upload`."""
        if length < 0:
            raise StorageFault("bad-name", "negative length")
        id = self._plain(id or uuid.uuid4().hex)
        disk.folder(self.folder)
        noted = {"expires": clock.text(expires), "length": length}
        with disk.room():
            try:
                handle = os.open(self._part(id), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            except FileExistsError:
                raise StorageFault("exists", id) from None
            os.close(handle)
            disk.replace(self._note(id), json.dumps(noted).encode(), self.folder)
        return Upload(id, length, 0, expires)

    def status(self, id: str) -> Upload:
        """See `ObjectStore.upload`."""
        try:
            noted = json.loads(self._note(self._plain(id)).read_bytes())
            offset = self._part(id).stat().st_size
        except FileNotFoundError:
            raise StorageFault("unknown", id) from None
        upload = Upload(id, noted["length"], offset, clock.parse(noted["expires"]))
        if upload.expires <= clock.real():  # networks live in real time, whatever a demo's clock does
            raise StorageFault("expired", id)
        return upload

    @contextlib.contextmanager
    def held(self, id: str) -> Iterator[Path]:
        """The part file, while nobody else may touch the upload. `StorageFault("busy")` when somebody does."""
        path = self._part(self._plain(id))
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise StorageFault("unknown", id) from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StorageFault("busy", id) from None
            if not path.exists():
                raise StorageFault("unknown", id)
            yield path
        finally:
            os.close(handle)

    def append(self, id: str, offset: int, chunks: Iterable[bytes]) -> Upload:
        """See `ObjectStore.append`."""
        with self.held(id) as path:
            upload = self.status(id)
            if offset != upload.offset:
                raise StorageFault("offset", f"{upload.offset}, not {offset}", offset=upload.offset)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            try:
                written = self._write(handle, upload, chunks)
            finally:
                os.close(handle)
        return Upload(id, upload.length, written, upload.expires)

    def _write(self, handle: int, upload: Upload, chunks: Iterable[bytes]) -> int:
        """Write the chunks; what arrived before the sender broke off stays, what does not fit leaves no trace."""
        at = upload.offset
        try:
            with disk.room():
                for chunk in chunks:
                    if at + len(chunk) > upload.length:
                        raise StorageFault("too-long", f"more than {upload.length} bytes", offset=upload.offset)
                    disk.write_all(handle, chunk)
                    at += len(chunk)
        except StorageFault as fault:
            os.ftruncate(handle, upload.offset)
            fault.offset = upload.offset
            raise
        finally:
            os.fsync(handle)
        return at

    def complete(self, id: str, part: Path) -> tuple[str, int]:
        """Digest and size of a complete upload. `StorageFault("incomplete")` while bytes are missing."""
        upload = self.status(id)
        if not upload.complete:
            raise StorageFault("incomplete", f"{upload.offset} of {upload.length} bytes", offset=upload.offset)
        return disk.digest_of(part)

    def forget(self, id: str) -> None:
        """Remove what is left of an upload."""
        self._part(id).unlink(missing_ok=True)
        self._note(id).unlink(missing_ok=True)

    def abort(self, id: str) -> bool:
        """See `ObjectStore.abort`."""
        try:
            with self.held(id):
                self.forget(id)
        except StorageFault as fault:
            if fault.code == "unknown":
                return False
            raise
        return True

    def sweep(self) -> int:
        """See `ObjectStore.sweep`; an upload somebody writes to at this moment is left for the next time."""
        swept = 0
        for note in sorted(self.folder.glob("*.json")):
            id = note.stem
            with contextlib.suppress(StorageFault), self.held(id):
                try:
                    self.status(id)
                except StorageFault as fault:
                    if fault.code == "expired":
                        self.forget(id)
                        swept += 1
        return swept

    def _plain(self, id: str) -> str:
        if "/" in id or "." in id:
            raise StorageFault("bad-name", repr(id)[:80])
        return disk.checked(id)

    def _part(self, id: str) -> Path:
        return self.folder / f"{id}.part"

    def _note(self, id: str) -> Path:
        return self.folder / f"{id}.json"
