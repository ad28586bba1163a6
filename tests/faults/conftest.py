"""A database of its own for plays that really commit and really die."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.faults import typesetting
from tests.journey import World
from tests.people import Cast
from tests.played import COSIGNERS, NO_TICKS, Still

from mingzheng.adapters.bank.demo import DemoBank
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import ports
from mingzheng.ledger import proving
from mingzheng.site.launch.postgres import TEST_ROLE, ensure_postgres

TYPESETTING = ("documents", "paper_seals")
FULL = os.environ.get("MINGZHENG_FAULTS_SIZE") == "full"


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker, tmp_path: Path) -> Iterator[None]:
    """A fresh database in which transactions are real; the connection comes back to the run's own afterwards."""
    server = ensure_postgres(Path(__file__).parents[2], instead=os.environ.get("MINGZHENG_TEST_SERVER"))
    name = f"test_mz{os.getpid()}_faults"
    usual = settings.DATABASES["default"]["NAME"]
    usually = {name: ports.get(name) for name in ("bank", "media")}
    ticks, settings.MINGZHENG_TICK_SECONDS = settings.MINGZHENG_TICK_SECONDS, NO_TICKS
    with django_db_blocker.unblock():
        server.drop_database(name)
        server.create_database(name, owner=TEST_ROLE, template=os.environ["MINGZHENG_TEST_TEMPLATE"])
        connection.close()
        connection.settings_dict["NAME"] = name
        proving.cosign_in_process(COSIGNERS)
        ports.use("bank", DemoBank(tmp_path / "bank", settings.MINGZHENG_STATE / "keys" / "bank.key"))
        yield
        connection.close()
        connection.settings_dict["NAME"] = usual
        server.drop_database(name)
    proving.cosign_in_process([])
    for port, adapter in usually.items():
        ports.use(port, adapter)
    settings.MINGZHENG_TICK_SECONDS = ticks
    server.stop()


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[None]:
    """Papers are typeset in another process: this one forks."""
    usual = {name: ports.get(name) for name in TYPESETTING}
    before, settings.MINGZHENG_PAPER_SEAL = settings.MINGZHENG_PAPER_SEAL, "demo"
    with typesetting.elsewhere(tmp_path, *TYPESETTING) as given:
        for name, port in given.items():
            ports.use(name, port)
        yield
    settings.MINGZHENG_PAPER_SEAL = before
    for name, port in usual.items():
        ports.use(name, port)


@pytest.fixture
def deployment(committed: None, papers: None) -> Iterator[World]:
    """A world to play in whose acts really commit."""
    still = Still(datetime(2026, 3, 2, 9, 0, tzinfo=kernel_clock.UTC8))
    kernel_clock.use(still)
    yield World(Cast(), still)
    kernel_clock.use(kernel_clock.real)
