"""Weighted scoring 综合评估法: members' scores and price points become totals and a ranking with its trace.

An item's score is the mean of the members' scores, rounded half up to two places; where the documents say so, one or
more of the highest and lowest are left out once there are enough members (F11). Totals are sums of item scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from mingzheng.kernel.money import text
from mingzheng.stages.evaluation.methods.benchmark import Offer, PriceResult, price_points
from mingzheng.stages.evaluation.methods.trace import Step, Trace
from mingzheng.stages.procedures.formulas import Formula
from mingzheng.stages.procedures.formulas.exact import EXACT, rounded, shown

PLACES = 2


class BadScore(ValueError):
    """A score is missing, out of its range, too finely divided, or given for an item or bid that is not listed."""


class CriterionFacts(Protocol):
    """One item of the published score table; `kind` is objective, subjective or price, `full` its most points."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def full(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of a score table."""

    id: str
    name: str
    kind: str
    full: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """What one member gives one bid on one item."""

    member: str
    bid: str
    item: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Dropping:
    """Leave out so many of the highest and lowest scores of an item once there are `members` or more."""

    members: int
    high: int = 1
    low: int = 1


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place of the ranking. `total` is a score (weighted) or an evaluated price (lowest price)."""

    rank: int
    bid: str
    total: Decimal
    price: Decimal
    items: Mapping[str, Decimal]


@dataclass(frozen=True)
class Outcome:
    """A ranking, the price computation where there was one, and the trace of all of it."""

    method: str
    ranking: tuple[Ranked, ...]
    trace: Trace
    price: PriceResult | None = None


def check_score(criterion: CriterionFacts, points: Decimal) -> Decimal:
    """The score if it may be given on this item: 0 to full, two places at most. Raises `BadScore`."""
    if criterion.kind == "price":
        raise BadScore(f"{criterion.id}: price points are computed, nobody gives them")
    value = Decimal(points)
    if not value.is_finite() or not 0 <= value <= criterion.full:
        raise BadScore(f"{criterion.id}: {points} is not between 0 and {criterion.full}")
    if value != rounded(value, PLACES):
        raise BadScore(f"{criterion.id}: {points} has more than {PLACES} places")
    return value


def weighted(
    criteria: Sequence[CriterionFacts],
    offers: Iterable[Offer],
    scores: Iterable[Score],
    rule: Formula,
    *,
    ceiling: Decimal | None = None,
    drawn: Mapping[str, Decimal] | None = None,
    dropping: Dropping | None = None,
    fixed: Decimal | None = None,
) -> Outcome:
    """Rank the bids by total points; ties by the formula's tie rule, then by earlier submission.

    Every member must have scored every item of every bid. Raises `BadScore`, `BadFormula`.
    """
    listed = sorted(offers, key=lambda offer: offer.bid)
    given = _table(criteria, [offer.bid for offer in listed], scores)
    trace: list[Step] = []
    items: dict[str, dict[str, Decimal]] = {offer.bid: {} for offer in listed}
    prices: PriceResult | None = None
    for criterion in criteria:
        if criterion.kind == "price":
            prices = price_points(rule, criterion.full, listed, ceiling=ceiling, drawn=drawn, fixed=fixed)
            trace += prices.trace
            for bid, points in prices.points.items():
                items[bid][criterion.id] = points
            continue
        for offer in listed:
            points, step = _item(criterion, offer.bid, given[offer.bid, criterion.id], dropping)
            items[offer.bid][criterion.id] = points
            trace.append(step)
    totals = {bid: sum(points.values(), Decimal(0)) for bid, points in items.items()}
    for bid in sorted(totals):
        trace.append(
            Step(f"总分 {bid}", " + ".join(shown(points) for points in items[bid].values()), shown(totals[bid]))
        )
    ranking = rank(listed, totals, items, highest_first=True, ties=rule.ties, trace=trace)
    return Outcome("weighted", ranking, tuple(trace), prices)


def _table(
    criteria: Sequence[CriterionFacts], bids: list[str], scores: Iterable[Score]
) -> dict[tuple[str, str], dict[str, Decimal]]:
    """The members' scores by bid and item, complete and in range."""
    by_id = {criterion.id: criterion for criterion in criteria}
    table: dict[tuple[str, str], dict[str, Decimal]] = {}
    members: set[str] = set()
    for score in scores:
        criterion = by_id.get(score.item)
        if criterion is None or score.bid not in bids:
            raise BadScore(f"{score.item} of {score.bid} is not listed")
        cell = table.setdefault((score.bid, score.item), {})
        if score.member in cell:
            raise BadScore(f"{score.member} scored {score.item} of {score.bid} twice")
        cell[score.member] = check_score(criterion, score.points)
        members.add(score.member)
    scored = [criterion.id for criterion in criteria if criterion.kind != "price"]
    for bid in bids:
        for item in scored:
            cell = table.get((bid, item), {})
            if cell.keys() != members or not members:
                raise BadScore(f"{item} of {bid} is not scored by every member")
    return table


def _item(
    criterion: CriterionFacts, bid: str, cell: Mapping[str, Decimal], dropping: Dropping | None
) -> tuple[Decimal, Step]:
    """The mean of the members' scores on one item, with the line that shows it."""
    ordered = sorted(cell.values())
    told = "、".join(shown(points) for _, points in sorted(cell.items()))
    if dropping is not None and len(ordered) >= dropping.members and dropping.high + dropping.low < len(ordered):
        ordered = ordered[dropping.low : len(ordered) - dropping.high]
        told += f"；去除最高 {dropping.high} 个、最低 {dropping.low} 个"
    mean = rounded(EXACT.divide(sum(ordered, Decimal(0)), Decimal(len(ordered))), PLACES)
    return mean, Step(f"{criterion.name} {bid}", f"({told}) 的平均值", shown(mean))


def rank(
    offers: Sequence[Offer],
    totals: Mapping[str, Decimal],
    items: Mapping[str, Mapping[str, Decimal]],
    *,
    highest_first: bool,
    ties: Sequence[str],
    trace: list[Step],
) -> tuple[Ranked, ...]:
    """Places 1, 2, 3 … by total; equal totals by the tie rule (`price` the lower, `submitted` the earlier)."""
    sign = -1 if highest_first else 1

    def key(offer: Offer) -> tuple[object, ...]:
        by = {"price": offer.counted, "submitted": offer.submitted}
        return (sign * totals[offer.bid], *(by[tie] for tie in ties), offer.submitted, offer.bid)

    ordered = sorted(offers, key=key)
    for first, second in pairwise(ordered):
        if totals[first.bid] == totals[second.bid]:
            told = f"{text(first.counted)}（{first.submitted:%m-%d %H:%M:%S}） 与 {text(second.counted)}（{second.submitted:%m-%d %H:%M:%S}）"
            trace.append(Step(f"同分（价）比较 {first.bid} 与 {second.bid}", told, f"{first.bid} 在前"))
    return tuple(
        Ranked(place, offer.bid, totals[offer.bid], offer.counted, dict(items.get(offer.bid, {})))
        for place, offer in enumerate(ordered, 1)
    )
