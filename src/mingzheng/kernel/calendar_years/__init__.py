"""Which days are worked in China: announced years, loadable year files, a provisional guess for the rest.

The State Council announces each year's days off and the weekends worked instead only late in the year before.
Announced years come from the kept `chinesecalendar` library; a newer year is loaded from a TOML file (format:
README.md in this folder). A year nobody has announced is computed from weekends and the holidays with a fixed
date, and every answer about it says `provisional`: it may be shown, it never ends a period or refuses an act.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import chinese_calendar

WEEKDAYS = "一二三四五六日"
#: 全国年节及纪念日放假办法 (2024 text, in force 2025-01-01): the holidays whose date needs no lunar calendar.
FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
_NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayKind:
    """What one day is: worked or not, whether that is only a guess, and why (holiday name or weekend, zh)."""

    working: bool
    provisional: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.working


@dataclass(frozen=True, slots=True)
class Year:
    """The announced days of one year: `rest` are days off with the holiday's name, `work` weekends worked instead."""

    year: int
    rest: Mapping[date, str]
    work: Mapping[date, str]
    source: str


class BadYearFile(ValueError):
    """A calendar year file does not say what it must; the message names the place."""


_loaded: dict[int, Year] = {}


@dataclass(slots=True)
class _Watched:
    """The deployment's folder of year files, when it was last read, and what was wrong with it then."""

    folder: Path | None = None
    changed: int = 0
    fault: str = ""


_watched = _Watched()


def is_working_day(day: date) -> DayKind:
    """Whether people work on `day`: weekends worked instead of a bridge day count as working days (T-05)."""
    day = day.date() if isinstance(day, datetime) else day
    weekend = day.weekday() >= 5
    year = announced(day.year)
    if year is None:
        holiday = FIXED_HOLIDAYS.get((day.month, day.day), "")
        return DayKind(not weekend and not holiday, True, holiday or _weekday(day))
    if day in year.work:
        return DayKind(True, False, f"{year.work[day]}调休上班")
    if day in year.rest:
        return DayKind(False, False, year.rest[day])
    return DayKind(not weekend, False, _weekday(day))


def announced(year: int) -> Year | None:
    """The announced calendar of `year`: a loaded file first, then the library; None while it is not announced."""
    known = _from_library(year)
    if known is None:
        _look_again()
    return _loaded.get(year) or known


@lru_cache(maxsize=64)
def _from_library(year: int) -> Year | None:
    constants = chinese_calendar.constants
    rest = {day: _NAMES.get(name, "节假日") for day, name in constants.holidays.items() if day.year == year}
    work = {day: _NAMES.get(name, "节假日") for day, name in constants.workdays.items() if day.year == year}
    # the library carries stray days of the year after its last one; a year without National Day is not announced
    if date(year, 10, 1) not in rest:
        return None
    return Year(year, rest, work, "国务院办公厅关于部分节假日安排的年度通知（chinesecalendar 收录）")


def load_year(mapping: Mapping[str, Any]) -> Year:
    """Take in one announced year from the content of a year file. It replaces what was known about that year.

    Raises `BadYearFile` when the year, its source or a date is missing or wrong.
    """
    number, source = mapping.get("year"), mapping.get("source")
    if not isinstance(number, int) or not isinstance(source, str) or not source.strip():
        raise BadYearFile("a year file needs `year` (a number) and `source` (the announcement)")
    rest: dict[date, str] = {}
    work: dict[date, str] = {}
    for place, holiday in enumerate(mapping.get("holiday", ()), 1):
        name = holiday.get("name")
        if not isinstance(name, str) or not name:
            raise BadYearFile(f"holiday {place} of {number} has no name")
        rest |= dict.fromkeys(_dates(holiday.get("rest", ()), number, name), name)
        work |= dict.fromkeys(_dates(holiday.get("work", ()), number, name), name)
    if date(number, 10, 1) not in rest:
        raise BadYearFile(f"{number}: 1 October is not a day off; the file is not complete")
    if both := sorted(rest.keys() & work.keys()):
        raise BadYearFile(f"{both[0]} is both a day off and a day worked")
    if week := sorted(day for day in work if day.weekday() < 5):
        raise BadYearFile(f"{week[0]} is an ordinary weekday and need not be listed as worked")
    _loaded[number] = Year(number, rest, work, source)
    return _loaded[number]


def _dates(values: Any, year: int, name: str) -> list[date]:
    """The dates of a list, or of a `{from, to}` span with both ends, all inside `year`."""
    try:
        if isinstance(values, Mapping):
            first, last = _date(values["from"]), _date(values["to"])
            days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        else:
            days = [_date(value) for value in values]
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadYearFile(f"{name}: {wrong}") from wrong
    if outside := [day for day in days if day.year != year]:
        raise BadYearFile(f"{name}: {outside[0]} is not in {year}")
    return days


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def load_folder(folder: Path) -> tuple[int, ...]:
    """Load every `<year>.toml` of `folder` (for a deployment: $MINGZHENG_STATE/calendar); the years loaded."""
    years = []
    for path in sorted(folder.glob("[12][0-9][0-9][0-9].toml")):
        year = load_year(tomllib.loads(path.read_text(encoding="utf-8")))
        if str(year.year) != path.stem:
            raise BadYearFile(f"{path.name} speaks of {year.year}")
        years.append(year.year)
    return tuple(years)


def watch_folder(folder: Path) -> str:
    """Use the year files of a deployment's folder ($MINGZHENG_STATE/calendar), now and whenever it changes.

    A new file is seen by every process at its next question about that year. Returns `fault()`.
    """
    _watched.folder, _watched.changed, _watched.fault = folder, 0, ""
    _look_again()
    return _watched.fault


def fault() -> str:
    """What is wrong with the watched folder (for the operators' desk); empty when nothing is. Its years stay provisional."""
    return _watched.fault


def _look_again() -> None:
    if _watched.folder is None:
        return
    try:
        changed = _watched.folder.stat().st_mtime_ns
    except OSError:
        return
    if changed == _watched.changed:
        return
    _watched.changed = changed
    try:
        load_folder(_watched.folder)
        _watched.fault = ""
    except (OSError, ValueError) as wrong:  # a wrong file must not stop a tender; the year stays a guess
        _watched.fault = str(wrong)


def forget_years() -> None:
    """Drop every loaded year file and watch no folder (tests, and a deployment that takes a wrong file back)."""
    _watched.folder, _watched.fault = None, ""
    _loaded.clear()
    load_folder(Path(__file__).parent)


def _weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


load_folder(Path(__file__).parent)
