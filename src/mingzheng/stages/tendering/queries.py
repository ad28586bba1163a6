"""What others may know of notices, documents, dealings, questions. Frozen facts; whoever calls decides who may see dealings."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.ledger import vault
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import fields, models, rules
from mingzheng.stages.tendering.fields import Criterion

__all__ = [
    "CaseFacts", "ClarificationFacts", "Criterion", "DealingFacts", "MediaFacts", "QuestionFacts", "TenderFacts",
    "cases", "cases_of", "clarifications",
    "dealing", "dealing_by_id", "dealing_id", "dealings", "dealings_of", "document_fields", "draft", "holders", "media",
    "my_questions", "questions", "tender", "tenders", "unreadiness",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TenderFacts:
    """The documents of a lot in force. `document_digest` is that of the tender document's PDF."""

    lot: UUID
    version: int
    published_at: datetime
    template: str
    pack: str
    fields: dict[str, Any]
    notice: dict[str, Any]
    method: str
    price_ceiling: Decimal | None
    deposit_amount: Decimal
    deposit_ways: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    benchmark: dict[str, Any]
    review: tuple[dict[str, str], ...]
    summary_fields: tuple[str, ...]
    bid_validity_days: int
    decryption_minutes: int
    period_days: int
    opening_place: str
    content_digest: str
    document_digest: str
    criteria_digest: str
    notice_document: UUID
    tender_document: UUID


@dataclass(frozen=True, slots=True)
class DealingFacts:
    """One bidder in one lot. Secret until bidding has closed."""

    id: UUID
    lot: UUID
    organisation: UUID
    organisation_name: str
    contact: dict[str, str]
    enrolled_at: datetime
    downloads: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClarificationFacts:
    """A clarification as everybody reads it."""

    id: UUID
    lot: UUID
    number: int
    items: tuple[dict[str, str], ...]
    changes: tuple[str, ...]
    affects_bids: bool
    old_deadline: datetime
    new_deadline: datetime | None
    document: UUID
    digest: str
    author: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question without who asked it."""

    id: UUID
    lot: UUID
    text: str
    asked_at: datetime
    answer: str
    clarification: UUID | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """A paper on one statutory medium: state queued, received, refused or differs."""

    lot: UUID
    document: UUID
    medium: str
    state: str
    ours: str
    theirs: str
    reference: str
    url: str
    commissioned_at: datetime
    received_at: datetime | None
    compared_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """An objection to the documents or a complaint. `party` is None where the reader may not know who filed it."""

    id: UUID
    lot: UUID
    kind: str
    subject: str
    party: UUID | None
    text: str
    digest: str
    phase: str
    in_time: bool
    filed_at: datetime
    forwarded_to: str
    forwarded_at: datetime
    due: datetime
    state: str
    reason: str
    answer: str
    closed_at: datetime | None
    assistance: tuple[dict[str, Any], ...]


def tender(lot: UUID) -> TenderFacts:
    """The documents in force; `tendering.not-published` before the notice."""
    row = models.Tender.objects.filter(pk=lot).first()
    if row is None:
        raise rules.NOT_PUBLISHED()
    return _tender(row)


def tenders() -> list[TenderFacts]:
    """Every published notice, newest first."""
    return [_tender(row) for row in models.Tender.objects.order_by("-published_at", "lot")]


def _tender(row: models.Tender) -> TenderFacts:
    made = fields.read(row.fields)
    return TenderFacts(
        lot=row.lot, version=row.version, published_at=row.published_at, template=row.template, pack=row.pack,
        fields=row.fields, notice=row.notice, method=made.method, price_ceiling=made.price_ceiling,
        deposit_amount=made.deposit_amount, deposit_ways=made.deposit_ways, criteria=made.criteria,
        benchmark=made.benchmark, review=made.review, summary_fields=made.summary_fields,
        bid_validity_days=made.bid_validity_days, decryption_minutes=made.decryption_minutes,
        period_days=made.period_days, opening_place=str(row.notice.get("opening_place", "")),
        content_digest=row.content_digest, document_digest=row.document_digest, criteria_digest=row.criteria_digest,
        notice_document=row.notice_document, tender_document=row.tender_document,
    )  # fmt: skip


def document_fields(lot: UUID) -> fields.Document:
    """The published document, read."""
    row = models.Tender.objects.filter(pk=lot).first()
    if row is None:
        raise rules.NOT_PUBLISHED()
    return fields.read(row.fields)


def draft(lot: UUID) -> dict[str, Any] | None:
    """What the owner is writing: template, document, notice, times, reasons, saved_at. For the owner's pages only."""
    names = ("template", "document", "notice", "times", "reasons", "saved_at")
    row = models.DraftDocument.objects.filter(pk=lot).first()
    return {name: getattr(row, name) for name in names} if row else None


def dealing_tag(lot: UUID, organisation: UUID) -> str:
    return vault.tag("dealing", lot, organisation)


def dealing(lot: UUID, organisation: UUID | None) -> DealingFacts | None:
    """The dealing of an organisation in a lot, for itself."""
    if organisation is None:
        return None
    row = models.Dealing.objects.filter(tag=dealing_tag(lot, organisation)).first()
    return _dealing(row) if row else None


def dealing_id(lot: UUID, organisation: UUID | None) -> UUID | None:
    """Its id alone (for `evidence=` of commands: a refusal belongs to the dealing it happened in)."""
    if organisation is None:
        return None
    return models.Dealing.objects.filter(tag=dealing_tag(lot, organisation)).values_list("id", flat=True).first()


def dealing_by_id(dealing: UUID) -> DealingFacts:
    """A dealing by its random id; `tendering.not-enrolled` if there is none."""
    row = models.Dealing.objects.filter(pk=dealing).first()
    if row is None:
        raise rules.NOT_ENROLLED()
    return _dealing(row)


def dealings(lot: UUID) -> list[DealingFacts]:
    """All dealings of a lot, in the order of their random ids. Names and number are secret before bidding has closed."""
    return [_dealing(row) for row in models.Dealing.objects.filter(lot=lot).order_by("id")]


def dealings_of(organisation: UUID | None) -> list[DealingFacts]:
    """A bidder's own dealings, newest first (tags of different lots cannot be linked, so published lots are asked)."""
    if organisation is None:
        return []
    lots = models.Tender.objects.values_list("lot", flat=True)
    tags = [dealing_tag(lot, organisation) for lot in lots]
    return [_dealing(row) for row in models.Dealing.objects.filter(tag__in=tags).order_by("-enrolled_at", "id")]


def holders(lot: UUID) -> list[UUID]:
    """Organisations that took the documents, for messages alone."""
    return [UUID(row.organisation) for row in models.Dealing.objects.filter(lot=lot).order_by("id")]


def _dealing(row: models.Dealing) -> DealingFacts:
    return DealingFacts(
        row.id, row.lot, UUID(row.organisation), row.organisation_name, row.contact, row.enrolled_at,
        tuple(row.downloads),
    )  # fmt: skip


def clarifications(lot: UUID) -> list[ClarificationFacts]:
    """Clarifications of a lot by number."""
    return [
        ClarificationFacts(
            c.id, c.lot, c.number, tuple(c.items), tuple(c.changes), c.affects_bids, c.old_deadline, c.new_deadline,
            c.document, c.digest, c.author, c.published_at,
        )
        for c in models.Clarification.objects.filter(lot=lot).order_by("number")
    ]  # fmt: skip


def questions(lot: UUID, *, answered: bool | None = None) -> list[QuestionFacts]:
    """Questions without askers: open ones are for the owner, answered ones for everybody."""
    rows = models.Question.objects.filter(lot=lot).select_related("clarification").order_by("asked_at", "id")
    if answered is not None:
        rows = rows.filter(clarification__isnull=not answered)
    return [_question(row) for row in rows]


def my_questions(lot: UUID, organisation: UUID | None) -> list[QuestionFacts]:
    """The questions an organisation asked itself."""
    mine = dealing_id(lot, organisation)
    rows = models.Question.objects.filter(lot=lot).select_related("clarification").order_by("asked_at", "id")
    return [_question(row) for row in rows if mine is not None and row.dealing == str(mine)]


def _question(row: models.Question) -> QuestionFacts:
    known = row.clarification
    return QuestionFacts(
        row.id, row.lot, row.text, row.asked_at, row.answer, known.id if known else None,
        known.published_at if known else None,
    )  # fmt: skip


def media(lot: UUID) -> list[MediaFacts]:
    """Where the papers of a lot stand on the statutory media, by time and medium."""
    return [
        MediaFacts(
            s.lot, s.document, s.medium, s.state, s.digest, s.theirs, s.reference, s.url, s.commissioned_at,
            s.received_at, s.compared_at, s.reason,
        )
        for s in models.Submission.objects.filter(lot=lot).order_by("commissioned_at", "medium", "id")
    ]  # fmt: skip


def unreadiness(*, lot: UUID | None = None) -> list[dict[str, Any]]:
    """Reports that an opening cannot take place: of a lot for its owner, all for supervision, newest first."""
    rows = models.Unreadiness.objects.order_by("-reported_at")
    if lot is not None:
        rows = rows.filter(lot=lot)
    return [
        {
            "id": r.id, "lot": procedures.lot(r.lot), "cause": r.cause, "proposed": r.proposed, "handler": r.handler,
            "reported_at": r.reported_at, "settled_at": r.settled_at,
        }
        for r in rows
    ]  # fmt: skip


def cases(kind: str, *, lot: UUID | None = None, named: bool = False) -> list[CaseFacts]:
    """Objections (of a lot, for its owner: without who) or complaints (for supervision and the centre), newest first."""
    rows = models.Case.objects.filter(kind=kind).prefetch_related("assistance").order_by("-filed_at", "id")
    if lot is not None:
        rows = rows.filter(lot=lot)
    return [_case(row, named=named) for row in rows]


def cases_of(organisation: UUID | None, *, lot: UUID) -> list[CaseFacts]:
    """What an organisation filed itself in a lot."""
    rows = models.Case.objects.filter(lot=lot).prefetch_related("assistance").order_by("-filed_at", "id")
    return [_case(row, named=True) for row in rows if row.party == str(organisation)]


def _case(row: models.Case, *, named: bool) -> CaseFacts:
    entries = tuple(
        {"id": a.pk, "asked": a.asked, "asked_at": a.asked_at, "text": a.text, "attachment": a.attachment,
         "staff": a.staff, "given_at": a.given_at, "site": parties.person(a.staff).organisation_name if a.staff else ""}
        for a in sorted(row.assistance.all(), key=lambda entry: entry.pk)
    )  # fmt: skip
    return CaseFacts(
        row.id, row.lot, row.kind, row.subject, UUID(row.party) if named else None, row.text, row.digest, row.phase,
        row.in_time, row.filed_at, row.forwarded_to, row.forwarded_at, row.due, row.state, row.reason, row.answer,
        row.closed_at, entries,
    )  # fmt: skip
