"""Benchmark price and price points: worked examples and properties."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel.clock import UTC8
from mingzheng.stages.evaluation import methods
from mingzheng.stages.evaluation.methods import BadFormula, Offer, load_formula, price_points, read_formula

START = datetime(2026, 3, 24, 9, 0, tzinfo=UTC8)
CEILING = Decimal("1200")
PRICES = st.lists(st.integers(100_000, 999_999), min_size=1, max_size=25).map(lambda cents: [Decimal(n) for n in cents])
DRAWS = {
    "F1": {}, "F2": {"x": "0.005"}, "F3": {"K": "0.97"}, "F6": {"mu": "0.3", "r": "0.02"}, "F7": {"K": "0.95"},
    "F9": {"r": "0.01"}, "MEAN": {},
}  # fmt: skip


def offers(*prices: str | int | Decimal) -> list[Offer]:
    return [Offer(f"b{n:02d}", Decimal(p), START + timedelta(minutes=n)) for n, p in enumerate(prices, 1)]


def drawn(name: str) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in DRAWS[name].items()}


def test_lowest_price_sets_the_benchmark_and_others_get_their_share() -> None:
    result = price_points(load_formula("F1"), Decimal(30), offers(900, 1000, 1200))
    assert result.benchmark == 900
    assert result.points == {"b01": Decimal("30.00"), "b02": Decimal("27.00"), "b03": Decimal("22.50")}


def test_a_policy_deduction_counts_for_the_points_only() -> None:
    small = Offer("small", Decimal(1000), START, evaluated=Decimal(900))
    result = price_points(load_formula("F1"), Decimal(30), [small, Offer("big", Decimal(950), START)])
    assert result.benchmark == 900 and result.points["small"] == 30


def test_five_bids_lose_their_highest_and_lowest_and_the_mean_is_lowered_by_the_drawn_share() -> None:
    result = price_points(
        load_formula("F2"), Decimal(60), offers(1000, 1100, 1200, 1300, 2000), drawn={"x": Decimal("0.01")}
    )
    assert result.benchmark == Decimal("1188.00")  # (1100+1200+1300)/3 × 0.99
    assert result.used == ("b02", "b03", "b04")
    # 1200 lies 1.01 % above: 60 − 1.01×2; 1100 lies 7.41 % below: 60 − 7.41×1
    assert (result.points["b03"], result.points["b02"]) == (Decimal("57.98"), Decimal("52.59"))
    assert result.points["b05"] == 0  # 68 % above: floor


def test_four_bids_all_enter_the_mean() -> None:
    result = price_points(load_formula("F2"), Decimal(60), offers(1000, 1100, 1200, 1300), drawn={"x": Decimal("0.01")})
    assert result.benchmark == Decimal("1138.50") and len(result.used) == 4


def test_ceiling_and_mean_are_mixed_and_a_bid_above_the_ceiling_stays_out_of_the_mean() -> None:
    result = price_points(
        load_formula("F6"), Decimal(50), offers(1000, 1100, 1300), ceiling=CEILING,
        drawn={"mu": Decimal("0.20"), "r": Decimal("0.05")},
    )  # fmt: skip
    assert result.used == ("b01", "b02")
    assert result.benchmark == Decimal("1026.00")  # (1200×0.2 + 1050×0.8) × 0.95
    assert any("2 家参与" in step.written for step in result.trace)


def test_outliers_leave_the_mean_once_after_the_extremes() -> None:
    result = price_points(
        load_formula("F7"), Decimal(50), offers(10, 500, 1000, 1010, 990, 2000), drawn={"K": Decimal("0.90")}
    )
    assert result.used == ("b05", "b03", "b04") and result.benchmark == Decimal("900.00")


def test_a_fifth_leaves_from_each_end_of_ten_bids_and_the_highest_of_five() -> None:
    ten = price_points(load_formula("F3"), Decimal(50), offers(*range(1000, 2000, 100)), drawn=drawn("F3"))
    assert len(ten.used) == 6
    five = price_points(load_formula("F3"), Decimal(50), offers(*range(1000, 1500, 100)), drawn=drawn("F3"))
    assert five.used == ("b01", "b02", "b03", "b04")


@pytest.mark.parametrize(
    ("price", "points"),
    [("800", "70.00"), ("900", "80.00"), ("950", "90.00"), ("1000", "100.00"), ("1030", "88.00"), ("1050", "80.00"),
     ("1080", "71.00"), ("1100", "65.00"), ("1200", "45.00"), ("700", "60.00")],
)  # fmt: skip
def test_a_five_stretch_table_gives_the_points_of_its_stretches(price: str, points: str) -> None:
    result = price_points(load_formula("F9"), Decimal(100), offers(price), fixed=Decimal(1000))
    assert result.points["b01"] == Decimal(points)


def test_a_fixed_benchmark_is_kept_when_a_bid_falls_away_later() -> None:
    before = price_points(load_formula("F1"), Decimal(30), offers(900, 1000, 1200))
    after = price_points(load_formula("F1"), Decimal(30), offers(900, 1000, 1200)[1:], fixed=before.benchmark)
    assert after.points == {"b02": Decimal("27.00"), "b03": Decimal("22.50")}


def test_deductions_scaled_to_the_full_points_and_rounded_as_the_formula_says() -> None:
    record = dict(load_formula("F9").record) | {"rounding": {"points": 1, "deviation": 4}}
    result = price_points(read_formula(record), Decimal(50), offers("1033.337"), fixed=Decimal(1000))
    assert result.deviations["b01"] == Decimal("3.3340")
    assert result.points["b01"] == Decimal("43.3")  # 50 − 3.334×4×0.5 = 43.332


def test_median_and_geometric_mean_are_exact() -> None:
    base = dict(load_formula("MEAN").record) | {"trim": []}
    median = price_points(read_formula({**base, "statistic": "median"}), Decimal(10), offers(1, 2, 30, 1000))
    geometric = price_points(read_formula({**base, "statistic": "geometric_mean"}), Decimal(10), offers(2, 4, 8))
    assert (median.benchmark, geometric.benchmark) == (Decimal("16.00"), Decimal("4.00"))


def test_the_trace_shows_formula_parameters_benchmark_and_every_bid() -> None:
    result = price_points(load_formula("F6"), Decimal(50), offers(1000, 1100), ceiling=CEILING, drawn=drawn("F6"))
    lines = {step.what: step for step in result.trace}
    assert lines["公式"].result == load_formula("F6").digest
    assert lines["mu 最高投标限价权重系数"].result == "0.3" and "1,073.10" in lines["评标基准价"].result  # fmt: skip
    assert {"报价得分 b01", "报价得分 b02"} <= lines.keys()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(DRAWS)), PRICES, st.randoms(use_true_random=False))
def test_points_do_not_depend_on_the_order_of_bids(name: str, prices: list[Decimal], shuffle: random.Random) -> None:
    listed = offers(*prices)
    shuffled = listed[:]
    shuffle.shuffle(shuffled)
    rule, top = load_formula(name), Decimal(1_000_000)
    assert price_points(rule, Decimal(60), listed, ceiling=top, drawn=drawn(name)) == price_points(
        rule, Decimal(60), shuffled, ceiling=top, drawn=drawn(name)
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(DRAWS)), PRICES, st.sampled_from([10, 1000]))
def test_counting_in_another_unit_changes_no_points(name: str, prices: list[Decimal], scale: int) -> None:
    rule, top = load_formula(name), Decimal(1_000_000)
    small = price_points(rule, Decimal(60), offers(*prices), ceiling=top, drawn=drawn(name))
    large = price_points(
        rule, Decimal(60), offers(*(p * scale for p in prices)), ceiling=top * scale, drawn=drawn(name)
    )
    assert abs(large.benchmark - small.benchmark * scale) <= Decimal("0.005") * scale + Decimal("0.005")
    assert all(abs(large.points[bid] - small.points[bid]) <= Decimal("0.04") for bid in small.points)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(DRAWS)), PRICES)
def test_points_stay_between_floor_and_full_and_fall_away_from_the_benchmark(name: str, prices: list[Decimal]) -> None:
    full = Decimal(60)
    result = price_points(load_formula(name), full, offers(*prices), ceiling=Decimal(1_000_000), drawn=drawn(name))
    assert all(0 <= points <= full for points in result.points.values())
    for side in (1, -1):
        apart = sorted((abs(d), result.points[b]) for b, d in result.deviations.items() if d * side >= 0)
        assert [points for _, points in apart] == sorted((points for _, points in apart), reverse=True) or name == "F1"
    if name == "F1":
        by_price = [result.points[bid] for _, bid in sorted(zip(prices, sorted(result.points), strict=True))]
        assert by_price == sorted(by_price, reverse=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"statistic": "mode"}, "statistic"),
        ({"benchmark": ["pow", "A", 2]}, "pow"),
        ({"benchmark": ["mul", "A", "secret"]}, "secret"),
        ({"benchmark": ["sub", "A"]}, "operands"),
        ({"benchmark": ["round", "A", 99]}, "round"),
        ({"benchmark": ["add", "A", True]}, "unknown"),
        ({"trim": [{"by": "mood"}]}, "mood"),
        ({"filter": {"nice": True}}, "nice"),
        ({"ties": ["alphabet"]}, "tie"),
        ({"rounding": {"points": 99}}, "rounding"),
        ({"points": {"kind": "guess"}}, "guess"),
        ({"points": {"kind": "deviation"}}, "segments"),
        ({"points": {"kind": "deviation", "above": [{"rate": -1}], "below": [{"rate": 1}]}}, "negative"),
        ({"points": {"kind": "deviation", "above": [{"to": 5, "rate": 1}, {"to": 3, "rate": 1}, {"rate": 1}],
                     "below": [{"rate": 1}]}}, "outwards"),
        ({"parameters": {"x": {"zh": "试", "candidates": [], "phase": "after_decrypt"}}}, "candidates"),
        ({"parameters": {"x": {"zh": "试", "candidates": ["1"], "phase": "at_night"}}}, "phase"),
        ({"parameters": {"T": {"zh": "试", "candidates": ["1"], "phase": "after_decrypt"}}}, "quantity"),
        ({"parameters": {"x": {"zh": "试", "from": "1", "to": "2", "step": "0", "phase": "after_decrypt"}}}, "step"),
        ({"version": None, "zh": None, "points": None}, "formula"),
    ],
)  # fmt: skip
def test_a_malformed_formula_is_refused_before_it_is_published(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BadFormula, match=told):
        read_formula({**load_formula("MEAN").record, **change})


def test_a_missing_draw_ceiling_or_bid_is_refused() -> None:
    with pytest.raises(BadFormula, match="drawn"):
        price_points(load_formula("F2"), Decimal(60), offers(1000))
    with pytest.raises(BadFormula, match="drawn"):
        price_points(load_formula("F2"), Decimal(60), offers(1000), drawn={"x": Decimal("0.5")})
    with pytest.raises(BadFormula, match="ceiling"):
        price_points(load_formula("F6"), Decimal(60), offers(1000), drawn=drawn("F6"))
    with pytest.raises(BadFormula, match="offer"):
        price_points(load_formula("F1"), Decimal(60), [])
    with pytest.raises(BadFormula, match="twice"):
        price_points(load_formula("F1"), Decimal(60), offers(1000) + offers(900))
    with pytest.raises(BadFormula, match="above zero"):
        price_points(load_formula("F1"), Decimal(60), offers(0))
    with pytest.raises(BadFormula, match="no formula"):
        load_formula("F99")


def test_a_formula_in_a_tender_document_is_the_formula_of_the_library_with_the_same_digest() -> None:
    for name in methods.formula_names():
        formula = load_formula(name)
        assert read_formula(formula.record).digest == formula.digest
        assert methods.parameters_of(formula.record) == formula.parameters
