"""The end of a lot's chain, and the package that was made of it."""

from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("archiving.file-closed", stream="lot")
class FileClosed:
    """The last entry of the lot's stream: head and length of every stream, digest of every file (docs/formats/archive.md)."""

    lot: UUID
    procedure: UUID
    outcome: str
    streams: dict[str, Any]
    documents: dict[str, str]
    reason: str


@event("archiving.archive-packed", stream="centre")
class ArchivePacked:
    """The folder was written and verified; its manifest's digest is what anybody can compare."""

    lot: UUID
    manifest: str
    entries: int
    size: int
