"""What runs, blocks and is held in a lot: clocks, holds, parts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.procedures import models, rules
from mingzheng.stages.procedures.queries.lot_facts import LotFacts


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


def require_part(facts: LotFacts, part: str, actor: Actor) -> None:
    """Refuse unless the actor holds this part in the lot."""
    held = parts(facts.id).get(part)
    if held is None or held[0] != actor.person:
        raise rules.NOT_APPOINTED(part=rules.PARTS.get(part, part))


def require_not_held(facts: LotFacts, act: str) -> None:
    """Refuse an act that an open hold blocks."""
    for hold in holds(facts.id):
        if hold.act == act:
            raise rules.HELD(because=hold.by, lifted_by=hold.lifted_by)
