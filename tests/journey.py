"""The journey of a lot, one small function a step. Every step runs the real commands as the real parties, signed.

Owners of stages add their steps here and name the phase they reach in `STEPS`; `lot_at("opened")` runs all before it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.people import Cast, Player

from mingzheng.kernel.job import JOBS
from mingzheng.ledger import reading, sequencing
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.queries import LotFacts
from mingzheng.stages.tendering import rules as tendering_rules

REGISTRATION = {
    "name": "云州市第二污水处理厂扩建工程", "content": "日处理 8 万立方米扩建，含土建和安装", "approval": "云发改投资〔2026〕12号",
    "funds": "财政资金 60%，企业自筹 40%", "region": "990100", "location": "云州市澄江区",
    "supervision_department": "云州市住房和城乡建设局", "contact": "周远航", "phone": "0990-88000011",
}  # fmt: skip
ESTIMATE = "186000000"


@dataclass
class World:
    """One deployment in a test: its clock, its cast, and the lot being played with whatever steps want to remember."""

    cast: Cast
    clock: Any
    lot: UUID | None = None
    procedure: UUID | None = None
    lots: list[UUID] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> LotFacts:
        assert self.lot is not None
        return procedures.lot(self.lot)

    @property
    def phase(self) -> str:
        return self.facts.phase

    @property
    def deadline(self) -> datetime:
        return self.due("bid_deadline")

    def due(self, name: str) -> datetime:
        assert self.lot is not None
        found = procedures.clock(self.lot, name)
        assert found is not None, name
        return found.due

    def at(self, moment: datetime, **later: float) -> None:
        """Set the clock to a moment, or so much after it."""
        self.clock.set(moment + timedelta(**later))

    def settle(self, *jobs: str) -> None:
        """What the worker would do now: order entries, readers and reactions, timers (those named, else all)."""
        for _ in range(3):
            sequencing.step()
            reading.follow()
            for name, job in JOBS.items():
                if not jobs or any(name.endswith(wanted) for wanted in jobs):
                    job.run()
        sequencing.step()


def register(world: World, *, lots: int = 1, by: Player | None = None, estimate: str = ESTIMATE, **content: Any) -> None:
    """Project registration, completed by the centre with a person responsible."""
    cast = world.cast
    given = [{"name": "土建及安装" if n == 1 else f"配套工程{n}", "estimate": estimate, "content": "构筑物、管道及设备安装"} for n in range(1, lots + 1)]
    retender = content.pop("retender_of", None)
    if retender is not None:
        given[0]["retender_of"] = str(retender)
    submitted = (by or cast.owner).do(
        "procedures.submit_registration", content={**REGISTRATION, **content}, lots=given, agency=cast.agency.organisation
    ).event
    world.procedure = submitted.procedure
    done = cast.staff.do(
        "procedures.complete_registration", procedure=world.procedure, service_responsible=cast.staff.person
    )
    world.lots = [one.lot for one in done.events if hasattr(one, "section_code")]
    world.lot = world.lots[0]


def announce(world: World, *, by: Player | None = None, **fields: Any) -> None:
    """The agency publishes notice and tender documents; without more words by the lowest evaluated price."""
    by = by or world.cast.agency
    by.do("tendering.publish_notice", lot=world.lot, confirmation=tendering_rules.CONFIRMATION_VERSION, **fields)
    by.do("procedures.appoint_person", lot=world.lot, part="host", person=by.person)


def announce_weighted(world: World, **fields: Any) -> None:
    """The same by weighted scoring with the standard template's score table."""
    document = {"method": "weighted", "price_ceiling": "186000000.00", **fields.pop("document", {})}
    announce(world, document=document, **fields)


def enrol(world: World, *players: Player) -> None:
    """Bidders take part and take the documents (the first three without names)."""
    paper = next(one for one in procedures.documents(world.lot) if one.kind == "tender_document")
    for player in players or world.cast.bidders[:3]:
        player.do("tendering.enrol", lot=world.lot, contact=player.name, phone="0990-88001234")
        player.do("tendering.download_document", lot=world.lot, document=paper.id)


STEPS: list[tuple[str, Callable[..., None]]] = [("registered", register), ("announced", announce)]


def bring(world: World, phase: str, **options: dict[str, Any]) -> World:
    """Run every step up to `phase`; `options` by step name are passed on: bring(w, "announced", announce={...})."""
    reached = [name for name, _ in STEPS]
    if phase not in reached:
        raise LookupError(f"no step reaches {phase!r} yet; known: {', '.join(reached)}")
    for name, step in STEPS[: max(i for i, known in enumerate(reached) if known == phase) + 1]:
        step(world, **options.get(step.__name__, {}))
        assert name == "" or world.phase == name or world.facts.standing != "running", (name, world.phase)
    return world
