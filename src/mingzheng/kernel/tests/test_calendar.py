"""Days, periods and their ends, against the vectors of the rule library and the announced calendars."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import calendar
from mingzheng.kernel.clock import UTC8

ANNOUNCED = st.dates(date(2005, 1, 1), date(2026, 9, 30))
UNANNOUNCED = 2031


@pytest.fixture(autouse=True)
def _only_packaged_years() -> Iterator[None]:
    calendar.forget_years()
    yield
    calendar.forget_years()


def at(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC8)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-01-26", True), ("2025-02-08", True), ("2025-01-28", False), ("2025-02-04", False), ("2025-02-05", True),
        ("2026-02-14", True), ("2026-02-28", True), ("2026-02-23", False), ("2026-03-02", True), ("2026-10-10", True),
        ("2026-10-08", True), ("2026-10-07", False), ("2026-11-28", False),
    ],
)  # fmt: skip
def test_weekends_worked_instead_and_days_off_follow_the_announcement(day: str, working: bool) -> None:
    kind = calendar.is_working_day(date.fromisoformat(day))
    assert (kind.working, kind.provisional) == (working, False)
    assert kind.reason


def test_documents_of_3_march_allow_a_deadline_on_23_march_leniently_and_on_24_march_strictly() -> None:
    lenient = calendar.earliest_after(date(2025, 3, 3), 20, mode="lenient")
    strict = calendar.earliest_after(at("2025-03-03 17:00"), 20, mode="strict")
    assert (lenient.day, strict.moment) == (date(2025, 3, 23), at("2025-03-24 00:00"))
    assert lenient.met(at("2025-03-23 09:30")) and not lenient.met(at("2025-03-22 23:59"))
    assert strict.met(at("2025-03-24 00:00")) and not strict.met(at("2025-03-23 23:59"))
    assert "最早 2025-03-24 00:00" in strict.explanation


def test_a_clarification_reaches_back_fifteen_days_from_the_deadline() -> None:
    deadline = at("2025-03-31 09:30")
    lenient = calendar.latest_before(deadline, 15, mode="lenient")
    strict = calendar.latest_before(deadline, 15, mode="strict")
    assert (lenient.day, strict.day) == (date(2025, 3, 16), date(2025, 3, 15))
    assert strict.moment == at("2025-03-16 00:00")
    assert calendar.latest_before(deadline, 10, mode="lenient").day == date(2025, 3, 21)
    assert strict.met(at("2025-03-15 23:59")) and not strict.met(at("2025-03-16 00:01"))


def test_publicity_ending_on_a_saturday_runs_to_monday_24_00() -> None:
    period = calendar.add_calendar_days(at("2025-03-05 10:00"), 3, label="公示")
    assert (period.moved_from, period.last_day) == (date(2025, 3, 8), date(2025, 3, 10))
    assert period.ends == at("2025-03-11 00:00") and period.certain
    assert not period.over(at("2025-03-10 23:59:59")) and period.over(at("2025-03-11 00:00"))
    assert period.days == (date(2025, 3, 6), date(2025, 3, 7), date(2025, 3, 8))


def test_the_explanation_shows_the_days_and_the_move() -> None:
    period = calendar.add_calendar_days(date(2026, 11, 25), 3, label="公示")
    assert period.explanation == "11-25 公示，次日起算 3 日；末日 11-28 周六，顺延至 11-30，至 2026-11-30 24:00 届满"
    feast = calendar.add_calendar_days(date(2026, 9, 30), 3, label="公示")
    assert feast.explanation.startswith("09-30 公示，次日起算 3 日；末日 10-03 周六（国庆节），顺延至 10-08")


def test_a_last_day_on_a_weekend_that_is_worked_does_not_move() -> None:
    period = calendar.add_calendar_days(date(2026, 10, 7), 3, label="公示")
    assert period.last_day == date(2026, 10, 10) and period.moved_from is None
    assert "调休上班" in period.explanation


def test_working_days_skip_weekends_and_use_worked_ones() -> None:
    assert calendar.add_working_days(date(2025, 3, 7), 3).last_day == date(2025, 3, 12)
    spring = calendar.add_working_days(date(2025, 1, 24), 5)
    expected = ("2025-01-26", "2025-01-27", "2025-02-05", "2025-02-06", "2025-02-07")
    assert spring.days == tuple(date.fromisoformat(day) for day in expected)
    assert "01-26、01-27、02-05、02-06、02-07" in spring.explanation


def test_working_day_bounds_count_backwards_over_a_feast() -> None:
    bound = calendar.latest_before(date(2026, 10, 9), 3, "working_day", "lenient")
    assert bound.day == date(2026, 9, 29)
    assert calendar.earliest_after(date(2026, 9, 29), 3, "working_day", "strict").moment == at("2026-10-10 00:00")


def test_hours_run_from_the_stated_moment() -> None:
    period = calendar.add_hours(at("2026-03-06 16:20"), 12)
    assert period.ends == at("2026-03-07 04:20") and not period.over(at("2026-03-07 04:19"))


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-02-29", 180, "2039-02-28"), ("2026-12-15", 1, "2027-01-15")],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: str, months: int, last: str) -> None:
    assert calendar.add_months(date.fromisoformat(start), months).last_day == date.fromisoformat(last)


def test_a_year_not_announced_is_a_guess_that_ends_nothing() -> None:
    kind = calendar.is_working_day(date(UNANNOUNCED, 3, 3))
    assert kind.provisional
    period = calendar.add_calendar_days(date(UNANNOUNCED, 3, 3), 3)
    assert not period.certain and not period.over(period.ends + timedelta(days=400))
    assert "尚未公布" in period.explanation
    assert period.surely_until == at(f"{UNANNOUNCED}-03-07 00:00")
    assert not calendar.is_working_day(date(UNANNOUNCED, 10, 1)).working


def test_calendar_day_minimums_need_no_announcement_and_working_day_ones_do() -> None:
    assert calendar.earliest_after(date(UNANNOUNCED, 3, 3), 20).certain
    assert not calendar.earliest_after(date(UNANNOUNCED, 3, 3), 5, "working_day").certain


def test_a_loaded_year_file_makes_the_year_certain() -> None:
    calendar.load_year(
        {"year": UNANNOUNCED, "source": "示例通知", "holiday": [
            {"name": "国庆节", "rest": {"from": "2031-10-01", "to": "2031-10-07"}, "work": ["2031-09-28"]}]}
    )  # fmt: skip
    assert calendar.is_working_day(date(2031, 9, 28)) == calendar.DayKind(True, False, "国庆节调休上班")
    assert calendar.add_calendar_days(date(2031, 9, 28), 3).last_day == date(2031, 10, 8)
    assert calendar.add_calendar_days(date(2031, 3, 3), 3).certain


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"year": 2031, "source": ""},
        {"year": 2031, "source": "x"},
        {"year": 2031, "source": "x", "holiday": [{"rest": ["2031-10-01"]}]},
        {"year": 2031, "source": "x", "holiday": [{"name": "国庆节", "rest": ["2031-10-32"]}]},
        {"year": 2031, "source": "x", "holiday": [{"name": "国庆节", "rest": ["2030-10-01"]}]},
        {"year": 2031, "source": "x", "holiday": [{"name": "国庆节", "rest": ["2031-10-01"], "work": ["2031-10-01"]}]},
        {"year": 2031, "source": "x", "holiday": [{"name": "国庆节", "rest": ["2031-10-01"], "work": ["2031-10-08"]}]},
        {"year": 2031, "source": "x", "holiday": [{"name": "国庆节", "rest": {"from": "2031-10-01"}}]},
    ],
)
def test_a_wrong_year_file_is_refused_and_changes_nothing(mapping: dict[str, object]) -> None:
    with pytest.raises(calendar.BadYearFile):
        calendar.load_year(mapping)
    assert calendar.announced(UNANNOUNCED) is None


def test_a_folder_of_year_files_is_loaded_and_a_misnamed_one_refused(tmp_path: Path) -> None:
    body = 'year = 2031\nsource = "示例"\n[[holiday]]\nname = "国庆节"\nrest = [2031-10-01]\n'
    (tmp_path / "2031.toml").write_text(body, encoding="utf-8")
    (tmp_path / "notes.toml").write_text("x = 1", encoding="utf-8")
    assert calendar.load_folder(tmp_path) == (2031,)
    (tmp_path / "2032.toml").write_text(body, encoding="utf-8")
    with pytest.raises(calendar.BadYearFile):
        calendar.load_folder(tmp_path)


def test_a_year_file_put_into_the_watched_folder_is_used_at_the_next_question(tmp_path: Path) -> None:
    assert calendar.watch_folder(tmp_path) == ""
    assert calendar.is_working_day(date(2031, 9, 28)).provisional
    body = 'year = 2031\nsource = "示例"\n[[holiday]]\nname = "国庆节"\nrest = [2031-10-01]\nwork = [2031-09-28]\n'
    (tmp_path / "2031.toml").write_text(body, encoding="utf-8")
    os.utime(tmp_path, ns=(1, 1))
    assert calendar.is_working_day(date(2031, 9, 28)) == calendar.DayKind(True, False, "国庆节调休上班")


def test_a_wrong_file_in_the_watched_folder_leaves_the_year_a_guess_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "2031.toml").write_text('year = 2031\nsource = "x"\n', encoding="utf-8")
    assert "1 October" in calendar.watch_folder(tmp_path) and calendar.fault()
    assert calendar.is_working_day(date(2031, 3, 3)).provisional
    assert calendar.watch_folder(tmp_path / "nowhere") == ""


def test_a_time_without_offset_and_an_empty_period_are_refused() -> None:
    with pytest.raises(ValueError, match="without offset"):
        calendar.add_calendar_days(datetime(2026, 3, 2, 9, 0), 3)
    with pytest.raises(ValueError, match="at least one"):
        calendar.add_working_days(date(2026, 3, 2), 0)


def test_a_moment_late_in_another_zone_counts_as_the_day_in_china() -> None:
    assert calendar.day_of(datetime.fromisoformat("2026-03-02T20:00:00+00:00")) == date(2026, 3, 3)


@settings(deadline=None, derandomize=True)
@given(ANNOUNCED, st.integers(1, 60))
def test_a_moved_end_is_a_working_day_and_only_holidays_lie_between(start: date, n: int) -> None:
    period = calendar.add_calendar_days(start, n)
    nominal = start + timedelta(days=n)
    assert calendar.is_working_day(period.last_day).working and period.last_day >= nominal
    between = (nominal + timedelta(days=i) for i in range((period.last_day - nominal).days))
    assert not any(calendar.is_working_day(day).working for day in between)


@settings(deadline=None, derandomize=True)
@given(ANNOUNCED, st.integers(1, 40), st.integers(1, 40))
def test_working_days_add_up_and_longer_periods_end_later(start: date, first: int, second: int) -> None:
    middle = calendar.add_working_days(start, first).last_day
    whole = calendar.add_working_days(start, first + second)
    assert calendar.add_working_days(middle, second).last_day == whole.last_day > middle
    assert all(calendar.is_working_day(day).working for day in whole.days) and len(whole.days) == first + second


@settings(deadline=None, derandomize=True)
@given(ANNOUNCED, st.integers(1, 60), st.sampled_from(["calendar_day", "working_day"]))
def test_strict_is_never_kinder_than_lenient_and_bounds_are_tight(start: date, n: int, unit: calendar.Unit) -> None:
    lenient = calendar.earliest_after(start, n, unit, "lenient")
    strict = calendar.earliest_after(start, n, unit, "strict")
    assert strict.moment - lenient.moment == timedelta(days=1)
    back = calendar.latest_before(lenient.day, n, "calendar_day", "lenient")
    assert unit == "working_day" or back.day == start
    assert not strict.met(strict.moment - timedelta(microseconds=1)) and strict.met(strict.moment)
