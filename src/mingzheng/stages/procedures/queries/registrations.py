"""Procedures, the registration desk, plans."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from mingzheng.kernel.actor import Actor
from mingzheng.stages.procedures import models, rules
from mingzheng.stages.procedures.queries.lot_facts import LotFacts, lot_of


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


def procedure(procedure: UUID) -> ProcedureFacts:
    """One procedure; `procedures.no-such-lot` if there is none."""
    row = _with_parts(models.Procedure.objects.filter(pk=procedure)).first()
    if row is None:
        raise rules.NO_SUCH_LOT()
    return _procedure(row)


def procedure_by_number(number: str) -> ProcedureFacts | None:
    """The procedure with this registration number or tender project code, or the one a section code belongs to."""
    rows = models.Procedure.objects.filter(
        Q(number=number) | Q(tender_project_code=number) | Q(lots__section_code=number)
    )
    row = rows.distinct().first() if number else None
    return procedure(row.id) if row else None


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
        lots=tuple(lot_of(one) for one in row.lots.all()),
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


def prepared_at(procedure: UUID) -> datetime:
    """When preparation became visible: the tender plan's publication, else the first handing in of the registration."""
    row = models.Procedure.objects.select_related("plan").get(pk=procedure)
    return row.plan.published_at if row.plan else row.submitted_at
