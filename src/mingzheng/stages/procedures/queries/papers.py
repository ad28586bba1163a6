"""Papers of a lot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.stages.procedures import models, rules


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A paper of a lot."""

    id: UUID
    lot: UUID
    kind: str
    title: str
    digest: str
    size: int
    object: str
    public: bool
    made_at: datetime
    signers: tuple[str, ...]
    addressee: UUID | None


def document_facts(row: models.Document) -> DocumentFacts:
    return DocumentFacts(
        row.id, row.lot_id, row.kind, row.title, row.digest, row.size, row.object, row.public, row.made_at,
        tuple(row.signers), row.addressee,
    )  # fmt: skip


def documents(lot: UUID, *, public_only: bool = False) -> list[DocumentFacts]:
    """Papers of a lot, oldest first."""
    rows = models.Document.objects.filter(lot=lot).order_by("made_at", "id")
    return [document_facts(row) for row in (rows.filter(public=True) if public_only else rows)]


def documents_by(lots: Iterable[UUID]) -> dict[UUID, list[DocumentFacts]]:
    """Papers of many lots, each lot's oldest first."""
    found: dict[UUID, list[DocumentFacts]] = {lot: [] for lot in lots}
    for row in models.Document.objects.filter(lot__in=list(found)).order_by("made_at", "id"):
        found[row.lot_id].append(document_facts(row))
    return found


def document(document: UUID) -> DocumentFacts:
    """One paper; `procedures.no-such-lot` if there is none."""
    row = models.Document.objects.filter(pk=document).first()
    if row is None:
        raise rules.NO_SUCH_LOT()
    return document_facts(row)
