"""Live pages: nothing is missed and nothing told twice, whatever breaks in between."""

import asyncio
import contextlib

import pytest
from django.db import OperationalError

from mingzheng.site.live import views

LOT = "lot:018e0000-0000-7000-8000-000000000001"


class Log:
    """What `_since` and `_last` read, in memory; `broken` makes every question fail."""

    def __init__(self, length: int) -> None:
        self.rows = [(n, LOT, "x.y") for n in range(length)]
        self.broken = self.asked = 0

    def since(self, position: int, streams: list[str] | None = None) -> list[tuple[int, str, str]]:
        if self.broken:
            self.broken -= 1
            raise OperationalError("gone")
        return [row for row in self.rows if row[0] > position][: views.AT_ONCE]

    def last(self) -> int:
        self.asked += 1
        return len(self.rows) - 1

    def grow(self, more: int) -> None:
        self.rows += [(n, LOT, "x.y") for n in range(len(self.rows), len(self.rows) + more)]


@pytest.fixture
async def log(monkeypatch):
    made = Log(0)
    monkeypatch.setattr(views, "_since", made.since)
    monkeypatch.setattr(views, "_last", made.last)
    monkeypatch.setattr(views, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(views, "connection", type("Gone", (), {"close": staticmethod(lambda: None)}))
    yield made
    if views._follower is not None:
        views._follower.cancel()
        views._follower = None


async def listening(log: Log, wanted: int, after: int = -1, busy: bool = False) -> list[int]:
    """Positions told to one listener until it has so many or its stream ends."""
    told: list[int] = []
    async with contextlib.aclosing(views._stream([LOT], after)) as frames:
        async for frame in frames:
            if frame.startswith("id: "):
                told.append(int(frame.split("\n")[0][4:]))
                if busy:
                    await asyncio.sleep(0.01)
            if len(told) >= wanted:
                break
    return told


async def until(what) -> None:
    async with asyncio.timeout(10):
        while not what():
            await asyncio.sleep(0.001)


async def test_a_lost_database_is_waited_for_and_nothing_is_skipped(log):
    log.grow(3)
    listener = asyncio.create_task(listening(log, 40))
    await until(lambda: views._listeners)
    await until(lambda: log.asked)
    for _ in range(4):
        log.broken = 2
        log.grow(10)
        await until(lambda: not log.broken)
    async with asyncio.timeout(10):
        assert await listener == list(range(3, 43))


async def test_whoever_comes_back_gets_all_that_was_missed_and_nothing_twice(log):
    log.grow(1300)
    listener = asyncio.create_task(listening(log, 1319, after=0))
    await until(lambda: views._listeners)
    log.grow(20)
    async with asyncio.timeout(10):
        assert await listener == list(range(1, 1320))


async def test_a_slow_listener_is_let_go_and_resumes_after_what_it_has(log, monkeypatch):
    monkeypatch.setattr(views, "QUEUE", 5)
    listener = asyncio.create_task(listening(log, 1000, busy=True))
    await until(lambda: views._listeners)
    await until(lambda: log.asked)
    log.grow(60)
    async with asyncio.timeout(10):
        got = await listener
    assert got == list(range(len(got))) and len(got) < 60
    async with asyncio.timeout(10):
        assert await listening(log, 60 - len(got), after=got[-1]) == list(range(len(got), 60))
    assert not views._listeners and not views._dropped
