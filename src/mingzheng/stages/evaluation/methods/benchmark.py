"""The benchmark price and the price points of every bid, from a formula, the prices and the drawn parameters.

The benchmark is fixed once computed: a bid rejected later does not change it unless the documents say so, then it is
computed again from what remains. Prices are decimals in yuan; everything is rounded half up where the formula says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from mingzheng.kernel.money import text, yuan
from mingzheng.stages.evaluation.methods.trace import Step, Trace
from mingzheng.stages.procedures import formulas
from mingzheng.stages.procedures.formulas import BadFormula, Formula, Segment, expression
from mingzheng.stages.procedures.formulas.exact import EXACT, rounded, shown


@dataclass(frozen=True, slots=True)
class Offer:
    """One bid as the methods see it: an id, its price in yuan, and when it was submitted.

    `evaluated` replaces the price for scoring where policy grants a deduction or the committee corrected arithmetic.
    """

    bid: str
    price: Decimal
    submitted: datetime
    evaluated: Decimal | None = None

    @property
    def counted(self) -> Decimal:
        """The price that counts in the evaluation, in yuan."""
        return yuan(self.price if self.evaluated is None else self.evaluated)


@dataclass(frozen=True)
class PriceResult:
    """The benchmark, each bid's deviation from it in percent, its points, and how all of it came about."""

    benchmark: Decimal
    deviations: Mapping[str, Decimal]
    points: Mapping[str, Decimal]
    used: tuple[str, ...]
    trace: Trace


def price_points(
    rule: Formula,
    full: Decimal,
    offers: Iterable[Offer],
    *,
    ceiling: Decimal | None = None,
    drawn: Mapping[str, Decimal] | None = None,
    fixed: Decimal | None = None,
) -> PriceResult:
    """Points of at most `full` for every offer. `fixed`: a benchmark fixed earlier, used as it stands.

    Raises `BadFormula` when there is no offer, a ceiling or a drawn parameter is missing or is no candidate.
    """
    listed = sorted(offers, key=lambda offer: offer.bid)
    if not listed or any(offer.counted <= 0 for offer in listed):
        raise BadFormula("price points need at least one offer, each above zero")
    if len({offer.bid for offer in listed}) != len(listed):
        raise BadFormula("a bid stands twice")
    if fixed is None:
        value, used, trace = benchmark(rule, listed, ceiling=ceiling, drawn=drawn or {})
    else:
        value, used, trace = yuan(fixed), (), (Step("评标基准价", "沿用已确定的基准价", text(fixed)),)
    deviations, points, steps = {}, {}, list(trace)
    for offer in listed:
        deviations[offer.bid], points[offer.bid], step = _points(rule, Decimal(full), offer, value)
        steps.append(step)
    return PriceResult(value, deviations, points, used, tuple(steps))


def benchmark(
    rule: Formula, offers: Sequence[Offer], *, ceiling: Decimal | None, drawn: Mapping[str, Decimal]
) -> tuple[Decimal, tuple[str, ...], Trace]:
    """The benchmark price, the bids it was taken from, and the steps."""
    if rule.needs_ceiling and ceiling is None:
        raise BadFormula(f"{rule.id} needs the price ceiling")
    parameters = _drawn(rule, drawn)
    steps = [Step("公式", f"{rule.id} {rule.zh}（版本 {rule.version}）", rule.digest)]
    kept = _filtered(rule, list(offers), ceiling, steps)
    kept = _trimmed(rule, kept, steps)
    prices = [offer.counted for offer in kept]
    statistic = _statistic(rule.statistic, prices)
    steps.append(
        Step(
            f"A {_STATISTIC_ZH[rule.statistic]}",
            f"{len(prices)} 家：{'、'.join(map(text, prices))}",
            shown(rounded(statistic, 6)),
        )
    )
    quantities = {
        "A": statistic, "MIN": min(prices), "MAX": max(prices), "N": Decimal(len(offers)), **parameters,
        **({} if ceiling is None else {"T": yuan(ceiling)}),
    }  # fmt: skip
    steps += [Step(f"{p.name} {p.zh}", "当众抽取", shown(parameters[p.name])) for p in rule.parameters]
    value = rounded(expression.compute(rule.benchmark, quantities), rule.rounding["benchmark"])
    if value <= 0:
        raise BadFormula(f"{rule.id}: the benchmark is not above zero")
    texts = {name: shown(rounded(quantity, 6)) for name, quantity in quantities.items()}
    told = f"{expression.written(rule.benchmark)} = {expression.written(rule.benchmark, texts)}"
    steps.append(Step("评标基准价", told, text(value)))
    return value, tuple(offer.bid for offer in kept), tuple(steps)


_STATISTIC_ZH = {"mean": "算术平均值", "median": "中位数", "geometric_mean": "几何平均值", "minimum": "最低价"}


def _drawn(rule: Formula, drawn: Mapping[str, Decimal]) -> dict[str, Decimal]:
    found = {}
    for parameter in rule.parameters:
        value = drawn.get(parameter.name)
        if value is None or Decimal(value) not in parameter.candidates:
            raise BadFormula(f"{rule.id}: {parameter.name} was not drawn from its candidates")
        found[parameter.name] = Decimal(value)
    return found


def _filtered(rule: Formula, offers: list[Offer], ceiling: Decimal | None, steps: list[Step]) -> list[Offer]:
    """The bids that enter the benchmark; where the filter leaves none, all of them."""
    kept = offers
    if ceiling is not None and rule.filter.get("not_above_ceiling"):
        kept = [offer for offer in kept if offer.counted <= yuan(ceiling)]
    if ceiling is not None and "least_of_ceiling" in rule.filter:
        least = EXACT.multiply(yuan(ceiling), Decimal(rule.filter["least_of_ceiling"]))
        kept = [offer for offer in kept if offer.counted >= least]
    if len(kept) < len(offers):
        steps.append(
            Step(
                "筛选",
                f"{len(offers)} 家中 {len(kept)} 家参与基准价计算",
                "、".join(o.bid for o in kept) or "无，全部参与",
            )
        )
    return kept or offers


def _trimmed(rule: Formula, offers: list[Offer], steps: list[Step]) -> list[Offer]:
    """Drop the highest and lowest as the formula says; of equal prices the later submission goes first."""
    kept = sorted(offers, key=lambda offer: (offer.counted, offer.submitted, offer.bid))
    for step in rule.trim:
        low, high = _cut(step, [offer.counted for offer in kept])
        if low + high >= len(kept):
            steps.append(Step("去除高低报价", f"{len(kept)} 家不足以去除，全部参与", str(len(kept))))
            continue
        if low + high:
            gone = kept[:low] + kept[len(kept) - high :]
            kept = kept[low : len(kept) - high]
            steps.append(
                Step(
                    "去除高低报价",
                    f"去除最高 {high} 家、最低 {low} 家：{'、'.join(o.bid for o in gone)}",
                    str(len(kept)),
                )
            )
    return kept


def _cut(step: Mapping[str, Any], prices: list[Decimal]) -> tuple[int, int]:
    """How many of the sorted prices one trim step drops from below and from above."""
    count = len(prices)
    if step["by"] == "count":
        row = next((row for row in step["table"] if count <= row.get("upto", count)), {"low": 0, "high": 0})
        return int(row.get("low", 0)), int(row.get("high", 0))
    if step["by"] == "percent":
        if count < int(step.get("from", 1)):
            return 0, 0
        share = [rounded(EXACT.multiply(Decimal(step[side]), count), 0) for side in ("low", "high")]
        return int(share[0]), int(share[1])
    low, high, limit = 0, 0, Decimal(step["limit"])
    while True:
        left = prices[low : count - high]
        mean = _statistic("mean", left)
        below = sum(1 for price in left if price < EXACT.multiply(mean, 1 - limit))
        above = sum(1 for price in left if price > EXACT.multiply(mean, 1 + limit))
        if below + above == 0 or below + above >= len(left):
            return low, high
        low, high = low + below, high + above
        if not step.get("repeat", False):
            return low, high


def _statistic(kind: str, prices: list[Decimal]) -> Decimal:
    ordered, count = sorted(prices), len(prices)
    if kind == "minimum":
        return ordered[0]
    if kind == "median":
        middle = ordered[(count - 1) // 2 : count // 2 + 1]
        return EXACT.divide(sum(middle, Decimal(0)), Decimal(len(middle)))
    if kind == "geometric_mean":
        logarithms = sum((EXACT.ln(price) for price in ordered), Decimal(0))
        return rounded(EXACT.exp(EXACT.divide(logarithms, Decimal(count))), 20)
    return EXACT.divide(sum(ordered, Decimal(0)), Decimal(count))


def _points(rule: Formula, full: Decimal, offer: Offer, value: Decimal) -> tuple[Decimal, Decimal, Step]:
    """Deviation in percent, points, and the line that shows both."""
    price, places = offer.counted, rule.rounding["points"]
    ratio = EXACT.divide(EXACT.multiply(EXACT.subtract(price, value), Decimal(100)), value)
    deviation = rounded(ratio, rule.rounding["deviation"])
    if rule.points.kind == "proportional":
        points = min(full, rounded(EXACT.multiply(EXACT.divide(value, price), full), places))
        told = f"{text(value)} ÷ {text(price)} × {shown(full)}"
    else:
        segments = rule.points.above if deviation > 0 else rule.points.below
        lost = deduction(segments, abs(deviation))
        if rule.points.out_of is not None:
            lost = EXACT.divide(EXACT.multiply(lost, full), rule.points.out_of)
        points = min(full, max(rule.points.floor, rounded(EXACT.subtract(full, lost), places)))
        told = f"偏差率 ({text(price)} − {text(value)}) ÷ {text(value)} = {shown(deviation)}%，扣 {shown(rounded(lost, 4))} 分"
    return deviation, points, Step(f"报价得分 {offer.bid}", told, shown(points))


def deduction(segments: Sequence[Segment], distance: Decimal) -> Decimal:
    """Points lost `distance` percent away from the benchmark, summed over the segments passed through."""
    lost, begin = Decimal(0), Decimal(0)
    for segment in segments:
        end = distance if segment.to is None else min(distance, segment.to)
        if end > begin:
            lost = EXACT.add(lost, EXACT.multiply(EXACT.subtract(end, begin), segment.rate))
        if segment.to is None or distance <= segment.to:
            break
        begin = segment.to
    return lost


def parameters_of(record: Mapping[str, Any]) -> tuple[formulas.Parameter, ...]:
    """The parameters a formula in a tender document wants drawn (empty: none)."""
    return formulas.read(record).parameters
