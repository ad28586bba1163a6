"""What may be known of an evaluation: a member its own seat, others only states until the result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger import vault
from mingzheng.stages.evaluation import models, rules
from mingzheng.stages.opening import queries as opening


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat: states everybody concerned may see; never a name or a score."""

    seat: int
    kind: str
    signed_in_at: datetime | None
    declared_at: datetime | None
    recused: bool
    voted: bool
    committed_at: datetime | None
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """Where the evaluation of a lot stands."""

    lot: UUID
    method: str
    state: str
    formed_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    chair: int | None
    version: int
    report: UUID | None
    all_rejected: bool
    seats: tuple[SeatFacts, ...]


@dataclass(frozen=True, slots=True)
class OwnSeat:
    """A member's own seat with its own sealed scores."""

    seat: int
    kind: str
    state: SeatFacts
    scores: dict[str, Any]
    opinions: dict[str, Any]
    is_chair: bool
    dissent: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate of the report."""

    rank: int
    bid: UUID
    dealing: UUID
    bidder: UUID
    bidder_name: str
    price: Decimal
    score: str
    period_days: int | None
    quality: str
    project_manager: str


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """The signed report."""

    lot: UUID
    method: str
    ranking: tuple[Ranked, ...]
    rejected: tuple[dict[str, Any], ...]
    report_document: UUID
    finished_at: datetime
    all_rejected: bool
    trace: tuple[dict[str, str], ...]


def _seat(row: models.Member) -> SeatFacts:
    return SeatFacts(
        row.seat, row.kind, row.signed_in_at, row.declared_at, row.recused, row.vote is not None, row.committed_at,
        row.signed_at,
    )  # fmt: skip


def evaluation(lot: UUID) -> EvaluationState | None:
    """States only; None before a committee is formed."""
    row = models.Evaluation.objects.filter(pk=lot).first()
    if row is None:
        return None
    seats = tuple(_seat(m) for m in models.Member.objects.filter(lot=lot, active=True).order_by("seat"))
    return EvaluationState(
        lot, row.method, row.state, row.formed_at, row.started_at, row.finished_at, row.chair, row.version, row.report,
        row.all_rejected, seats,
    )  # fmt: skip


def formed(lots: Iterable[UUID]) -> set[UUID]:
    """Which of these lots have a committee."""
    return set(models.Evaluation.objects.filter(pk__in=list(lots)).values_list("pk", flat=True))


def methods(lots: Iterable[UUID]) -> dict[UUID, str]:
    """By which method the committees of these lots evaluate."""
    return dict(models.Evaluation.objects.filter(pk__in=list(lots)).values_list("pk", "method"))


def own_seat(lot: UUID, actor: Actor) -> OwnSeat:
    """The actor's own seat; refused to everybody else."""
    row = models.Member.objects.filter(lot=lot, active=True, person_tag=vault.tag("person", actor.person)).first()
    if actor.person is None or row is None:
        raise rules.NOT_A_MEMBER()
    chair = models.Evaluation.objects.values_list("chair", flat=True).get(pk=lot)
    return OwnSeat(row.seat, row.kind, _seat(row), row.scores, row.opinions, row.seat == chair, row.dissent)


def lots_of_member(person: UUID) -> list[UUID]:
    """Lots in whose committee a person sits."""
    rows = models.Member.objects.filter(person_tag=vault.tag("person", person), active=True)
    return list(rows.order_by("-id").values_list("lot", flat=True))


def revealed_scores(lot: UUID, actor: Actor) -> list[dict[str, Any]]:
    """All members' scores by seat, for a member, once all have committed (LN-7.2.2-1)."""
    own_seat(lot, actor)
    rows = list(models.Member.objects.filter(lot=lot, active=True).order_by("seat"))
    if any(row.committed_at is None for row in rows):
        raise rules.NOT_ALL_COMMITTED()
    return [{"seat": row.seat, "scores": row.scores, "opinions": row.opinions} for row in rows]


def outcome(lot: UUID) -> dict[str, Any]:
    """Ranking, rejections and trace as computed (the caller asks who may see them)."""
    row = models.Evaluation.objects.filter(pk=lot).first()
    return dict(row.outcome) if row else {}


def report(lot: UUID) -> EvaluationFacts | None:
    """The signed report's contents; None until all have signed."""
    row = models.Evaluation.objects.filter(pk=lot, state="finished").first()
    if row is None or row.report is None or row.finished_at is None:
        return None
    bids = {str(b.bid): b for b in opening.opened_bids(lot)}
    ranking = tuple(
        Ranked(
            one["rank"], UUID(one["bid"]), bids[one["bid"]].dealing, bids[one["bid"]].bidder,
            bids[one["bid"]].bidder_name, bids[one["bid"]].price, one["total"], bids[one["bid"]].period_days,
            bids[one["bid"]].quality, bids[one["bid"]].project_manager,
        )
        for one in row.outcome.get("ranking", [])
    )  # fmt: skip
    return EvaluationFacts(
        lot, row.method, ranking, tuple(row.outcome.get("rejected", [])), row.report, row.finished_at,
        row.all_rejected, tuple(row.outcome.get("trace", [])),
    )  # fmt: skip


def members(lot: UUID) -> list[dict[str, Any]]:
    """Who sat where (for the archive and, after the result, for those entitled; the caller asks the rule)."""
    return [
        {"seat": m.seat, "person": UUID(m.person), "kind": m.kind, "source": m.source, "active": m.active}
        for m in models.Member.objects.filter(lot=lot).order_by("seat", "id")
    ]
