"""The year of the demo: real commands, resumed after any interruption, and everything verifies."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from mingzheng.kernel import clock
from mingzheng.kernel.job import JOBS
from mingzheng.ledger import proving, reading, sequencing
from mingzheng.site.demo import acting, outcome, recipe, scenes, story, tampering
from mingzheng.site.demo.progress import Progress
from mingzheng.stages.archiving import changes as archiving
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.xdist_group("demo")
INTERRUPTED_AFTER = (3, 40, 71)  # acts: in a registration, among bids, in an opening


class Killed(BaseException):
    """The process is gone between two statements."""


def _pack() -> None:
    sequencing.settle()
    proving.cosign_newest()
    JOBS["stages.archiving.jobs.pack_closed_files"].run()


def _killed_after(acts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Play until so many acts were done, and one more whose answer nobody saw."""
    done, act = [0], acting.do

    def do(*args: Any, **fields: Any) -> Any:
        happened = act(*args, **fields)
        done[0] += not happened.again
        if done[0] > acts:
            raise Killed
        return happened

    with monkeypatch.context() as patched:
        for module in (acting, scenes, outcome):
            patched.setattr(module, "do", do)
        with pytest.raises(Killed):
            story.load(Progress.read(), short=True)


def test_a_year_killed_again_and_again_is_resumed_and_its_archive_verifies(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for acts in INTERRUPTED_AFTER:
        _killed_after(acts, monkeypatch)
        assert Progress.read().state == "loading"
    story.load(Progress.read(), short=True)
    progress = Progress.read()
    assert progress.state == "ready"
    facts = {name: procedures.lot(UUID(lots[0])) for name, lots in progress.lots.items()}
    stands = {name: (one.phase, one.standing) for name, one in facts.items()}
    assert stands == {
        "pavement": ("archived", "closed"), "gauges": ("announced", "failed"), "market": ("opening", "running"),
        "sewage-2": ("announced", "running"), "clinic": ("registered", "running"),
    }  # fmt: skip
    assert len(procedures.lots()) == len(facts)  # nothing was registered twice
    assert recipe.EVE < clock.now() < recipe.LIVE
    _pack()
    _check_ledger(demo)
    _check_archive(archiving.folder_of(facts["pavement"].id))


def _check_ledger(folder: Path) -> None:
    """The whole ledger, as an outsider would."""
    reading.export_ledger(folder / "ledger")
    done = subprocess.run(
        [sys.executable, "-m", "mingzheng", "verify", str(folder / "ledger")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _check_archive(archive: Path) -> None:
    """The original passes; of a copy with one byte spoiled the verifier names the file. The original stays as it was."""
    before = {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()}
    for place in tampering.PLACES:
        found = tampering.trial(archive, place)
        assert found.original.ok, found.original.said
        assert not found.copy.ok and any(found.change.file in line for line in found.copy.said), found.copy.said
        assert found.change.before != found.change.after
    assert before == {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()}
    shutil.rmtree(archive)


def test_a_centre_somebody_else_made_is_left_alone(demo: Path, lot_at: Any) -> None:
    lot_at("registered")
    story.load(Progress.read(), short=True)
    assert Progress.read().state == "foreign"
    assert len(procedures.lots()) == 1


def test_the_opening_under_way_has_two_bids_open_and_the_others_sealed(loaded: Path) -> None:
    lot = UUID(Progress.read().lots["market"][0])
    assert [row.state for row in opening.board(lot)] == ["decrypted", "decrypted", "waiting", "waiting"]
