"""Fixtures for every test: a frozen clock, wired ports, and the write guard."""

from datetime import datetime, timedelta

import pytest

from mingzheng.kernel import clock as kernel_clock


class FrozenClock:
    """The deployment's clock in tests: stands still unless moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime | str) -> None:
        value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.moment = value if value.tzinfo else value.replace(tzinfo=kernel_clock.UTC8)

    def forward(self, **parts: float) -> datetime:
        self.moment += timedelta(**parts)
        return self.moment


@pytest.fixture(autouse=True)
def clock():
    """Monday 2 March 2026, nine o'clock."""
    frozen = FrozenClock(datetime(2026, 3, 2, 9, 0, tzinfo=kernel_clock.UTC8))
    kernel_clock.use(frozen)
    yield frozen
    kernel_clock.use(kernel_clock.real)


@pytest.fixture
def cast(db, clock):
    """Everybody of the demo centre, each with a certificate and really signed acts: `cast.agency.do(act, **fields)`."""
    from tests.people import Cast

    return Cast()


@pytest.fixture
def world(cast, clock):
    """A deployment to play in (tests/journey.py)."""
    from tests.journey import World

    return World(cast, clock)


@pytest.fixture
def lot_at(world):
    """`lot_at("announced")` plays a lot to a phase and gives the world: lot_at(phase, announce={...options of a step})."""
    from tests.journey import bring

    def play(phase, **options):
        return bring(world, phase, **options)

    return play
