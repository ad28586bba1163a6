"""A demo started again has a live opening again, and its committee acts by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mingzheng.kernel import clock as clocks
from mingzheng.site.demo import outcome, recipe, story
from mingzheng.site.demo.acting import do
from mingzheng.site.demo.progress import Progress
from mingzheng.site.demo.robots import LOOK_SECONDS, Robots
from mingzheng.site.demo.settling import settle
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.xdist_group("demo")


def _round(robots: Robots, clock: Any, seconds: list[float], rounds: int) -> None:
    for _ in range(rounds):
        seconds[0] += LOOK_SECONDS + 1
        clock.set(clock.moment + timedelta(seconds=LOOK_SECONDS + 1))
        settle("bidding.jobs.when_bidding_closes")
        robots.round()


def test_a_committee_that_a_visitor_forms_comes_to_its_report_by_itself(loaded: Path, clock: Any) -> None:
    lot, seconds = UUID(Progress.read().live), [0.0]
    robots = Robots(lot, now=lambda: seconds[0])
    _round(robots, clock, seconds, 92)
    assert procedures.lot(lot).phase == "opened"
    do("agency", "evaluation.form_committee", "visitor", lot=lot, count=outcome.SEATS)
    _round(robots, clock, seconds, 12)
    state = evaluation.evaluation(lot)
    assert state is not None and state.chair == 1 and all(seat.declared_at for seat in state.seats)
    assert not any(seat.committed_at for seat in state.seats)  # the host has not started it
    do("agency", "evaluation.start_evaluation", "visitor", lot=lot)
    _round(robots, clock, seconds, 14)
    state = evaluation.evaluation(lot)
    assert state is not None and state.state == "finished" and all(seat.signed_at for seat in state.seats)
    assert procedures.lot(lot).phase == "evaluated"


def test_a_demo_started_again_before_its_opening_keeps_it(loaded: Path) -> None:
    before, at = Progress.read().live, clocks.now()
    story.go_on(Progress.read())
    assert (Progress.read().live, clocks.now()) == (before, at)


def test_a_demo_started_again_after_its_opening_has_the_next_one_two_minutes_ahead(loaded: Path, clock: Any) -> None:
    first, seconds = UUID(Progress.read().live), [0.0]
    _round(Robots(first, now=lambda: seconds[0]), clock, seconds, 92)
    assert procedures.lot(first).phase == "opened"
    story.go_on(Progress.read())  # the reduced centre has prepared no other: one more tender is made
    live = UUID(Progress.read().live)
    due = procedures.clock(live, "bid_deadline")
    assert live != first and due is not None
    assert timedelta(seconds=story.LEAST_LEAD) <= due.due - clocks.now() <= timedelta(seconds=story.LEAD)
    assert procedures.lot(live).procedure_name.startswith("云州市第二污水处理厂扩建工程")
    _round(Robots(live, now=lambda: seconds[0]), clock, seconds, 92)
    assert procedures.lot(live).phase == "opened"
    assert len(opening.board(live)) == len(next(one for one in recipe.tenders() if one.end == "live").bidders)


def test_the_share_played_tells_how_much_of_the_year_is_left(loaded: Path) -> None:
    progress = Progress.read()
    assert 0.9 <= progress.steps / progress.of_steps <= 1.2
