"""What a rule of a pack is, what checking it finds, and which of two rules is the stricter one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from mingzheng.kernel import calendar

Severity = Literal["block", "block_with_reason", "warn", "flag", "auto"]
_RANK = {"block": 0, "block_with_reason": 1, "warn": 2, "flag": 3, "auto": 4}
UNIT_ZH = {
    "calendar_day": "日", "working_day": "个工作日", "hour": "小时", "month": "个月", "year": "年", "minute": "分钟",
    "count": "", "yuan": "元",
}  # fmt: skip
#: Calendar days of a unit at least, to compare values given in different units.
_SCALE = {"hour": Decimal(1) / 24, "calendar_day": Decimal(1), "working_day": Decimal("1.4"), "month": Decimal(30),
          "year": Decimal(365)}  # fmt: skip
_MORE_IS_STRICTER = {
    "min_period", "publicity", "backward_period", "count_min", "odd_min", "fraction_min", "ratio_min", "retention",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: law (short name of laws.toml), article, date of the text followed."""

    law: str
    article: str
    text_version: str

    def __str__(self) -> str:
        return f"{self.law} {self.article}".strip()


@dataclass(frozen=True, slots=True)
class Check:
    """How a rule is checked. `start`, `end` name the facts in a timetable; `items` are a checklist's entries."""

    type: str
    start: str = ""
    end: str = ""
    mode: calendar.Mode = "strict"
    items: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack: what, when, how hard, from where, since when, how sure."""

    id: str
    zh: str
    en: str
    pack: str
    when: Mapping[str, Any]
    check: Check
    value: Any
    unit: str
    severity: Severity
    otherwise: Severity
    sources: tuple[Source, ...]
    certainty: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    note: str = ""

    @property
    def source(self) -> str:
        """Law and article as cited to people: `招标投标法 24；招标投标法实施条例 16`."""
        return "；".join(map(str, self.sources))

    @property
    def told_value(self) -> str:
        """The value with its unit in Chinese."""
        if self.unit == "ratio" and isinstance(self.value, Decimal):
            return f"{(self.value * 100).normalize():f}%"
        if isinstance(self.value, Mapping):
            return "、".join(f"{key} {inner}{UNIT_ZH.get(self.unit, '')}" for key, inner in self.value.items())
        if isinstance(self.value, tuple):
            return "、".join(map(str, self.value))
        return "" if self.value is None else f"{self.value}{UNIT_ZH.get(self.unit, '')}"

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Finding:
    """What checking one rule gave.

    `earliest`/`latest` are the moments the rule allows, `due` the end of a running period, `proposal` a moment that
    would keep the rule, `missing` the items a checklist lacks. A provisional finding refuses nothing.
    """

    rule: str
    severity: Severity
    ok: bool
    explanation: str
    source: str
    earliest: datetime | None = None
    latest: datetime | None = None
    due: datetime | None = None
    proposal: datetime | None = None
    provisional: bool = False
    missing: tuple[str, ...] = ()
    days: tuple[date, ...] = field(default=())

    @property
    def refuses(self) -> bool:
        """The platform itself must refuse."""
        return not self.ok and not self.provisional and self.severity == "block"

    @property
    def needs_reason(self) -> bool:
        """Refused unless an authorised person records a reason."""
        return not self.ok and not self.provisional and self.severity == "block_with_reason"

    @property
    def warns(self) -> bool:
        """To be shown and acknowledged, no more."""
        return not self.ok and not self.refuses and not self.needs_reason

    def record(self) -> dict[str, Any]:
        """The finding as strings for an event or a page."""
        moments = {name: getattr(self, name) for name in ("earliest", "latest", "due", "proposal")}
        told = {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
        return {
            "rule": self.rule, "severity": self.severity, "ok": self.ok, "explanation": self.explanation,
            "source": self.source, "provisional": self.provisional, "missing": list(self.missing), **told,
        }  # fmt: skip


def stricter(rule: Rule, other: Rule) -> bool:
    """Whether `rule` asks more than `other` of the same id: by value where comparable, then by severity."""
    mine, theirs = _size(rule), _size(other)
    if mine is not None and theirs is not None and mine != theirs:
        return (mine > theirs) == (rule.check.type in _MORE_IS_STRICTER)
    return _RANK[rule.severity] < _RANK[other.severity]


def _size(rule: Rule) -> Decimal | None:
    if isinstance(rule.value, bool) or not isinstance(rule.value, int | Decimal):
        return None
    return Decimal(rule.value) * _SCALE.get(rule.unit, Decimal(1))
