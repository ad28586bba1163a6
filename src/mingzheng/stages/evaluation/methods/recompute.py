"""A result as a record, and the check that anybody's computation of the same record gives the same result.

The record holds everything the result depends on: formula, score table, offers, scores, ceiling, drawn parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from mingzheng.stages.evaluation.methods.benchmark import Offer
from mingzheng.stages.evaluation.methods.lowest import Adjustment, lowest_price
from mingzheng.stages.evaluation.methods.scoring import (
    Criterion,
    CriterionFacts,
    Dropping,
    Outcome,
    Score,
    weighted,
)
from mingzheng.stages.evaluation.methods.trace import as_record
from mingzheng.stages.procedures import formulas
from mingzheng.stages.procedures.formulas import Formula
from mingzheng.stages.procedures.formulas.exact import shown

FORMAT = "mingzheng-evaluation-1"


def weighted_record(
    outcome: Outcome,
    criteria: Sequence[CriterionFacts],
    offers: Iterable[Offer],
    scores: Iterable[Score],
    rule: Formula,
    *,
    ceiling: Decimal | None = None,
    drawn: Mapping[str, Decimal] | None = None,
    dropping: Dropping | None = None,
) -> dict[str, Any]:
    """The record of a weighted result, as JSON."""
    return {
        "format": FORMAT,
        "method": "weighted",
        "formula": dict(rule.record),
        "criteria": [{"id": c.id, "name": c.name, "kind": c.kind, "full": shown(c.full)} for c in criteria],
        "offers": _offers(offers),
        "scores": sorted([s.member, s.bid, s.item, shown(s.points)] for s in scores),
        "ceiling": None if ceiling is None else shown(ceiling),
        "drawn": {name: shown(value) for name, value in sorted((drawn or {}).items())},
        "dropping": None if dropping is None else [dropping.members, dropping.high, dropping.low],
        **_result(outcome),
    }


def lowest_record(outcome: Outcome, offers: Iterable[Offer], adjustments: Iterable[Adjustment] = ()) -> dict[str, Any]:
    """The record of a lowest-price result, as JSON."""
    return {
        "format": FORMAT,
        "method": "lowest_price",
        "offers": _offers(offers),
        "adjustments": sorted([a.bid, a.reason, shown(a.amount)] for a in adjustments),
        **_result(outcome),
    }


def computes(record: Mapping[str, Any]) -> bool:
    """Whether computing the record again gives exactly the ranking and trace it tells."""
    try:
        outcome = _again(record)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return False
    return _result(outcome) == {"ranking": record.get("ranking"), "trace": record.get("trace")}


def _again(record: Mapping[str, Any]) -> Outcome:
    offers = [
        Offer(
            entry["bid"], Decimal(entry["price"]), datetime.fromisoformat(entry["submitted"]),
            None if entry["evaluated"] is None else Decimal(entry["evaluated"]),
        )
        for entry in record["offers"]
    ]  # fmt: skip
    if record["method"] == "lowest_price":
        return lowest_price(offers, [Adjustment(bid, why, Decimal(n)) for bid, why, n in record["adjustments"]])
    return weighted(
        [Criterion(c["id"], c["name"], c["kind"], Decimal(c["full"])) for c in record["criteria"]],
        offers,
        [Score(member, bid, item, Decimal(points)) for member, bid, item, points in record["scores"]],
        formulas.read(record["formula"]),
        ceiling=None if record["ceiling"] is None else Decimal(record["ceiling"]),
        drawn={name: Decimal(value) for name, value in record["drawn"].items()},
        dropping=None if record["dropping"] is None else Dropping(*record["dropping"]),
    )


def _offers(offers: Iterable[Offer]) -> list[dict[str, Any]]:
    return [
        {
            "bid": offer.bid, "price": shown(offer.price), "submitted": offer.submitted.isoformat(),
            "evaluated": None if offer.evaluated is None else shown(offer.evaluated),
        }
        for offer in sorted(offers, key=lambda offer: offer.bid)
    ]  # fmt: skip


def _result(outcome: Outcome) -> dict[str, Any]:
    ranking = [
        {
            "rank": place.rank, "bid": place.bid, "total": shown(place.total), "price": shown(place.price),
            "items": {item: shown(points) for item, points in place.items.items()},
        }
        for place in outcome.ranking
    ]  # fmt: skip
    return {"ranking": ranking, "trace": as_record(outcome.trace)}
