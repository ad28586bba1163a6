"""A measure, how it is taken (ours and the limit by turns), and the line it prints."""

from __future__ import annotations

import importlib.util
import json
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.programs import LaunchError


@dataclass(frozen=True, slots=True)
class Measure:
    """One result. `ours` and `limit` in `unit`; `ratio` is what is compared with `target`.

    `least` tells whether the ratio must be at least the target (rates) or at most (times, memory). A measure without
    a target is shown for orientation and cannot miss it.
    """

    bench: str
    measure: str
    ours: float
    limit: float
    ratio: float
    target: float | None
    unit: str
    runs: int
    failures: int = 0
    least: bool = True

    @property
    def met(self) -> bool:
        """Nothing failed, and the ratio reaches its target."""
        if self.failures:
            return False
        if self.target is None:
            return True
        return self.ratio >= self.target if self.least else self.ratio <= self.target

    def line(self) -> str:
        """The JSON line of performance records."""
        shown = {
            "bench": self.bench,
            "measure": self.measure,
            "ours": _short(self.ours),
            "limit": _short(self.limit),
            "ratio": _short(self.ratio),
            "target": self.target,
            "compare": "at least" if self.least else "at most",
            "unit": self.unit,
            "runs": self.runs,
            "failures": self.failures,
            "met": self.met,
        }
        return json.dumps(shown, ensure_ascii=False)

    def row(self) -> str:
        """A row of the table in docs/performance.md."""
        sign = "≥" if self.least else "≤"
        target = "" if self.target is None else f"{sign} {self.target:g}"
        told = f"missed, {self.failures} failed" if self.failures else "met" if self.met else "missed"
        told = told if self.failures or self.target is not None else ""
        shown = (_short(self.ours), _short(self.limit), _short(self.ratio))
        ours, limit, ratio = (f"{number:,.4g}" if number < 1e4 else f"{number:,.0f}" for number in shown)
        return f"| {self.bench}: {self.measure} ({self.unit}) | {ours} | {limit} | {ratio} | {target} | {self.runs} | {told} |"


def by_turns(
    bench: str,
    measure: str,
    ours: Callable[[], float],
    limit: Callable[[], float],
    *,
    target: float | None,
    unit: str,
    rounds: int,
    least: bool = True,
) -> Measure:
    """Warm up once, then measure ours and the limit by turns; the ratio is the median of the rounds' ratios.

    Both callables return a figure in `unit` and may raise `MeasureFailed`, which is counted, never hidden.
    """
    failures, pairs = 0, []
    for number in range(rounds + 1):
        try:
            first, second = (ours, limit) if number % 2 else (limit, ours)
            one, other = first(), second()
        except MeasureFailed:
            failures += 1
            continue
        if number:  # the first round warms up
            pairs.append((one, other) if number % 2 else (other, one))
    if not pairs:
        return Measure(bench, measure, 0, 0, 0, target, unit, rounds, failures or 1, least)
    found = [_ratio(*pair) for pair in pairs]
    ours_at, limit_at = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
    return Measure(
        bench, measure, ours_at, limit_at, statistics.median(found), target, unit, len(pairs), failures, least
    )


class MeasureFailed(Exception):
    """What was measured did not do its work; the figure would mean nothing."""


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    if not ordered:
        raise MeasureFailed("nothing was measured")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def limit_module(name: str) -> ModuleType:
    """The code of a limit from the checkout. Raises LaunchError outside one."""
    place = limit_file(name)
    spec = importlib.util.spec_from_file_location(f"mingzheng_limit_{name}", place)
    if spec is None or spec.loader is None or not place.exists():
        raise LaunchError(f"the limits of the benches are part of a checkout; {place} is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def limit_file(name: str) -> Path:
    """Where a limit's code stands."""
    return checkout() / "tests" / "bench" / "limits" / f"{name}.py"


def _ratio(ours: float, limit: float) -> float:
    return ours / limit if limit else 0.0


def _short(number: float) -> float:
    return float(f"{number:.4g}")
