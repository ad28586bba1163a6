"""Clocks that are set back or far ahead: no time in the ledger runs backwards, and the deadline stays what it was."""

import json
from datetime import datetime, timedelta

import pytest
from tests import bids, journey
from tests.faults import checking

from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import sequencing
from mingzheng.site import deployment_clock

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=kernel_clock.UTC8)


class Machine:
    """A machine whose wall clock can be set while its monotonic clock only counts."""

    def __init__(self) -> None:
        self.wall, self.counted = NINE, 1000.0
        self.newest: datetime | None = None
        self.steps: list[timedelta] = []

    def passes(self, **time: float) -> None:
        self.wall += timedelta(**time)
        self.counted += timedelta(**time).total_seconds()

    def clock(self) -> kernel_clock.Forwards:
        return kernel_clock.Forwards(lambda: self.wall, self.steps.append, lambda: self.newest, lambda: self.counted)


@pytest.fixture
def machine():
    return Machine()


def test_a_clock_set_back_five_minutes_stands_still_until_it_has_caught_up_and_tells_so_once(machine):
    clock = machine.clock()
    machine.passes(minutes=30)
    assert clock() == NINE + timedelta(minutes=30)
    machine.wall -= timedelta(minutes=5)
    seen = []
    for _ in range(6):
        machine.passes(minutes=1)
        seen.append(clock())
    assert seen == [NINE + timedelta(minutes=30)] * 5 + [NINE + timedelta(minutes=31)]
    assert machine.steps == [timedelta(minutes=4)]


def test_a_clock_that_only_runs_is_never_stopped_and_never_asks_what_others_saw(machine):
    clock = machine.clock()
    clock()
    machine.newest = NINE + timedelta(days=9)
    for _ in range(100):
        machine.passes(seconds=7)
        assert clock() == machine.wall
    assert machine.steps == []


def test_a_process_that_slept_through_the_step_learns_from_the_ledger_what_time_it_was(machine):
    slept = machine.clock()
    slept()
    machine.passes(minutes=20)
    machine.newest = machine.wall  # another process wrote a checkpoint then
    machine.wall -= timedelta(minutes=5)
    machine.passes(minutes=1)
    assert slept() == machine.newest
    assert machine.steps == [timedelta(minutes=4)]


def test_a_process_started_after_the_step_begins_where_the_ledger_stands(machine):
    machine.newest = NINE + timedelta(minutes=5)
    clock = machine.clock()
    assert clock() == machine.newest
    machine.passes(minutes=6)
    assert clock() == NINE + timedelta(minutes=6)


def test_threads_that_ask_at_once_are_no_step(machine):
    clock = machine.clock()
    clock()
    machine.passes(seconds=10)
    clock()
    machine.wall -= timedelta(milliseconds=3)
    assert clock() == NINE + timedelta(seconds=10)
    assert machine.steps == []


class OnMachine:
    """The clock of a play: moving it moves the machine's wall clock and the time that passed."""

    def __init__(self, machine: Machine, guarded: kernel_clock.Forwards) -> None:
        self.machine, self.guarded = machine, guarded

    def __call__(self) -> datetime:
        return self.guarded()

    def set(self, moment: datetime) -> None:
        self.machine.counted += max(0.0, (moment - self.machine.wall).total_seconds())
        self.machine.wall = moment

    def forward(self, **parts: float) -> None:
        self.set(self.machine.wall + timedelta(**parts))


@pytest.fixture
def on_machine(deployment, machine):
    """The play's clock is a machine's, behind the guard the product puts before it."""
    machine.wall = deployment.clock()
    guarded = kernel_clock.Forwards(
        lambda: machine.wall, machine.steps.append, deployment_clock.newest, lambda: machine.counted
    )

    kernel_clock.use(guarded)
    deployment.clock = OnMachine(machine, guarded)
    return machine


def times(stream: str) -> list[str]:
    return [json.loads(row[0])["at"] for row in checking.rows(
        "select text from ledger_entry where stream = %s order by number", [stream]
    )]  # fmt: skip


@pytest.mark.xdist_group("faults")
def test_steps_back_between_acts_leave_no_time_that_runs_backwards_and_the_deadline_holds(
    deployment, on_machine, tmp_path
):
    journey.register(deployment)
    on_machine.wall -= timedelta(minutes=5)
    journey.announce(deployment)
    journey.three_bids(deployment)
    deadline, late = deployment.deadline, deployment.cast.by_login("ding")
    journey.enrol(deployment, late)
    journey.pay(deployment, late)
    offer = bids.make(deployment.lot, late)
    deployment.at(deadline, seconds=1)
    deployment.settle("close_bidding", "when_bidding_closes")
    sequencing.settle()
    on_machine.wall -= timedelta(minutes=5)  # on the wall it is before the deadline again
    assert on_machine.wall < deadline
    with pytest.raises(Refused) as refused:
        bids.submit(deployment.lot, offer)
    assert refused.value.code != ""
    assert deployment.phase != "announced"
    assert times(f"lot:{deployment.lot}") == sorted(times(f"lot:{deployment.lot}"))
    assert on_machine.steps
    checking.settled()
    checking.everything_holds(tmp_path / "ledger")


@pytest.mark.xdist_group("faults")
def test_a_clock_far_ahead_refuses_old_certificates_clearly_and_nothing_is_lost_when_it_is_right_again(
    deployment, on_machine
):
    journey.register(deployment)
    right = on_machine.wall
    on_machine.wall = right + timedelta(days=3650)
    with pytest.raises(Refused) as refused:
        journey.announce(deployment)
    assert refused.value.kind.what
    on_machine.wall = right
    assert kernel_clock.now() > right, "it stands still, it never goes back"


def test_a_machine_set_back_holds_up_no_cell(deployment, monkeypatch, settings):
    settings.MINGZHENG_TICK_SECONDS = 5
    moment = [1_000_000.0]
    monkeypatch.setattr(sequencing.time, "time", lambda: moment[0])
    cells = "select count(*) from ledger_leaf where cell is not null"
    assert deployment.cast.bidder
    sequencing.step()
    assert checking.rows(cells) == [(1,)]
    moment[0] -= 3600
    sequencing.step()
    assert checking.rows(cells) == [(2,)]
    moment[0] += 1
    sequencing.step()
    assert checking.rows(cells) == [(2,)]
