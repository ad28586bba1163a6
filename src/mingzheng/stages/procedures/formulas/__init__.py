"""A price formula as versioned data: which bids count, how they are trimmed, the statistic, the benchmark, the points.

The tender document carries the whole formula (`Formula.record`), so that the seat, the report and the archive
compute from the same published words. A library of usual formulas lies beside this module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from mingzheng.kernel import canonical
from mingzheng.kernel import digest as digests
from mingzheng.stages.procedures.formulas import expression
from mingzheng.stages.procedures.formulas.exact import plain

FOLDER = Path(__file__).parent
STATISTICS = ("mean", "median", "geometric_mean", "minimum")
PHASES = ("before_list", "before_decrypt", "after_decrypt", "after_price")
TIES = ("price", "submitted")
#: Quantities every benchmark expression may use besides its drawn parameters.
QUANTITIES = {"A": "统计值", "T": "最高投标限价", "MIN": "最低有效报价", "MAX": "最高有效报价", "N": "有效投标家数"}


class BadFormula(ValueError):
    """A formula is not well formed; the message names the part."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter drawn in public from candidates, and when in the opening it is drawn."""

    name: str
    zh: str
    candidates: tuple[Decimal, ...]
    phase: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a deduction: up to `to` percent from the benchmark (None: without end), `rate` points a percent."""

    to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Points:
    """How a price becomes points.

    `proportional`: benchmark ÷ price × full. `deviation`: full less the deductions on the way from the benchmark, by
    the segments `above` or `below`; `out_of` scales the rates to the full points (None: rates are points as they are).
    """

    kind: str
    above: tuple[Segment, ...]
    below: tuple[Segment, ...]
    floor: Decimal
    out_of: Decimal | None


@dataclass(frozen=True)
class Formula:
    """One version of a price formula. `record` is its whole content as JSON, `digest` covers every value."""

    id: str
    version: str
    zh: str
    en: str
    filter: Mapping[str, Decimal | bool]
    trim: tuple[Mapping[str, Any], ...]
    statistic: str
    benchmark: Any
    parameters: tuple[Parameter, ...]
    points: Points
    rounding: Mapping[str, int]
    ties: tuple[str, ...]
    record: Mapping[str, Any]

    @property
    def digest(self) -> str:
        return digests.of(canonical.dumps(self.record).encode())

    @property
    def needs_ceiling(self) -> bool:
        return "T" in expression.names_in(self.benchmark) or any("ceiling" in key for key in self.filter)


def names() -> tuple[str, ...]:
    """Ids of the formulas delivered with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache(maxsize=32)
def load(name: str) -> Formula:
    """The delivered formula `name`. Raises `BadFormula`."""
    path = FOLDER / f"{name}.toml"
    if not name.isidentifier() or not path.is_file():
        raise BadFormula(f"no formula {name!r}")
    return read(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


def read(content: Mapping[str, Any]) -> Formula:
    """A formula from data (a TOML file, or `record` out of a tender document). Raises `BadFormula`."""
    try:
        parameters = tuple(_parameter(name, entry) for name, entry in content.get("parameters", {}).items())
        rounding = {"benchmark": 2, "deviation": 2, "points": 2, **content.get("rounding", {})}
        formula = Formula(
            id=content["id"], version=content["version"], zh=content["zh"], en=content["en"],
            filter={key: _filter_value(value) for key, value in content.get("filter", {}).items()},
            trim=tuple(content.get("trim", ())), statistic=content["statistic"], benchmark=content["benchmark"],
            parameters=parameters, points=_points(content["points"]), rounding=rounding,
            ties=tuple(content.get("ties", ("price", "submitted"))), record=plain(content),
        )  # fmt: skip
        _validate(formula)
    except (KeyError, TypeError, AttributeError, InvalidOperation, expression.BadExpression) as wrong:
        raise BadFormula(f"formula {content.get('id', '?')}: {wrong!r}") from wrong
    return formula


def _validate(formula: Formula) -> None:
    drawn = {parameter.name for parameter in formula.parameters}
    if unknown := expression.names_in(formula.benchmark) - QUANTITIES.keys() - drawn:
        raise BadFormula(f"{formula.id}: the benchmark uses unknown {sorted(unknown)}")
    if formula.statistic not in STATISTICS:
        raise BadFormula(f"{formula.id}: unknown statistic {formula.statistic}")
    if strange := formula.filter.keys() - {"not_above_ceiling", "least_of_ceiling"}:
        raise BadFormula(f"{formula.id}: unknown filter {sorted(strange)}")
    for step in formula.trim:
        if step.get("by") not in ("count", "percent", "deviation"):
            raise BadFormula(f"{formula.id}: unknown trim {step.get('by')!r}")
    if not set(formula.ties) <= set(TIES) or any(not 0 <= places <= 10 for places in formula.rounding.values()):
        raise BadFormula(f"{formula.id}: unknown tie rule or rounding")


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    """Candidates are listed, or given as a range with both ends and a step."""
    if "candidates" in entry:
        candidates = tuple(Decimal(value) for value in entry["candidates"])
    else:
        value, last, step = (Decimal(entry[key]) for key in ("from", "to", "step"))
        if step <= 0:
            raise BadFormula(f"parameter {name}: the step is not positive")
        listed = []
        while value <= last:
            listed.append(value)
            value += step
        candidates = tuple(listed)
    if not candidates or len(set(candidates)) != len(candidates) or entry["phase"] not in PHASES:
        raise BadFormula(f"parameter {name}: needs different candidates and a phase of the opening")
    if name in QUANTITIES:
        raise BadFormula(f"parameter {name} has the name of a quantity")
    return Parameter(name, entry["zh"], candidates, entry["phase"])


def _points(entry: Mapping[str, Any]) -> Points:
    kind = entry["kind"]
    if kind not in ("proportional", "deviation"):
        raise BadFormula(f"unknown points {kind!r}")
    above, below = (_segments(entry.get(side, ()), side, kind) for side in ("above", "below"))
    out_of = entry.get("out_of")
    return Points(kind, above, below, Decimal(entry.get("floor", 0)), None if out_of is None else Decimal(out_of))


def _segments(entries: Any, side: str, kind: str) -> tuple[Segment, ...]:
    made = tuple(Segment(Decimal(e["to"]) if "to" in e else None, Decimal(e["rate"])) for e in entries)
    if kind == "deviation":
        ends = [segment.to for segment in made]
        inner = [end for end in ends[:-1] if end is not None]
        if not made or ends[-1] is not None or len(inner) != len(ends) - 1 or inner != sorted(set(inner)):
            raise BadFormula(f"{side}: segments go outwards and the last one has no end")
        if any(segment.rate < 0 for segment in made) or any(end <= 0 for end in inner):
            raise BadFormula(f"{side}: rates and ends are not negative")
    return made


def _filter_value(value: Any) -> Decimal | bool:
    return value if isinstance(value, bool) else Decimal(value)
