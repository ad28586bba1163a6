"""A demo's centre inside a test: the cast with key files, a clock that jumps when the story says so, cosigners at hand."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.played import COSIGNERS

from mingzheng.adapters.bank.demo import DemoBank
from mingzheng.kernel import ports
from mingzheng.ledger import proving
from mingzheng.site import deployment_clock
from mingzheng.site.demo import acting, outcome, parties, progress, settling, story, taken, waiting
from mingzheng.site.demo.cast import CastMember, cast
from mingzheng.stages.parties import queries


@pytest.fixture
def demo(db: Any, clock: Any, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a demo that has its people and no history yet, a year before the live opening."""
    settings.MINGZHENG_MODE = "demo"
    clock.set(deployment_clock.DEMO_START)
    monkeypatch.setattr(story, "_jump", lambda moment: clock.set(max(moment, clock.moment)))
    monkeypatch.setattr(settling, "WAIT_SECONDS", 5.0)
    monkeypatch.setattr(outcome, "SEALING_SECONDS", 0.0)
    for module in (progress, taken, waiting):
        monkeypatch.setattr(module, "folder", lambda: tmp_path / "demo")
    monkeypatch.setattr(CastMember, "key_file", property(lambda self: tmp_path / "cast" / f"{self.login}.mzkey"))
    shutil.rmtree(settings.MINGZHENG_STATE / "archives", ignore_errors=True)  # an earlier test's may have this number
    bank = ports.get("bank")
    ports.use("bank", DemoBank(tmp_path / "bank", tmp_path / "bank.key"))
    proving.cosign_in_process(COSIGNERS)
    acting.key_of.cache_clear()
    for one in cast():
        person = queries.person_by_login(one.login) or parties._enter(one)
        parties._key(one, person)
    parties._authorise()
    yield tmp_path
    proving.cosign_in_process([])
    ports.use("bank", bank)
    acting.key_of.cache_clear()


@pytest.fixture
def loaded(demo: Path) -> Path:
    """The reduced year has been played: the live opening is about to begin."""
    story.load(progress.Progress.read(), short=True)
    return demo
