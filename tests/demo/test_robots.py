"""The others act by themselves; a visitor's part waits for the visitor."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mingzheng.site.demo import guide, taken
from mingzheng.site.demo.progress import Progress
from mingzheng.site.demo.robots import LOOK_SECONDS, Robots
from mingzheng.site.demo.settling import settle
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.xdist_group("demo")
STEP = LOOK_SECONDS + 1


class Hall:
    """The live lot with its robots, in a time that the test moves."""

    def __init__(self, clock: Any) -> None:
        self.clock, self.seconds = clock, 0.0
        self.lot = UUID(Progress.read().live)
        self.robots = Robots(self.lot, now=lambda: self.seconds)

    def wait(self, seconds: float) -> None:
        """Let time pass, the worker and the robots doing their rounds."""
        until = self.seconds + seconds
        while self.seconds < until:
            self.seconds += STEP
            self.clock.set(self.clock.moment + timedelta(seconds=STEP))
            settle("bidding.jobs.when_bidding_closes")
            self.robots.round()

    @property
    def states(self) -> dict[str, str]:
        return {row.bidder_name[0]: row.state for row in opening.board(self.lot)}

    @property
    def step(self) -> guide.Step:
        found = guide.step(Progress.read(), proof_seen=False)
        assert found is not None
        return found


def test_when_nobody_comes_the_hall_opens_reads_and_ends_by_itself(loaded: Path, clock: Any) -> None:
    hall = Hall(clock)
    hall.wait(460)
    assert procedures.lot(hall.lot).phase == "opened"
    assert set(hall.states.values()) == {"read"}
    assert hall.step.href == guide.PROOF


def test_a_visitors_part_is_left_to_the_visitor_while_the_others_go_on(loaded: Path, clock: Any) -> None:
    hall = Hall(clock)
    assert (hall.step.login, hall.step.chapter) == ("jia", 1)
    taken.take("jia")
    hall.wait(200)
    assert hall.states["甲"] == "waiting"
    assert {state for name, state in hall.states.items() if name != "甲"} == {"decrypted"}
    assert (hall.step.login, hall.step.chapter) == ("jia", 2)
    hall.wait(300)  # the visitor went away
    assert hall.states["甲"] in ("decrypted", "read")


def test_the_host_waits_for_a_visitor_who_took_the_host(loaded: Path, clock: Any) -> None:
    hall = Hall(clock)
    taken.take("agency")
    hall.wait(150)
    found = opening.opening(hall.lot)
    assert found is not None and found.phase == "list"
    assert hall.step.login == "agency"
