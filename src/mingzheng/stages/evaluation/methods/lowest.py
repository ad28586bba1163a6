"""Lowest evaluated price 经评审的最低投标价法: the bid price with quantified deviations added, ranked upwards (F10).

A ceiling refuses no bid here: whether a bid above it is rejected is the committee's decision, made before ranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingzheng.kernel.money import text, yuan
from mingzheng.stages.evaluation.methods.benchmark import Offer
from mingzheng.stages.evaluation.methods.scoring import BadScore, Outcome, rank
from mingzheng.stages.evaluation.methods.trace import Step


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A quantified deviation of one bid from the documents: an amount in yuan added (or, negative, taken off)."""

    bid: str
    reason: str
    amount: Decimal


def lowest_price(
    offers: Iterable[Offer], adjustments: Iterable[Adjustment] = (), *, ties: Sequence[str] = ("submitted",)
) -> Outcome:
    """Rank by evaluated price, the lowest first; of equal prices the earlier submission wins.

    Raises `BadScore` for no offers, an adjustment of an unknown bid or an evaluated price below zero. A price of
    0.00 is ranked like any other: whether such a bid is rejected is the committee's decision too.
    """
    listed = sorted(offers, key=lambda offer: offer.bid)
    if not listed or len({offer.bid for offer in listed}) != len(listed):
        raise BadScore("ranking needs offers, each once")
    listed_adjustments = sorted(adjustments, key=lambda a: (a.bid, a.reason, a.amount))
    if unknown := {a.bid for a in listed_adjustments} - {offer.bid for offer in listed}:
        raise BadScore(f"adjustment of an unknown bid {sorted(unknown)}")
    trace: list[Step] = []
    totals: dict[str, Decimal] = {}
    for offer in listed:
        mine = [a for a in listed_adjustments if a.bid == offer.bid]
        total = sum((yuan(a.amount, negative=True) for a in mine), offer.counted)
        if total < 0:
            raise BadScore(f"the evaluated price of {offer.bid} is below zero")
        parts = [text(offer.counted), *(f"{text(a.amount)}（{a.reason}）" for a in mine)]
        trace.append(Step(f"评标价 {offer.bid}", " + ".join(parts), text(total)))
        totals[offer.bid] = total
    ranking = rank(listed, totals, {}, highest_first=False, ties=ties, trace=trace)
    return Outcome("lowest_price", ranking, tuple(trace))
