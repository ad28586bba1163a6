"""What the demo centre has done and does: centre.toml as facts, with dates counted back from each opening."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from mingzheng.kernel import calendar, clock

FILE = Path(__file__).with_name("centre.toml")
LIVE = datetime(2026, 3, 2, 9, 30, tzinfo=clock.UTC8)  # the opening a newcomer sees
EVE = datetime(2026, 3, 2, 9, 12, tzinfo=clock.UTC8)  # nothing that has happened is younger
CENT = Decimal("0.01")
ENDS = (
    "submitted", "returned", "registered", "announced", "clarified", "suspended", "terminated", "few", "bids", "live", "hall",
    "opened", "evaluation", "evaluated", "publicity", "objection", "awarded", "contracted", "archived",
)  # fmt: skip
SHORT = ("pavement", "gauges", "market", "sewage-2", "clinic")  # of a reduced demo: tests
MANAGERS = ("钟离昭", "百里奚明", "司徒若兰", "端木和", "慕容川", "上官清", "欧阳泽", "公孙瑾", "东方晓", "夏侯宁")


@dataclass(frozen=True, slots=True)
class Plan:
    """A tender plan published ahead."""

    owner: str
    name: str
    content: str
    estimate: str
    at: datetime
    notice: datetime


@dataclass(frozen=True, slots=True)
class Tender:
    """One procedure: who, what, who bids, when it opens, how far it goes (`end`)."""

    id: str
    name: str
    content: str
    owner: str
    agency: str
    lots: tuple[dict[str, str], ...]
    bidders: tuple[str, ...]
    deadline: datetime
    end: str
    kind: str = "works_tender"
    method: str = "lowest_price"
    deposit: bool = True
    approval: str = ""
    latest: datetime = EVE
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def entity(self) -> str:
        return {"agency": "agency", "mao": "mao"}[self.agency]

    def goes_to(self, end: str) -> bool:
        """Whether it gets at least this far on the usual way."""
        return ENDS.index(self.end) >= ENDS.index(end)

    def back(self, days: int, hour: int, minute: int = 0) -> datetime:
        """The last working day at least `days` before the opening."""
        return self._at(_worked(self.deadline.date() - timedelta(days=days)), hour, minute)

    def begins(self, hour: int, minute: int = 0) -> datetime:
        """The day of the registration: what still waits at the desk came in lately."""
        if self.end in ("submitted", "returned"):
            return self.back(28, hour, minute)
        notice = _worked(self.deadline.date() - timedelta(days=24))
        return self._at(_worked(notice - timedelta(days=4)), hour, minute)

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return min(datetime.combine(day, time(hour, minute), clock.UTC8), self.latest)

    @property
    def steps(self) -> int:
        """About how many moments its life has, as `scenes` and `outcome` tell it: the measure of loading."""
        found = 2 if self.end == "submitted" else 3
        if self.goes_to("announced"):
            found += len(self.lots) + 2 * ("question" in self.facts) + (self.end in ("suspended", "terminated"))
        if self.goes_to("few"):
            found += len(self.lots) * (2 * len(self.bidders) + (self.end == "few"))
        if self.goes_to("hall"):
            further = (
                ("opened", 2),
                ("evaluation", 2),
                ("evaluated", 1),
                ("publicity", 1),
                ("awarded", 1),
                ("contracted", 1),
                ("archived", 1),
            )
            found += len(self.lots) * (4 + sum(count for end, count in further if self.goes_to(end)))
        return found

    def summary(self, bidder: str, number: int) -> dict[str, Any]:
        """What the bidder offers for a lot: always the same for the same tender and bidder."""
        lot = self.lots[number]
        chance = int.from_bytes(sha256(f"{self.id} {number} {bidder}".encode()).digest()[:8], "big")
        ratio = Decimal(9020 + chance % 860) / 10_000
        period = 90 if self.kind == "goods_services_tender" else 180 + chance % 160
        return {
            "price": format((Decimal(lot["estimate"]) * ratio + chance % 9973).quantize(CENT, ROUND_HALF_UP), "f"),
            "period_days": period, "quality": "合格", "project_manager": MANAGERS[chance % len(MANAGERS)],
        }  # fmt: skip


def _worked(day: date) -> date:
    """The day itself or the last working day before it."""
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day in China, never later than the eve of the live opening."""
    return min(datetime.combine(day, time(hour, minute), clock.UTC8), EVE)


def working_day(day: date, later: int = 0) -> date:
    """The first working day at least `later` days after `day`."""
    day += timedelta(days=later)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


@cache
def plans() -> tuple[Plan, ...]:
    """Tender plans, oldest first."""
    return tuple(
        Plan(p["owner"], p["name"], p["content"], p["estimate"], moment(p["at"], 11), moment_of(p["notice"]))
        for p in _file()["plan"]
    )


@cache
def tenders(*, short: bool = False) -> tuple[Tender, ...]:
    """All procedures of the demo, or the few of a reduced one."""
    found = tuple(_tender(dict(one)) for one in _file()["tender"])
    return tuple(one for one in found if one.id in SHORT) if short else found


def following(number: int, now: datetime) -> Tender:
    """One more tender like the live one, for a demo started again when every opening it had prepared is over."""
    live = next(one for one in tenders() if one.end == "live")
    day = working_day((now + timedelta(days=32)).date())
    deadline = datetime.combine(day, LIVE.timetz())
    return replace(
        live, id=f"{live.id}-again-{number}", name=f"{live.name}（第 {number + 1} 批）", deadline=deadline,
        latest=deadline - timedelta(minutes=15),
    )  # fmt: skip


def moment_of(value: date | datetime) -> datetime:
    """A deadline of the file: a day means 09:30."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=clock.UTC8)
    return datetime.combine(value, time(9, 30), clock.UTC8)


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _tender(one: dict[str, Any]) -> Tender:
    named = {
        name: one.pop(name)
        for name in (
            "id", "name", "content", "owner", "agency", "end", "kind", "method", "deposit", "approval",
        )
        if name in one
    }  # fmt: skip
    deadline, lots, bidders = moment_of(one.pop("deadline")), tuple(one.pop("lots")), tuple(one.pop("bidders"))
    if named["end"] not in ENDS:
        raise ValueError(f"{named['id']}: no end {named['end']!r}")
    return Tender(**named, deadline=deadline, lots=lots, bidders=bidders, facts=one)
