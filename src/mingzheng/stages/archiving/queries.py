"""What may be known of a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.stages.archiving import models


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A closed file and its package."""

    lot: UUID
    closed_at: datetime
    outcome: str
    state: str
    path: str
    entries: int
    manifest: str
    size: int
    packed_at: datetime | None
    documents: dict[str, str]
    streams: dict[str, Any]
    error: str


def _facts(row: models.File) -> FileFacts:
    return FileFacts(
        row.lot, row.closed_at, row.outcome, row.state, row.path, row.entries, row.manifest, row.size, row.packed_at,
        row.documents, row.streams, row.error,
    )  # fmt: skip


def file(lot: UUID) -> FileFacts | None:
    """None before the file is closed."""
    row = models.File.objects.filter(pk=lot).first()
    return _facts(row) if row else None


def files() -> list[FileFacts]:
    """Newest first."""
    return [_facts(row) for row in models.File.objects.order_by("-closed_at")[:500]]


def to_pack() -> list[UUID]:
    """Closed files without a package."""
    return list(models.File.objects.filter(state="closed").order_by("closed_at").values_list("lot", flat=True)[:20])
