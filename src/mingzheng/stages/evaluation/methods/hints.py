"""Hints for the committee, never decisions: scores far from the others', objective items that differ, low prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mingzheng.kernel.money import text, yuan
from mingzheng.stages.evaluation.methods.benchmark import Offer
from mingzheng.stages.evaluation.methods.scoring import CriterionFacts, Score
from mingzheng.stages.procedures.formulas.exact import EXACT, rounded, shown


@dataclass(frozen=True, slots=True)
class ScoreHint:
    """One member's score on one item of one bid stands apart: how far from the others' mean, in percent of full."""

    member: str
    bid: str
    item: str
    points: Decimal
    others: Decimal
    percent: Decimal
    explanation: str


@dataclass(frozen=True, slots=True)
class LowPrice:
    """A price the committee should ask about (招标投标法实施条例 51): below which line, and why."""

    bid: str
    price: Decimal
    line: Decimal
    because: str
    explanation: str


def score_hints(
    criteria: Sequence[CriterionFacts], scores: Iterable[Score], limit_percent: Decimal | int
) -> tuple[ScoreHint, ...]:
    """Scores further from the mean of the other members than `limit_percent` of the item's full points.

    On objective items any difference from the majority is a hint: the facts are the same for everybody.
    """
    by_id = {criterion.id: criterion for criterion in criteria}
    cells: dict[tuple[str, str], dict[str, Decimal]] = {}
    for score in scores:
        if score.item in by_id:
            cells.setdefault((score.bid, score.item), {})[score.member] = Decimal(score.points)
    hints = [
        hint
        for (bid, item), cell in sorted(cells.items())
        for hint in _hints_of(by_id[item], bid, cell, Decimal(limit_percent))
    ]
    return tuple(sorted(hints, key=lambda hint: (-hint.percent, hint.bid, hint.item, hint.member)))


def _hints_of(criterion: CriterionFacts, bid: str, cell: Mapping[str, Decimal], limit: Decimal) -> list[ScoreHint]:
    if len(cell) < 3 or criterion.full <= 0:
        return []
    found = []
    total = sum(cell.values(), Decimal(0))
    values = sorted(cell.values())
    middle = values[len(values) // 2]
    for member, points in sorted(cell.items()):
        others = EXACT.divide(total - points, Decimal(len(cell) - 1))
        percent = rounded(EXACT.divide(abs(points - others) * 100, criterion.full), 2)
        apart = points != middle if criterion.kind == "objective" else percent > limit
        if apart:
            told = f"{criterion.name}：给分 {shown(points)}，其他成员平均 {shown(rounded(others, 2))}，相差满分的 {shown(percent)}%"
            told += "；客观项应一致" if criterion.kind == "objective" else f"，超过提示线 {shown(limit)}%"
            found.append(ScoreHint(member, bid, criterion.id, points, rounded(others, 2), percent, told))
    return found


def low_prices(
    offers: Iterable[Offer], lines: Mapping[str, Decimal], *, ceiling: Decimal | None = None
) -> tuple[LowPrice, ...]:
    """Bids below a line: `of_mean`, `of_second_lowest` or `of_ceiling`, each a share (PW-13, ZC-25).

    A flag is a question to the bidder, decided by the committee; nothing is rejected by it.
    """
    listed = sorted(offers, key=lambda offer: (offer.counted, offer.bid))
    if len(listed) < 2:
        return ()
    prices = [offer.counted for offer in listed]
    bases = {
        "of_mean": ("有效报价平均值", EXACT.divide(sum(prices, Decimal(0)), Decimal(len(prices)))),
        "of_second_lowest": ("次低报价", prices[1]),
    }
    if ceiling is not None:
        bases["of_ceiling"] = ("最高投标限价", yuan(ceiling))
    found = []
    for name, share in lines.items():
        if name not in bases:
            continue
        zh, base = bases[name]
        line = EXACT.multiply(base, Decimal(share))
        for offer in listed:
            if offer.counted < line:
                told = f"报价 {text(offer.counted)} 元低于{zh} {text(rounded(base, 2))} 元的 {shown(Decimal(share) * 100)}%（{text(rounded(line, 2))} 元），请要求说明"
                found.append(LowPrice(offer.bid, offer.counted, rounded(line, 2), name, told))
    return tuple(sorted(found, key=lambda flag: (flag.bid, flag.because)))
