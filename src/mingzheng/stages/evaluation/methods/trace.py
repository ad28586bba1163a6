"""The computation trace: every step of a result as a line a report prints and anybody can recompute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

#: All arithmetic of the methods: 50 digits, half up; results are rounded where the formula says, nowhere else.
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what was computed (zh), how it is written out, and the result as text."""

    what: str
    written: str
    result: str


Trace = tuple[Step, ...]


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up to `places` decimals; never minus zero."""
    result = EXACT.quantize(value, Decimal(1).scaleb(-places))
    return abs(result) if result.is_zero() else result


def shown(value: Decimal) -> str:
    """A decimal without exponent and without superfluous zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_record(trace: Trace) -> list[dict[str, str]]:
    """The trace as JSON objects for an event or a document."""
    return [{"what": step.what, "written": step.written, "result": step.result} for step in trace]


def plain(value: Any) -> Any:
    """Decimals as strings, tuples as lists, for canonical JSON."""
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value
