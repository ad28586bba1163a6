"""Drawing parameters: the choice follows from what was committed and contributed, and anybody can compute it."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import digest
from mingzheng.kernel.drawing import BadDraw, commitment, draw, verify

SEED = bytes(range(32))
CANDIDATES = [Decimal("0.01"), Decimal("0.02"), Decimal("0.03")]
GIVEN = [("主持人", "7"), ("投标人一", "某时某刻")]


def test_a_draw_chooses_a_candidate_and_computes_again_from_its_record() -> None:
    drawn = draw(CANDIDATES, SEED, GIVEN, purpose="标段一 下浮系数")
    assert drawn.choice in ("0.01", "0.02", "0.03") and drawn.choice == drawn.record["choice"]
    assert verify(drawn.record, committed=commitment(SEED))
    assert draw(CANDIDATES, SEED, GIVEN, purpose="标段一 下浮系数") == drawn


def test_a_fixed_draw_has_a_fixed_result_for_other_programs_to_reproduce() -> None:
    drawn = draw(CANDIDATES, SEED, [("host", "7"), ("bidder", "8")], purpose="lot 1 r", algorithm="sha256")
    assert drawn.record["commitment"] == "sha256:d7738885dc9dece67cf0198d29fd9c7c77c91c96eaff4ef1ec90d2d60db99e1a"
    assert drawn.record["number"] == "06c3d42415326c52e53772d5e2ef3ec6834a36987e9e9b57662d85f3decf184e"
    assert drawn.choice == "0.03" and drawn.index == int(drawn.record["number"], 16) % 3


def test_a_draw_under_sm3_verifies_in_a_deployment_of_either_suite() -> None:
    with digest.under("sm3"):
        drawn, committed = draw(CANDIDATES, SEED, GIVEN, purpose="标段一"), commitment(SEED)
    assert committed.startswith("sm3:") and drawn.record["commitment"] == committed
    assert verify(drawn.record, committed=committed)
    other = draw(CANDIDATES, SEED, GIVEN, purpose="标段一", algorithm="sha256")
    assert verify(other.record) and drawn.record["number"] != other.record["number"]
    assert not verify({**drawn.record, "commitment": other.record["commitment"]})


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "00" * 32}, {"seed": "zz"}, {"purpose": "另一个"}, {"candidates": ["0.01", "0.02"]},
        {"contributions": [{"by": "主持人", "text": "7"}]}, {"choice": "9"}, {"format": "x"}, {"commitment": "sha256:00"},
        {"contributions": None},
    ],
)  # fmt: skip
def test_a_record_with_anything_changed_does_not_verify(change: dict[str, Any]) -> None:
    record = {**draw(CANDIDATES, SEED, GIVEN, purpose="标段一").record, **change}
    assert not verify(record, committed=commitment(SEED))


def test_a_platform_that_swaps_its_seed_after_seeing_the_contributions_is_caught() -> None:
    other = draw(CANDIDATES, bytes(32), GIVEN)
    assert verify(other.record) and not verify(other.record, committed=commitment(SEED))


@pytest.mark.parametrize(
    ("candidates", "seed", "given"),
    [
        ([], SEED, GIVEN),
        (["1", "1"], SEED, GIVEN),
        (["1"], b"short", GIVEN),
        (["1"], SEED, []),
        (["1"], SEED, [("", "x")]),
    ],
)
def test_a_draw_without_candidates_seed_or_contributions_is_refused(
    candidates: list[str], seed: bytes, given: list[tuple[str, str]]
) -> None:
    with pytest.raises(BadDraw):
        draw(candidates, seed, given)


def test_every_candidate_comes_up_about_equally_often() -> None:
    counts = Counter(draw(CANDIDATES, n.to_bytes(32, "big"), GIVEN).index for n in range(900))
    assert set(counts) == {0, 1, 2} and all(240 <= count <= 360 for count in counts.values())


@settings(deadline=None, derandomize=True)
@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=20).filter(lambda t: t.isprintable()))
def test_every_honest_draw_verifies(seed: bytes, text: str) -> None:
    assert verify(draw(CANDIDATES, seed, [("主持人", text)]).record, committed=commitment(seed))
