"""Totals, ranking, lowest price, hints and records anybody can compute again."""

from __future__ import annotations

import copy
import json
import os
import random
import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import digest
from mingzheng.kernel.canonical import dumps
from mingzheng.kernel.clock import UTC8
from mingzheng.stages.evaluation import methods
from mingzheng.stages.evaluation.methods import (
    Adjustment,
    BadScore,
    Criterion,
    Dropping,
    Offer,
    Score,
    load_formula,
    lowest_price,
    weighted,
)
from mingzheng.stages.procedures import kinds, packs

START = datetime(2026, 3, 24, 9, 0, tzinfo=UTC8)
CRITERIA = (
    Criterion("price", "投标报价", "price", Decimal(60)),
    Criterion("plan", "施工组织设计", "subjective", Decimal(30)),
    Criterion("record", "类似业绩", "objective", Decimal(10)),
)
MEMBERS = ("e1", "e2", "e3", "e4", "e5")


def offers(*prices: str | int | Decimal) -> list[Offer]:
    return [Offer(f"b{n:02d}", Decimal(p), START + timedelta(minutes=n)) for n, p in enumerate(prices, 1)]


def sheet(plan: dict[str, list[str]], record: dict[str, str]) -> list[Score]:
    scores = [Score(m, bid, "plan", Decimal(p)) for bid, row in plan.items() for m, p in zip(MEMBERS, row, strict=True)]
    return scores + [Score(m, bid, "record", Decimal(p)) for bid, p in record.items() for m in MEMBERS]


PLAN = {"b01": ["20", "21", "22", "23", "30"], "b02": ["25"] * 5, "b03": ["10"] * 5}
RECORD = {"b01": "10", "b02": "5", "b03": "0"}


def test_the_total_is_price_points_plus_the_mean_of_the_members_scores() -> None:
    outcome = weighted(CRITERIA, offers(1000, 900, 1200), sheet(PLAN, RECORD), load_formula("F1"))
    first, second, third = outcome.ranking
    assert (first.bid, first.total) == ("b02", Decimal("90.00"))  # 60 + 25 + 5
    assert (second.bid, second.total) == ("b01", Decimal("87.20"))  # 54 + 23.2 + 10
    assert second.items == {"price": Decimal("54.00"), "plan": Decimal("23.20"), "record": Decimal("10.00")}
    assert third.bid == "b03" and [place.rank for place in outcome.ranking] == [1, 2, 3]


def test_highest_and_lowest_scores_leave_where_the_documents_say_so() -> None:
    outcome = weighted(CRITERIA, offers(1000, 900, 1200), sheet(PLAN, RECORD), load_formula("F1"), dropping=Dropping(5))
    assert next(p for p in outcome.ranking if p.bid == "b01").items["plan"] == Decimal("22.00")
    fewer = weighted(CRITERIA, offers(1000, 900, 1200), sheet(PLAN, RECORD), load_formula("F1"), dropping=Dropping(7))
    assert next(p for p in fewer.ranking if p.bid == "b01").items["plan"] == Decimal("23.20")


def test_of_equal_totals_the_lower_price_wins_and_of_equal_prices_the_earlier_submission() -> None:
    plan, record = {b: ["20"] * 5 for b in ("b01", "b02")}, {"b01": "5", "b02": "5"}
    same = weighted(CRITERIA, offers(1000, 1000), sheet(plan, record), load_formula("F1"))
    assert [place.bid for place in same.ranking] == ["b01", "b02"]
    assert any(step.what.startswith("同分") for step in same.trace)
    record["b02"] = "10"
    plan["b02"] = ["21"] * 5  # 54 + 21 + 10 == 60 + 20 + 5
    equal = weighted(
        CRITERIA, [*offers(900), Offer("b02", Decimal(1000), START)], sheet(plan, record), load_formula("F1")
    )
    assert {place.total for place in equal.ranking} == {Decimal("85.00")} and equal.ranking[0].bid == "b01"


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        (sheet(PLAN, RECORD)[1:], "every member"),
        ([], "every member"),
        ([*sheet(PLAN, RECORD), Score("e1", "b01", "plan", Decimal(1))], "twice"),
        ([*sheet(PLAN, RECORD), Score("e1", "b01", "beauty", Decimal(1))], "not listed"),
        ([*sheet(PLAN, RECORD), Score("e1", "b09", "plan", Decimal(1))], "not listed"),
        ([*sheet(PLAN, RECORD), Score("e1", "b01", "price", Decimal(1))], "computed"),
        ([*sheet(PLAN, RECORD)[:-1], Score("e5", "b03", "record", Decimal("10.01"))], "between"),
        ([*sheet(PLAN, RECORD)[:-1], Score("e5", "b03", "record", Decimal("-0.01"))], "between"),
        ([*sheet(PLAN, RECORD)[:-1], Score("e5", "b03", "record", Decimal("1.005"))], "places"),
        ([*sheet(PLAN, RECORD)[:-1], Score("e5", "b03", "record", Decimal("NaN"))], "between"),
    ],
)
def test_scores_outside_the_published_table_are_refused(scores: list[Score], told: str) -> None:
    with pytest.raises(BadScore, match=told):
        weighted(CRITERIA, offers(1000, 900, 1200), scores, load_formula("F1"))


def test_the_lowest_evaluated_price_ranks_first_and_deviations_count_as_money() -> None:
    outcome = lowest_price(offers(1000, 990, 1100), [Adjustment("b02", "付款条件偏差", Decimal("15.50"))])
    assert [(p.bid, p.total) for p in outcome.ranking] == [
        ("b01", Decimal("1000.00")), ("b02", Decimal("1005.50")), ("b03", Decimal("1100.00")),
    ]  # fmt: skip
    assert outcome.ranking[1].price == 990 and "付款条件偏差" in outcome.trace[1].written


def test_of_equal_lowest_prices_the_earlier_submission_wins() -> None:
    late, early = Offer("a", Decimal(900), START + timedelta(seconds=1)), Offer("z", Decimal(900), START)
    assert [place.bid for place in lowest_price([late, early]).ranking] == ["z", "a"]


@pytest.mark.parametrize(
    ("listed", "adjustments", "told"),
    [
        ([], [], "needs offers"),
        (offers(1) + offers(1), [], "each once"),
        (offers(1), [Adjustment("b09", "x", Decimal(1))], "unknown"),
        (offers(1), [Adjustment("b01", "x", Decimal(-2))], "below zero"),
    ],
)
def test_a_lowest_price_ranking_without_sense_is_refused(
    listed: list[Offer], adjustments: list[Adjustment], told: str
) -> None:
    with pytest.raises(BadScore, match=told):
        lowest_price(listed, adjustments)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_lowest_price_does_not_depend_on_order_and_never_ranks_a_dearer_bid_first(
    prices: list[int], shuffle: random.Random
) -> None:
    listed = offers(*prices)
    shuffled = listed[:]
    shuffle.shuffle(shuffled)
    ranking = lowest_price(listed).ranking
    assert ranking == lowest_price(shuffled).ranking
    assert [place.total for place in ranking] == sorted(place.total for place in ranking)
    best = min(prices)
    assert ranking[0].bid == f"b{prices.index(best) + 1:02d}"


POINTS = st.integers(0, 3000).map(lambda n: Decimal(n) / 100)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(800, 1200), POINTS), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_a_better_score_never_worsens_a_place_and_order_does_not_matter(
    bids: list[tuple[int, Decimal]], shuffle: random.Random
) -> None:
    listed = offers(*(price for price, _ in bids))
    scores = [Score(m, o.bid, "plan", p) for o, (_, p) in zip(listed, bids, strict=True) for m in MEMBERS]
    scores += [Score(m, o.bid, "record", Decimal(5)) for o in listed for m in MEMBERS]
    before = weighted(CRITERIA, listed, scores, load_formula("F1"))
    mixed, turned = scores[:], listed[:]
    shuffle.shuffle(mixed)
    shuffle.shuffle(turned)
    assert weighted(CRITERIA, turned, mixed, load_formula("F1")) == before
    better = [Score(s.member, s.bid, s.item, Decimal(30)) if s.bid == "b01" and s.item == "plan" else s for s in scores]
    after = weighted(CRITERIA, listed, better, load_formula("F1"))
    place = {p.bid: p.rank for p in before.ranking}
    assert {p.bid: p.rank for p in after.ranking}["b01"] <= place["b01"]


CENTRE = """
import sys
from decimal import Decimal
from mingzheng.kernel import digest
digest.use(sys.argv[1])  # both centres are of one suite
from mingzheng.stages.evaluation.methods import Criterion, Offer, Score, load_formula, weighted, weighted_record
from mingzheng.stages.evaluation.tests.test_methods_ranking import CRITERIA, PLAN, RECORD, offers, sheet
from mingzheng.stages.procedures import kinds, packs
from mingzheng.kernel.canonical import dumps
pin = kinds.pack_for("works_tender").pin
given, scores, rule, drawn = offers(1000, 900, 1200), sheet(PLAN, RECORD), load_formula("F2"), {"x": Decimal("0.01")}
outcome = weighted(CRITERIA, given, scores, rule, drawn=drawn)
print(pin, packs.pinned(pin).version, dumps(weighted_record(outcome, CRITERIA, given, scores, rule, drawn=drawn)), sep="\\n")
"""


def _at_another_centre(state: Path) -> list[str]:
    """Rule set, its version and the computed record, as a deployment of its own says them."""
    more = {"MINGZHENG_STATE": str(state), "MINGZHENG_ORIGIN": f"ledger.example/{state.name}", "MINGZHENG_MODE": "test"}
    done = subprocess.run(
        [sys.executable, "-c", CENTRE, digest.current()], env={**os.environ, **more}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.clause("SD-2-2")
def test_two_centres_with_a_lot_of_one_sector_follow_the_same_rules_and_compute_the_same_result(
    tmp_path: Path,
) -> None:
    rules = [_at_another_centre(tmp_path / name) for name in ("yunzhou", "beiling")]
    assert rules[0] == rules[1] and len(rules[0]) == 3
    pin = kinds.pack_for("works_tender").pin
    assert rules[0][0] == pin and rules[0][1] == packs.pinned(pin).version
    published = json.loads(dumps(load_formula("F2").record))
    drawn = {"x": Decimal("0.01")}
    made = [
        weighted(CRITERIA, given, sheet(PLAN, RECORD), methods.read_formula(published), drawn=drawn)
        for given in (offers(1000, 900, 1200), list(reversed(offers(1000, 900, 1200))))
    ]
    assert made[0].ranking == made[1].ranking and made[0].trace == made[1].trace


def _records() -> list[dict[str, Any]]:
    listed, scores = offers(1000, 900, 1200), sheet(PLAN, RECORD)
    rule, drawn = load_formula("F6"), {"mu": Decimal("0.30"), "r": Decimal("0.02")}
    outcome = weighted(CRITERIA, listed, scores, rule, ceiling=Decimal(1300), drawn=drawn, dropping=Dropping(5))
    first = methods.weighted_record(
        outcome, CRITERIA, listed, scores, rule, ceiling=Decimal(1300), drawn=drawn, dropping=Dropping(5)
    )
    adjustments = [Adjustment("b02", "付款条件偏差", Decimal("15.50"))]
    return [first, methods.lowest_record(lowest_price(listed, adjustments), listed, adjustments)]


def test_a_record_computes_to_its_own_result_for_everybody() -> None:
    for record in _records():
        assert methods.computes(record) and len(dumps(record)) > 500


@pytest.mark.parametrize(
    ("which", "path", "value"),
    [
        (0, ("offers", 0, "price"), "999"),
        (0, ("scores", 0, 3), "30"),
        (0, ("drawn", "r"), "0.03"),
        (0, ("drawn", "r"), "0.99"),
        (0, ("ranking", 0, "total"), "99"),
        (0, ("formula", "statistic"), "median"),
        (0, ("formula", "version"), "2026.2"),
        (0, ("dropping",), None),
        (0, ("method",), "lowest_price"),
        (1, ("ranking", 0, "bid"), "b03"),
        (1, ("adjustments", 0, 2), "0"),
        (1, ("trace", 0, "result"), "1"),
        (1, ("offers",), None),
    ],
)
def test_a_record_with_anything_changed_no_longer_computes(which: int, path: tuple[Any, ...], value: Any) -> None:
    record = copy.deepcopy(_records()[which])
    place: Any = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not methods.computes(record)


def test_a_score_far_from_the_others_is_a_hint_and_decides_nothing() -> None:
    hints = methods.score_hints(CRITERIA, sheet(PLAN, RECORD), 20)
    assert [(hint.member, hint.bid, hint.item) for hint in hints] == [("e5", "b01", "plan")]
    assert hints[0].others == Decimal("21.50") and hints[0].percent == Decimal("28.33")
    assert "28.33%" in hints[0].explanation
    assert methods.score_hints(CRITERIA, sheet(PLAN, RECORD), 30) == ()


def test_an_objective_item_scored_differently_is_a_hint_whatever_the_distance() -> None:
    scores = [s for s in sheet(PLAN, RECORD) if s.item == "record" and s.bid == "b01"]
    scores[2] = Score("e3", "b01", "record", Decimal("9.99"))
    assert [(h.member, h.item) for h in methods.score_hints(CRITERIA, scores, 50)] == [("e3", "record")]
    assert methods.score_hints(CRITERIA, scores[:2], 0) == ()


def test_a_price_far_below_the_others_is_a_question_for_the_committee() -> None:
    flags = methods.low_prices(offers(500, 1000, 1100), {"of_mean": Decimal("0.80")})
    assert [(flag.bid, flag.line) for flag in flags] == [("b01", Decimal("693.33"))]
    lines = {"of_mean": Decimal("0.5"), "of_second_lowest": Decimal("0.5"), "of_ceiling": Decimal("0.45")}
    found = methods.low_prices(offers(440, 1000, 1100), lines, ceiling=Decimal(1100))
    assert [flag.because for flag in found] == ["of_ceiling", "of_second_lowest"]
    assert "请要求说明" in found[0].explanation
    assert methods.low_prices(offers(1), lines) == ()
