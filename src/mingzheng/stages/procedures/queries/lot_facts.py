"""Lots with what their procedure says about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

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


def lot_of(row: models.Lot) -> LotFacts:
    """The facts of a row, for this package."""
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
    return lot_of(row)


def retenders_of(lot: UUID) -> list[LotFacts]:
    """Lots in which a failed or terminated one is tendered again, oldest first."""
    rows = (
        models.Lot.objects.select_related("procedure").filter(retender_of=lot).order_by("procedure__number", "number")
    )
    return [lot_of(row) for row in rows]


def lots_by_id(wanted: Iterable[UUID]) -> dict[UUID, LotFacts]:
    """Many lots at once."""
    rows = models.Lot.objects.select_related("procedure").filter(pk__in=set(wanted))
    return {row.id: lot_of(row) for row in rows}


def lots(*, standing: str = "", phases: tuple[str, ...] = ()) -> list[LotFacts]:
    """Lots by standing and phase, oldest first."""
    rows = models.Lot.objects.select_related("procedure").order_by("id")
    if standing:
        rows = rows.filter(standing=standing)
    if phases:
        rows = rows.filter(phase__in=phases)
    return [lot_of(row) for row in rows]


def lot_by_code(section_code: str) -> LotFacts | None:
    """A lot by its national section code."""
    row = models.Lot.objects.select_related("procedure").filter(section_code=section_code).first()
    return lot_of(row) if row else None


def lots_with_part(part: str, person: UUID) -> list[LotFacts]:
    """Lots in which a person holds a part."""
    rows = models.Appointment.objects.filter(part=part, person=person, ended_at=None).select_related("lot__procedure")
    return [lot_of(row.lot) for row in rows]


def reached(lot: UUID) -> dict[str, datetime]:
    """When the lot came to each phase."""
    return reached_by([lot])[lot]


def reached_by(lots: Iterable[UUID]) -> dict[UUID, dict[str, datetime]]:
    """When each of many lots came to each of its phases."""
    found: dict[UUID, dict[str, datetime]] = {lot: {} for lot in lots}
    for lot, phase, at in models.PhaseReached.objects.filter(lot__in=list(found)).values_list("lot", "phase", "at"):
        found[lot][phase] = at
    return found
