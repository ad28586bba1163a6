"""What may be known of files, volumes, catalogues and inquiries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import models, rules
from mingzheng.stages.procedures import packs, profiles
from mingzheng.stages.procedures import queries as procedures


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
    volume: UUID | None
    code: str
    room: str
    missing: tuple[str, ...]
    reason: str
    retain_until: datetime | None
    retain_rule: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One line of a catalogue."""

    lot: UUID
    number: int | None
    category: str
    category_name: str
    title: str
    medium: str
    source: str
    event: str
    made_at: datetime
    extent: str
    digest: str
    reference: str
    shelf: str


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """One inquiry as filed and decided."""

    id: UUID
    number: str
    lot: UUID
    items: tuple[int, ...]
    purpose: str
    inquirer: UUID
    on_paper_for: str
    filed_at: datetime
    state: str
    decided_by: UUID | None
    valid_until: datetime | None
    answer: str

    def open_to(self, person: UUID, number: int, at: datetime) -> bool:
        """Whether this person may see this line now."""
        in_time = self.valid_until is not None and at < self.valid_until
        return self.state == "approved" and person == self.inquirer and number in self.items and in_time


def _facts(row: models.File) -> FileFacts:
    volume = row.volume
    return FileFacts(
        row.lot, row.closed_at, row.outcome, row.state, row.path, row.entries, row.manifest, row.size, row.packed_at,
        row.documents, row.streams, row.error, row.volume_id, volume.code if volume else "", volume.room if volume else "",
        tuple(row.missing), row.reason, row.retain_until, row.retain_rule,
    )  # fmt: skip


def file(lot: UUID) -> FileFacts | None:
    """None before the file is closed."""
    row = models.File.objects.select_related("volume").filter(pk=lot).first()
    return _facts(row) if row else None


def files(words: str = "") -> list[FileFacts]:
    """Newest first; with `words` those of the procedure with this number, code or name."""
    rows = [_facts(row) for row in models.File.objects.select_related("volume").order_by("-closed_at")[:500]]
    if not words.strip():
        return rows

    lots = procedures.lots_by_id(one.lot for one in rows)

    def fits(one: FileFacts) -> bool:
        lot = lots[one.lot]
        return words.strip() in f"{lot.procedure_number} {lot.section_code} {lot.procedure_name} {lot.name} {one.code}"

    return [one for one in rows if fits(one)]


def to_pack() -> list[UUID]:
    """Closed files without a package."""
    return list(models.File.objects.filter(state="closed").order_by("closed_at").values_list("lot", flat=True)[:20])


def files_to_check(at: datetime) -> list[UUID]:
    """The closed file whose items were hashed longest ago, when that was more than a day (or never)."""
    rows = models.File.objects.exclude(state="disposed").filter(
        Q(checked_at=None) | Q(checked_at__lte=at - timedelta(days=1))
    )
    return list(rows.order_by(F("checked_at").asc(nulls_first=True), "closed_at").values_list("lot", flat=True)[:1])


def _item(row: models.Item) -> ItemFacts:
    return ItemFacts(
        row.lot, row.number, row.category, rules.CATEGORIES[row.category], row.title, row.medium, row.source, row.event,
        row.made_at, row.extent, row.digest, row.reference, row.shelf,
    )  # fmt: skip


def items(lot: UUID) -> list[ItemFacts]:
    """The catalogue of a closed file, by number."""
    return [_item(row) for row in models.Item.objects.filter(lot=lot).exclude(number=None).order_by("number")]


def item(lot: UUID, number: int) -> ItemFacts | None:
    row = models.Item.objects.filter(lot=lot, number=number).first()
    return _item(row) if row else None


def volume_lots(volume: UUID) -> list[UUID]:
    """The closed parts of a volume."""
    return list(models.File.objects.filter(volume=volume).order_by("closed_at").values_list("lot", flat=True))


def least_years(kind: str, pack: str, chosen: tuple[str, ...]) -> tuple[int, str]:
    """Fewest years a file may be kept: the lot's pinned rules and the profiles it came under."""
    pinned = packs.pinned(pack)
    found = [(int(pinned.value(rule)), rule) for rule in ("GD-03", "GD-02") if rule in pinned.rules]
    found.append((int(profiles.combined(chosen)["retention_years"]), "profile " + "+".join(chosen)))
    return max(found, key=lambda one: one[0])


def years_kept(kind: str, least: int) -> int:
    """Years this deployment keeps files of a kind."""
    row = models.Retention.objects.filter(pk=kind).first()
    return max(row.years, least) if row else least


def _inquiry(row: models.Inquiry) -> InquiryFacts:
    return InquiryFacts(
        row.id, row.number, row.lot, tuple(row.items), row.purpose, row.inquirer, row.on_paper_for, row.filed_at, row.state,
        row.decided_by, row.valid_until, row.answer,
    )  # fmt: skip


def inquiry(inquiry: UUID) -> InquiryFacts | None:
    row = models.Inquiry.objects.filter(pk=inquiry).first()
    return _inquiry(row) if row else None


def inquiries(*, state: str = "", inquirer: UUID | None = None, lot: UUID | None = None) -> list[InquiryFacts]:
    """Newest first."""
    rows = models.Inquiry.objects.order_by("-filed_at", "-number")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(inquirer=inquirer) if inquirer else rows
    return [_inquiry(row) for row in (rows.filter(lot=lot) if lot else rows)[:200]]


def looks(person: UUID, inquiry: UUID, number: int) -> list[datetime]:
    """When a person looked at a line under an inquiry, from the person's own stream."""
    return [
        entry.at
        for entry in stream_entries(stored_stream(f"person:{person}"))
        if entry.kind == "archiving.item-opened" and entry.event.inquiry == inquiry and entry.event.number == number
    ]


def disposal(lot: UUID) -> models.Disposal | None:
    return models.Disposal.objects.filter(lot=lot).first()


def ended(at: datetime) -> list[tuple[procedures.LotFacts, datetime, datetime]]:
    """Lots that have ended without a closed file: (lot, ended, date by which it should be archived)."""
    over = [
        *procedures.lots(phases=("contracted",)), *procedures.lots(standing="failed"),
        *procedures.lots(standing="terminated"),
    ]  # fmt: skip
    closed = set(models.File.objects.filter(pk__in=[lot.id for lot in over]).values_list("lot", flat=True))
    reached = procedures.reached_by(lot.id for lot in over if lot.id not in closed)
    since = {lot: max(phases.values()) for lot, phases in reached.items()}
    found = [(lot, since[lot.id], since[lot.id] + timedelta(days=rules.WATCH_DAYS)) for lot in over if lot.id in since]
    return sorted(found, key=lambda one: one[2])
