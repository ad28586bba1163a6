"""A lot played once for a whole module: every test begins from it inside a transaction of its own, rolled back after.

    kept_opened, opened = played("opened")

gives the fixture `opened`, a `World` at that phase, and keeps what was played until the module ends.
"""

import dataclasses
import inspect
import os
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from tests.journey import World, bring
from tests.people import Cast

from mingzheng.adapters.bank.demo import DemoBank
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import ports
from mingzheng.ledger import proving, sequencing
from mingzheng.ledger.notes import COSIGNER, NoteSigner
from mingzheng.site.demo.cast import cast as everybody

COSIGNERS = [NoteSigner.from_seed(name, name[:1].encode() * 32, COSIGNER) for name in ("supervisor", "neighbour")]
NO_TICKS = 1e12  # cells only when a test asks for one
_playing: list[str] = []
_banks: list[Path] = []
_copies: list[Path] = []


class Still:
    """A clock that stands where it was put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment

    def forward(self, **parts: float) -> datetime:
        self.moment += timedelta(**parts)
        return self.moment


def _bank(folder: Path) -> DemoBank:
    return DemoBank(folder, settings.MINGZHENG_STATE / "keys" / "bank.key")


def _new_bank() -> Path:
    """The bank's journal outlives a test's database: the first world of a module gets a bank without earlier payments."""
    if not _playing:
        _banks.append(settings.MINGZHENG_STATE / f"bank-{len(_banks)}-{os.getpid()}")
    ports.use("bank", _bank(_banks[-1]))
    return _banks[-1]


def _copied(bank: Path) -> Path:
    """What one test pays or gets back is not there for the next."""
    _copies.append(bank.with_name(f"{bank.name}-{len(_copies)}"))
    if bank.exists():
        shutil.copytree(bank, _copies[-1])
    return _copies[-1]


def played(phase: str, label: str = "", **options: Any) -> tuple[Any, Any]:
    """Two fixtures: what is played once a module, and under the name `label` (the phase) a world of its own a test."""
    label = label or phase

    @pytest.fixture(scope="module", name=f"kept_{label}")
    def kept(django_db_setup, django_db_blocker):
        ticks, settings.MINGZHENG_TICK_SECONDS = settings.MINGZHENG_TICK_SECONDS, NO_TICKS
        with django_db_blocker.unblock():
            outer = transaction.atomic()
            outer.__enter__()
            still = Still(datetime(2026, 3, 2, 9, 0, tzinfo=kernel_clock.UTC8))
            kernel_clock.use(still)
            proving.cosign_in_process(COSIGNERS)
            bank = _new_bank()
            _playing.append(phase)
            world = World(Cast(), still, kept={"began": time.time()})
            for one in everybody():
                world.cast.by_login(one.login)
            bring(world, phase, **options)
            world.settle()
            sequencing.settle()
            proving.cosign_newest()
            kernel_clock.use(kernel_clock.real)
        yield world, bank
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
        _playing.remove(phase)
        proving.cosign_in_process(COSIGNERS if _playing else [])
        settings.MINGZHENG_TICK_SECONDS = ticks

    def world(**given):
        (found, bank), clock = given[f"kept_{label}"], given["clock"]
        clock.set(found.clock.moment)
        kernel_clock.use(clock)
        ports.use("bank", _bank(_copied(bank)))
        return dataclasses.replace(
            found, clock=clock, offers=dict(found.offers), kept=dict(found.kept), lots=list(found.lots)
        )

    names = (f"kept_{label}", "db", "clock")  # asked for by name, so that the module's comes before the test's own
    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names]
    world.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return kept, pytest.fixture(name=label)(world)
