"""The end of a lot's chain, and the package that was made of it."""

from datetime import datetime
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


@event("archiving.item-registered", stream="lot")
class ItemRegistered:
    """A paper original or a recording belongs to the file: where it stands and what its scan or file hashes to."""

    lot: UUID
    category: str
    title: str
    medium: str
    shelf: str
    extent: str
    digest: str


@event("archiving.retention-set", stream="centre")
class RetentionSet:
    """Files of a kind are kept so many years from now on; files closed before keep theirs."""

    kind: str
    years: int
    least: int
    rule: str


@event("archiving.volume-shelved", stream="centre")
class VolumeShelved:
    """Where the paper part of a volume stands."""

    procedure: UUID
    volume: UUID
    room: str


@event("archiving.damage-found", stream="centre")
class DamageFound:
    """A kept item no longer hashes to what the catalogue says; archivists were told."""

    lot: UUID
    number: int
    title: str
    digest: str
    found: str


@event("archiving.disposal-proposed", stream="centre")
class DisposalProposed:
    """The retention of a file has ended and its disposal is asked for."""

    lot: UUID
    reason: str
    retained_until: datetime


@event("archiving.disposal-approved", stream="centre")
class DisposalApproved:
    """One of the two approvals; with the second the package is destroyed and only this record and the ledger stay."""

    lot: UUID
    approver: UUID
    destroyed: bool
    manifest: str


@event("archiving.inquiry-filed", stream="person")
class InquiryFiled:
    """Somebody asks to see lines of a file."""

    person: UUID
    inquiry: UUID
    number: str
    lot: UUID
    items: tuple[int, ...]
    purpose: str


@event("archiving.inquiry-decided", stream="person")
class InquiryDecided:
    """The archivist approved (until a time) or refused it."""

    person: UUID
    inquiry: UUID
    approved: bool
    valid_until: datetime | None
    answer: str
    archivist: UUID


@event("archiving.item-opened", stream="person")
class ItemOpened:
    """查询记录: who saw which line, for what, approved by whom."""

    person: UUID
    inquiry: UUID
    lot: UUID
    number: int
    digest: str
    purpose: str
    approver: UUID
