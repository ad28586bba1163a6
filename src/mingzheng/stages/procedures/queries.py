"""What others may know of procedures and lots. Frozen facts, never models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import NOT_YOURS, Refused
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import models, rules


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot with what its procedure says about it."""

    id: UUID
    number: int
    name: str
    procedure: UUID
    procedure_name: str
    procedure_number: str
    kind: str
    mandatory: bool
    procuring_entity: UUID
    agency: UUID | None
    estimate: Decimal
    content: dict[str, Any]
    section_code: str
    unified_deal_code: str
    pack: str
    profiles: tuple[str, ...]
    suite: str
    standing: str
    phase: str
    cause: str
    suspended_at: datetime | None
    retender_of: UUID | None
    supervision_department: str
    service_name: str
    service_phone: str
    region: str
    location: str


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A clock: when it is due, how that was computed, whether it runs."""

    name: str
    started_at: datetime
    due: datetime
    because: str
    rule: str
    provisional: bool
    state: str
    left_seconds: float | None


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What blocks an act and who can lift it."""

    id: UUID
    act: str
    by: str
    subject: UUID | None
    lifted_by: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """A procedure with its lots."""

    id: UUID
    number: str
    name: str
    kind: str
    mandatory: bool
    state: str
    procuring_entity: UUID
    agency: UUID | None
    plan: UUID | None
    content: dict[str, Any]
    prompts: tuple[str, ...]
    channel: str
    entered_by: UUID | None
    submitted_at: datetime
    registered_at: datetime | None
    service_responsible: UUID | None
    service_name: str
    service_phone: str
    tender_project_code: str
    told: tuple[dict[str, Any], ...]
    lots: tuple[LotFacts, ...]


def _lot(row: models.Lot) -> LotFacts:
    p = row.procedure
    return LotFacts(
        id=row.id, number=row.number, name=row.name, procedure=p.id, procedure_name=p.name, procedure_number=p.number,
        kind=p.kind, mandatory=p.mandatory, procuring_entity=p.procuring_entity, agency=p.agency, estimate=row.estimate,
        content=row.content, section_code=row.section_code, unified_deal_code=row.unified_deal_code, pack=row.pack,
        profiles=tuple(row.profiles), suite=row.suite, standing=row.standing, phase=row.phase, cause=row.cause,
        suspended_at=row.suspended_at, retender_of=row.retender_of_id,
        supervision_department=p.content.get("supervision_department", ""), service_name=p.service_name,
        service_phone=p.service_phone, region=p.content.get("region", ""),
        location=row.content.get("location") or p.content.get("location", ""),
    )  # fmt: skip


def lot(lot: UUID) -> LotFacts:
    """One lot; `procedures.no-such-lot` if there is none."""
    row = models.Lot.objects.select_related("procedure").filter(pk=lot).first()
    if row is None:
        raise rules.NO_SUCH_LOT()
    return _lot(row)


def lots_by_id(wanted: Iterable[UUID]) -> dict[UUID, LotFacts]:
    """Many lots at once."""
    rows = models.Lot.objects.select_related("procedure").filter(pk__in=set(wanted))
    return {row.id: _lot(row) for row in rows}


def lots(*, standing: str = "", phases: tuple[str, ...] = ()) -> list[LotFacts]:
    """Lots by standing and phase, oldest first."""
    rows = models.Lot.objects.select_related("procedure").order_by("id")
    if standing:
        rows = rows.filter(standing=standing)
    if phases:
        rows = rows.filter(phase__in=phases)
    return [_lot(row) for row in rows]


def lot_by_code(section_code: str) -> LotFacts | None:
    """A lot by its national section code."""
    row = models.Lot.objects.select_related("procedure").filter(section_code=section_code).first()
    return _lot(row) if row else None


def procedure(procedure: UUID) -> ProcedureFacts:
    """One procedure; `procedures.no-such-lot` if there is none."""
    row = _with_parts(models.Procedure.objects.filter(pk=procedure)).first()
    if row is None:
        raise rules.NO_SUCH_LOT()
    return _procedure(row)


def _with_parts(rows: QuerySet[models.Procedure]) -> QuerySet[models.Procedure]:
    """With lots and what was told, in two queries for however many procedures."""
    lots = models.Lot.objects.select_related("procedure").order_by("number")
    return rows.prefetch_related(
        Prefetch("lots", queryset=lots), Prefetch("told", queryset=models.ToldOnce.objects.order_by("round", "id"))
    )


def _procedure(row: models.Procedure) -> ProcedureFacts:
    return ProcedureFacts(
        id=row.id, number=row.number, name=row.name, kind=row.kind, mandatory=row.mandatory, state=row.state,
        procuring_entity=row.procuring_entity, agency=row.agency, plan=row.plan_id, content=row.content,
        prompts=tuple(row.prompts), channel=row.channel, entered_by=row.entered_by, submitted_at=row.submitted_at,
        registered_at=row.registered_at, service_responsible=row.service_responsible, service_name=row.service_name,
        service_phone=row.service_phone, tender_project_code=row.tender_project_code,
        told=tuple(
            {"round": one.round, "item": one.item, "late": one.late, "reason": one.reason, "supplied": one.supplied}
            for one in row.told.all()
        ),
        lots=tuple(_lot(one) for one in row.lots.all()),
    )  # fmt: skip


def procedures_for(actor: Actor) -> list[ProcedureFacts]:
    """Procedures on the actor's desk: own ones for parties, all for centre staff, witness and supervisor, newest first."""
    rows = models.Procedure.objects.order_by("-submitted_at")
    if not actor.has("centre_staff", "witness", "supervisor", "archivist"):
        if actor.organisation is None:
            return []
        rows = rows.filter(procuring_entity=actor.organisation) | rows.filter(agency=actor.organisation)
    return [_procedure(row) for row in _with_parts(rows)[:200]]


@dataclass(frozen=True, slots=True)
class WaitingFacts:
    """A registration the centre has to handle, and by when it promised to."""

    procedure: UUID
    name: str
    promised: datetime
    told_overdue: bool

    def overdue(self, at: datetime) -> bool:
        return at >= self.promised


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """The registration desk in numbers: shares in percent, None without cases; how often a late item was asked for."""

    registrations: int
    online_share: Decimal | None
    on_time_rate: Decimal | None
    overdue: int
    late_items: int


def waiting_registrations() -> list[WaitingFacts]:
    """Handed in and not yet completed or returned, the nearest promise first."""
    rows = models.Procedure.objects.filter(state__in=("submitted", "supplemented")).order_by("handed_in_at")
    return [
        WaitingFacts(row.id, row.name, rules.promised(row.handed_in_at), row.overdue_told_at is not None)
        for row in rows
        if row.handed_in_at is not None
    ]


def registration_desk(at: datetime) -> DeskFacts:
    """All registrations so far, counted; a case still waiting counts as late once its promise has passed."""
    taken, online, total = [], 0, 0
    for row in models.Procedure.objects.exclude(handed_in_at=None):
        total, online = total + 1, online + (row.channel == "online")
        assert row.handed_in_at is not None
        promised = rules.promised(row.handed_in_at)
        if row.registered_at or at >= promised:
            taken.append((promised, row.registered_at or at))
    share = (Decimal(100) * online / total).quantize(Decimal("0.1")) if total else None
    late = models.ToldOnce.objects.filter(late=True).count()
    overdue = sum(one.overdue(at) for one in waiting_registrations())
    return DeskFacts(total, share, rules.on_time_rate(taken), overdue, late)


def latest_registration(organisation: UUID) -> dict[str, Any] | None:
    """What the procuring entity said in its newest registration, None for the first."""
    row = models.Procedure.objects.filter(procuring_entity=organisation).order_by("-submitted_at").first()
    return dict(row.content) if row else None


def plans_of(organisation: UUID) -> list[dict[str, Any]]:
    """Tender plans a procuring entity published, newest first."""
    rows = models.TenderPlan.objects.filter(procuring_entity=organisation).order_by("-published_at")
    return [
        dict(row)
        for row in rows.values("id", "name", "location", "content", "estimate", "expected_notice", "published_at")
    ]


def planned_location(plan: UUID | None) -> str:
    """Where the plan says the works will be, '' without a plan."""
    found = models.TenderPlan.objects.filter(pk=plan) if plan else models.TenderPlan.objects.none()
    return found.values_list("location", flat=True).first() or ""


def clocks(lot: UUID) -> dict[str, ClockFacts]:
    """All clocks of a lot by name."""
    return clocks_of([lot]).get(lot, {})


def clocks_of(lots: Iterable[UUID]) -> dict[UUID, dict[str, ClockFacts]]:
    """The clocks of many lots at once, by lot and name; a lot without clocks is not there."""
    found: dict[UUID, dict[str, ClockFacts]] = {}
    for c in models.Clock.objects.filter(lot__in=set(lots)):
        found.setdefault(c.lot_id, {})[c.name] = ClockFacts(
            c.name, c.started_at, c.due, c.because, c.rule, c.provisional, c.state, c.left_seconds
        )
    return found


def clock(lot: UUID, name: str) -> ClockFacts | None:
    """One clock of a lot."""
    return clocks(lot).get(name)


def due(name: str, at: datetime) -> list[UUID]:
    """Running lots whose running clock `name` is due at `at` (for jobs)."""
    return list(
        models.Clock.objects.filter(
            name=name, state="running", due__lte=at, provisional=False, lot__standing=rules.RUNNING
        ).values_list("lot_id", flat=True)
    )


def holds(lot: UUID) -> list[HoldFacts]:
    """Open holds of a lot."""
    return [
        HoldFacts(h.id, h.act, h.by, h.subject, h.lifted_by, h.placed_at)
        for h in models.Hold.objects.filter(lot=lot, lifted_at=None).order_by("placed_at")
    ]


def parts(lot: UUID) -> dict[str, tuple[UUID, UUID]]:
    """Who holds which part: part -> (person, organisation)."""
    return {a.part: (a.person, a.organisation) for a in models.Appointment.objects.filter(lot=lot, ended_at=None)}


def held_parts(part: str, lots: Iterable[UUID]) -> set[UUID]:
    """Which of these lots have somebody in the part."""
    rows = models.Appointment.objects.filter(lot__in=set(lots), part=part, ended_at=None)
    return set(rows.values_list("lot_id", flat=True))


def lots_with_part(part: str, person: UUID) -> list[LotFacts]:
    """Lots in which a person holds a part."""
    rows = models.Appointment.objects.filter(part=part, person=person, ended_at=None).select_related("lot__procedure")
    return [_lot(row.lot) for row in rows]


def prepared_at(procedure: UUID) -> datetime:
    """When preparation became visible: the tender plan's publication, else the first handing in of the registration."""
    row = models.Procedure.objects.select_related("plan").get(pk=procedure)
    return row.plan.published_at if row.plan else row.submitted_at


def reached(lot: UUID) -> dict[str, datetime]:
    """When the lot came to each phase."""
    return dict(models.PhaseReached.objects.filter(lot=lot).values_list("phase", "at"))


def owns(facts: LotFacts | ProcedureFacts, actor: Actor, at: datetime) -> bool:
    """The procuring entity, or its agency while authorised (RG-7.1-5)."""
    authorised = (
        actor.organisation is not None
        and facts.agency == actor.organisation
        and parties.may_act_for(actor.organisation, facts.procuring_entity, getattr(facts, "procedure", facts.id), at)
    )
    return rules.owns(actor, facts.procuring_entity, facts.agency, authorised)


INSIDE = ("centre_staff", "supervisor", "witness", "archivist", "system")


def may_know(facts: LotFacts | ProcedureFacts, actor: Actor, at: datetime) -> bool:
    """Whether the actor may know that this exists: a lot from its notice on everybody, a registration those concerned."""
    if isinstance(facts, LotFacts) and facts.phase != "registered":
        return True
    named = actor.organisation is not None and actor.organisation in (facts.procuring_entity, facts.agency)
    return named or actor.has(*INSIDE) or (actor.person is not None and owns(facts, actor, at))


def require_known_lot(wanted: UUID, actor: Actor, at: datetime) -> None:
    """`procedures.no-such-lot` for what there is not and for what the actor may not know of: nobody can tell them apart."""
    if not may_know(lot(wanted), actor, at):
        raise rules.NO_SUCH_LOT()


def require_known_procedure(wanted: UUID, actor: Actor, at: datetime) -> None:
    """The same for a registration."""
    if not may_know(procedure(wanted), actor, at):
        raise rules.NO_SUCH_LOT()


def require_part(facts: LotFacts, part: str, actor: Actor) -> None:
    """Refuse unless the actor holds this part in the lot."""
    held = parts(facts.id).get(part)
    if held is None or held[0] != actor.person:
        raise rules.NOT_APPOINTED(part=part)


def require_not_held(facts: LotFacts, act: str) -> None:
    """Refuse an act that an open hold blocks."""
    for hold in holds(facts.id):
        if hold.act == act:
            raise rules.HELD(because=hold.by, lifted_by=hold.lifted_by)


def not_yours() -> Refused:
    return NOT_YOURS()


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


def document(document: UUID) -> DocumentFacts:
    """One paper; `procedures.no-such-lot` if there is none."""
    row = models.Document.objects.filter(pk=document).first()
    if row is None:
        raise rules.NO_SUCH_LOT()
    return document_facts(row)
