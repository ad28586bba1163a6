"""Where files lie: whole objects that appear at once or not at all, and uploads that grow and can be resumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


class StorageFault(Exception):
    """Nothing was stored. `code` is stable: `full`, `bad-name`, `unknown`, `exists`, `busy`, `offset`, `too-long`,
    `expired`, `incomplete`, `digest`. For `offset` the place to go on from is in `offset`."""

    def __init__(self, code: str, detail: str = "", *, offset: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that is safely on disk: `digest` is `sha256:<64 hex>` or `sm3:<64 hex>`, `size` in bytes."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload under way: `offset` bytes are safely on disk of `length`; after `expires` (the
    machine's own time, not the deployment's) it may be swept away."""

    id: str
    length: int
    offset: int
    expires: datetime

    @property
    def complete(self) -> bool:
        return self.offset == self.length


class ObjectStore(Protocol):
    """Names are relative paths of `[A-Za-z0-9._-]` parts. Objects are never overwritten with other content."""

    def put_stream(self, name: str, chunks: Iterable[bytes]) -> Stored:
        """Store an object; it is visible only when whole and safely on disk. The same content again is no fault."""

    def open(self, name: str) -> BinaryIO:
        """The object for reading (seekable). `StorageFault("unknown")` when it is not there."""

    def stat(self, name: str) -> Stored | None:
        """Size and digest; None when there is no such object."""

    def delete(self, name: str) -> bool:
        """Remove the object; False when it was not there."""

    def create_upload(self, *, length: int, expires: datetime, id: str | None = None) -> Upload:
        """Begin an upload of exactly `length` bytes."""

    def upload(self, id: str) -> Upload:
        """Where an upload stands. `StorageFault("unknown")` when there is none, `"expired"` when its time is over."""

    def append(self, id: str, offset: int, chunk: Iterable[bytes] | bytes) -> Upload:
        """Add bytes at `offset`, which must be where the upload stands (`"offset"`). Two at once: one gets `"busy"`.

        Bytes that arrived before a broken connection are kept: the answer to `upload` tells where to go on.
        """

    def finish(self, id: str, name: str, *, digest: str | None = None) -> Stored:
        """Turn a complete upload into the object `name`; with `digest`, only when it is the content's."""

    def abort(self, id: str) -> bool:
        """Forget an upload; False when there was none."""

    def sweep(self) -> int:
        """Remove uploads whose time is over; how many."""
