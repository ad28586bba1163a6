"""Fixtures for every test: a frozen clock, wired ports, and the write guard; and which tests run in both suites."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mingzheng.kernel import clock as kernel_clock

ROOT = Path(__file__).parent
#: What comes out differently under another suite: certificates, signatures, seals, digests, what leaves the ledger. Marked
#: `both_suites`; `make test` runs these again with MINGZHENG_SUITE=GM-1. (Tests of adapters and ledger take both by themselves.)
BOTH_SUITES = (
    "src/mingzheng/ledger/tests/test_clauses.py",
    "src/mingzheng/stages/archiving/tests",
    "src/mingzheng/stages/award/tests/test_result.py",
    "src/mingzheng/stages/bidding/tests",
    "src/mingzheng/stages/evaluation/tests/test_committee.py",
    "src/mingzheng/stages/opening/tests",
    "src/mingzheng/stages/parties/tests/test_certificate_login.py",
    "src/mingzheng/stages/parties/tests/test_certificates.py",
    "src/mingzheng/stages/parties/tests/test_registration.py",
    "src/mingzheng/stages/tendering/tests/test_publishing.py",
    "tests/contracts/test_media.py",
    "tests/contracts/test_storage.py",
    "tests/rehearse/test_rehearsal.py",
    "tests/test_journey.py",
    "tests/walls/test_bad_input.py",
    "tests/walls/test_before_the_deadline.py",
    "tests/walls/test_between_decryption_and_reading.py",
    "tests/walls/test_chains.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests above, before `-m both_suites` chooses."""
    places = tuple(str(ROOT / one) for one in BOTH_SUITES)
    for item in items:
        if str(item.path).startswith(places):
            item.add_marker(pytest.mark.both_suites)


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
