"""Periods of the law: calendar days, working days, hours, forwards and backwards, with the reasoning kept.

Counting follows 民法典 200-204 and 1259: the day of the event is not counted (T-01), a last day off work moves to the
next working day and ends at 24:00 (T-02), hours run from the stated moment (T-03), "以上/以内" include the number
(T-04). "日" is a calendar day unless the rule writes 工作日. Minimum periods ("不得少于N日") and backward periods
("截止N日前") do not move: moving would be a kindness to nobody they protect; they have a strict and a lenient reading
(T-06, T-07).

Every result says how it was computed and whether it is certain. `certain` is False as soon as one day of a year not
yet announced was looked at: such a result is shown, but never ends a period or grounds a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from mingzheng.kernel.calendar_years import (
    WEEKDAYS,
    BadYearFile,
    DayKind,
    Year,
    announced,
    fault,
    forget_years,
    is_working_day,
    load_folder,
    load_year,
    watch_folder,
)
from mingzheng.kernel.clock import UTC8

__all__ = [
    "BadYearFile", "Bound", "DayKind", "Period", "Year", "add_calendar_days", "add_hours", "add_months",
    "add_working_days", "announced", "day_of", "earliest_after", "fault", "forget_years", "is_working_day", "latest_before",
    "load_folder", "load_year", "midnight_after", "next_working_day", "watch_folder",
]  # fmt: skip

Mode = Literal["strict", "lenient"]
Unit = Literal["calendar_day", "working_day", "hour", "month"]
UNIT_ZH = {"calendar_day": "日", "working_day": "个工作日", "hour": "小时", "month": "个月"}


@dataclass(frozen=True, slots=True)
class Period:
    """A period that runs and ends.

    `ends` is the first moment after it (24:00 of `last_day` is 0:00 of the next day, UTC+8). `days` are the days
    counted; `moved_from` is the last day before it moved off a holiday, if it moved.
    """

    starts: datetime
    ends: datetime
    last_day: date
    days: tuple[date, ...]
    moved_from: date | None
    unit: Unit
    certain: bool
    explanation: str

    @property
    def provisional(self) -> bool:
        return not self.certain

    @property
    def surely_until(self) -> datetime:
        """The period cannot have ended before this moment, whatever a year not yet announced will bring."""
        if self.unit in ("hour", "month") or not self.days:
            return self.ends
        return min(self.ends, midnight_after(day_of(self.starts) + timedelta(days=len(self.days))))

    def over(self, at: datetime) -> bool:
        """Whether the period has ended at `at`. A period that is only a guess never ends."""
        return self.certain and at >= self.ends

    def running(self, at: datetime) -> bool:
        """Whether `at` lies inside the period."""
        return at >= self.starts and not self.over(at)


@dataclass(frozen=True, slots=True)
class Bound:
    """The earliest or latest moment a rule allows for something, and how it was found."""

    moment: datetime
    day: date
    side: Literal["earliest", "latest"]
    mode: Mode
    certain: bool
    explanation: str

    def met(self, at: datetime) -> bool:
        """Whether `at` keeps the rule: not before the earliest moment, not after the latest one."""
        return at >= self.moment if self.side == "earliest" else at <= self.moment


def day_of(moment: date | datetime) -> date:
    """The day in China on which `moment` falls. A time without offset is refused (ValueError)."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"time without offset: {moment}")
    return moment.astimezone(UTC8).date()


def _moment(moment: date | datetime) -> datetime:
    """The moment itself, or 0:00 of a day, in UTC+8."""
    day = day_of(moment)
    return moment.astimezone(UTC8) if isinstance(moment, datetime) else datetime.combine(day, time(), UTC8)


def midnight_after(day: date) -> datetime:
    """24:00 of `day`: the moment a period whose last day it is has ended."""
    return datetime.combine(day + timedelta(days=1), time(), UTC8)


def next_working_day(day: date) -> tuple[date, bool]:
    """`day` itself or the first working day after it, and whether that is certain."""
    certain = True
    while True:
        kind = is_working_day(day)
        certain = certain and not kind.provisional
        if kind.working:
            return day, certain
        day += timedelta(days=1)


def add_calendar_days(start: date | datetime, n: int, *, label: str = "起算事件", move: bool = True) -> Period:
    """N calendar days from `start`, start day not counted. With `move` a last day off work moves on (T-01, T-02)."""
    _check(n)
    first = day_of(start)
    days = tuple(first + timedelta(days=i) for i in range(1, n + 1))
    nominal = days[-1]
    last, certain = next_working_day(nominal) if move else (nominal, True)
    moved = nominal if last != nominal else None
    told = f"{_short(first, last)} {label}，次日起算 {n} 日；末日 {_told(nominal, last)}"
    told += f"，顺延至 {_short(last, nominal)}" if moved else ""
    return _period(start, days, last, moved, "calendar_day", certain, told)


def add_working_days(start: date | datetime, n: int, *, label: str = "起算事件") -> Period:
    """N working days from `start`, start day not counted; the last one is a working day by itself."""
    _check(n)
    first = day_of(start)
    days: list[date] = []
    certain, day = True, first
    while len(days) < n:
        day += timedelta(days=1)
        kind = is_working_day(day)
        certain = certain and not kind.provisional
        if kind.working:
            days.append(day)
    told = f"{_short(first, day)} {label}，次日起算 {n} 个工作日：{'、'.join(f'{d:%m-%d}' for d in days)}"
    return _period(start, tuple(days), day, None, "working_day", certain, told)


def add_hours(start: datetime, n: int, *, label: str = "起算事件") -> Period:
    """N hours from the stated moment itself (T-03)."""
    _check(n)
    begin = _moment(start)
    ends = begin + timedelta(hours=n)
    told = f"{begin:%Y-%m-%d %H:%M} {label}，即时起算 {n} 小时，至 {ends:%Y-%m-%d %H:%M}"
    return Period(begin, ends, ends.date(), (), None, "hour", True, told)


def add_months(start: date | datetime, n: int, *, label: str = "起算事件") -> Period:
    """N months (years: 12 n) from `start`; without a same day in the last month, that month's last day (民法典 202)."""
    _check(n)
    first = day_of(start)
    years, month = divmod(first.month - 1 + n, 12)
    head = date(first.year + years, month + 1, 1)
    length = ((head + timedelta(days=31)).replace(day=1) - head).days
    last = head.replace(day=min(first.day, length))
    told = f"{first} {label}，起算 {n} 个月，至 {last} 24:00"
    return Period(_moment(start), midnight_after(last), last, (), None, "month", True, told)


def earliest_after(
    start: date | datetime, n: int, unit: Unit = "calendar_day", mode: Mode = "strict", *, label: str = "起算事件"
) -> Bound:
    """The earliest moment that leaves at least N days after `start` ("自…之日起不得少于N日", T-06).

    Strict: N full days pass, so 0:00 after the Nth day. Lenient: any moment of the Nth day.
    """
    nth, certain = _nth(day_of(start), n, unit, 1)
    moment = midnight_after(nth) if mode == "strict" else _moment(nth)
    told = f"{day_of(start)} {label}，次日起算 {n} {UNIT_ZH[unit]}，第 {n} 日为 {_full(nth)}；"
    told += f"须满整日，最早 {moment:%Y-%m-%d} 00:00" if mode == "strict" else f"最早 {nth}（当日即可）"
    return Bound(moment, moment.date(), "earliest", mode, certain, told + _doubt(certain))


def latest_before(
    deadline: date | datetime, n: int, unit: Unit = "calendar_day", mode: Mode = "strict", *, label: str = "截止"
) -> Bound:
    """The latest moment that leaves at least N days before `deadline` ("截止至少N日前", T-07).

    Strict: 24:00 of the day before the Nth day back. Lenient: 24:00 of the Nth day back.
    """
    nth, certain = _nth(day_of(deadline), n, unit, -1)
    last = nth - timedelta(days=1) if mode == "strict" else nth
    told = f"{day_of(deadline)} {label}，前一日起倒算 {n} {UNIT_ZH[unit]}，第 {n} 日为 {_full(nth)}；最迟 {last} 24:00"
    return Bound(midnight_after(last), last, "latest", mode, certain, told + _doubt(certain))


def _nth(day: date, n: int, unit: Unit, step: int) -> tuple[date, bool]:
    """The Nth calendar or working day after (step 1) or before (step -1) `day`, and whether it is certain."""
    _check(n)
    if unit == "calendar_day":
        return day + timedelta(days=n * step), True
    if unit != "working_day":
        raise ValueError(f"no minimum period in {unit}")
    certain = True
    while n:
        day += timedelta(days=step)
        kind = is_working_day(day)
        certain = certain and not kind.provisional
        n -= kind.working
    return day, certain


def _period(
    start: date | datetime, days: tuple[date, ...], last: date, moved: date | None, unit: Unit, certain: bool, told: str
) -> Period:
    ends = midnight_after(last)
    told = f"{told}，至 {last} 24:00 届满{_doubt(certain)}"
    return Period(_moment(start), ends, last, days, moved, unit, certain, told)


def _check(n: int) -> None:
    if n < 1:
        raise ValueError(f"a period has at least one day or hour, not {n}")


def _doubt(certain: bool) -> str:
    return "" if certain else "（所涉年度放假安排尚未公布，暂按推算，仅供参考）"


def _short(day: date, other: date) -> str:
    """Month and day; with the year where the two days lie in different years."""
    return f"{day:%m-%d}" if day.year == other.year else f"{day}"


def _full(day: date) -> str:
    return f"{day} 周{WEEKDAYS[day.weekday()]}"


def _told(nominal: date, last: date) -> str:
    """The nominal last day with what it is: its weekday, and the holiday or the weekend worked instead."""
    weekday = f"周{WEEKDAYS[nominal.weekday()]}"
    reason = is_working_day(nominal).reason
    return f"{_short(nominal, last)} {weekday}{f'（{reason}）' if reason != weekday else ''}"
