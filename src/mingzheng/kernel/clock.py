"""The one clock. Rules compare `at` with due times; nothing else in the program asks the machine for the time."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
UTC8 = timezone(timedelta(hours=8))


def real() -> datetime:
    """The machine's own time, in China's zone."""
    return datetime.now(UTC8)  # noqa: TID251 - the only place that may ask


_source: Callable[[], datetime] = real


def use(source: Callable[[], datetime]) -> None:
    """Replace the clock (a demo centre's fast clock, a frozen clock in tests)."""
    global _source
    _source = source


def now() -> datetime:
    """The deployment's time, aware, in UTC+8 (T-08: one trusted source; stored with its offset)."""
    return _source().astimezone(UTC8)


def text(moment: datetime) -> str:
    """The form in which times stand in the ledger: 2026-03-02T09:00:00.000000+08:00."""
    return moment.astimezone(UTC8).isoformat(timespec="microseconds")


def parse(value: str) -> datetime:
    """Read `text` back. A time without offset is refused (ValueError)."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(f"time without offset: {value}")
    return moment.astimezone(UTC8)
