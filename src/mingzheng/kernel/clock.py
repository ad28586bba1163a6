"""The one clock. Rules compare `at` with due times; nothing else in the program asks the machine for the time."""

import threading
import time
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


#: Steps up to this are the rounding of threads that ask at once; larger ones are told.
TOLERANCE = timedelta(seconds=1)


class Forwards:
    """A clock that never runs backwards: while its source is behind what was told before, it stands still.

    `told(step)` is called once a step back, with its length. `newest()` is the newest time known to all processes (None:
    nothing yet); it is asked at the first call and when the source ran slower than the machine's monotonic clock, so
    that a process that slept through a step still knows it, and one just started does too.
    """

    def __init__(
        self,
        source: Callable[[], datetime],
        told: Callable[[timedelta], None],
        newest: Callable[[], datetime | None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._told, self._newest, self._monotonic = source, told, newest, monotonic
        self._lock = threading.Lock()
        self._latest: datetime | None = None
        self._seen, self._asked, self._behind = datetime.min.replace(tzinfo=UTC8), 0.0, False

    def __call__(self) -> datetime:
        """The source's time, or the newest told before it."""
        moment, asked = self._source(), self._monotonic()
        with self._lock:
            expected = self._seen + timedelta(seconds=asked - self._asked)
            doubtful = self._latest is None or moment < expected - TOLERANCE
            self._seen, self._asked = max(moment, self._seen) if not doubtful else moment, asked
        floor = self._newest() if doubtful else None
        with self._lock:
            latest = max(one for one in (self._latest, floor, moment) if one is not None)
            step, self._latest = latest - moment, latest
            told, self._behind = step > TOLERANCE and not self._behind, step > TOLERANCE
        if told:
            self._told(step)
        return latest


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
