"""Every command is killed before, inside and after; whoever repeats it finds it done exactly once."""

import itertools
import json
import os
from pathlib import Path

import pytest
from tests.faults import checking, plays
from tests.faults.conftest import FULL
from tests.faults.striking import Striker

from mingzheng.kernel import faultpoint
from mingzheng.ledger.writing import COMMANDS

#: Commands that come up nowhere in the plays, each with the reason. Everything else must be struck.
NOT_PLAYED = {
    "archiving.approve_disposal": "possible only fifteen years after the file was closed",
    "archiving.propose_disposal": "possible only fifteen years after the file was closed",
    "archiving.record_damage": "follows a file that was tampered with on disk",
    "ledger.rotate_key": "an operator's own command line: whoever is interrupted runs it again (ledger/tests/test_rotation.py)",
    "opening.note_file_check": "keeps what a look at a file found; whoever is interrupted looks again (tests/security/test_files_after_opening.py)",
    "opening.draw_parameters": "only price formulas with drawn parameters have it; its shape is that of start_decryption",
}
_turn = itertools.count()


def points(act: str) -> tuple[str, ...]:
    """All points at full size; else one before the commit, in turn, and the one after it."""
    if FULL:
        return faultpoint.OF_A_COMMAND
    return faultpoint.OF_A_COMMAND[next(_turn) % 4], "after-commit"


@pytest.mark.xdist_group("faults")
def test_whoever_is_killed_in_a_command_finds_it_done_exactly_once(deployment, monkeypatch, tmp_path):
    striker = Striker(points)
    with monkeypatch.context() as patch:
        striker.install(patch)
        plays.whole(deployment)
    struck = striker.struck
    ours = {
        act for act, one in COMMANDS.items() if ".test_" not in f".{one.function.__module__}"
    }  # tests declare some too
    assert ours - set(NOT_PLAYED) - set(struck.acts) == set(), "a command without a play of faults"
    assert set(NOT_PLAYED) & set(struck.acts) == set(), "played after all: take it off the list"
    checking.settled()
    entries = checking.everything_holds(tmp_path / "ledger")
    assert checking.nothing_was_sent_twice() > 10
    _tell(commands=len(struck.acts), of=len(COMMANDS), kills=struck.kills, entries=entries)


def _tell(**figures: int) -> None:
    told = os.environ.get("MINGZHENG_FIGURES")
    if told:
        Path(told).write_text(json.dumps(figures), "utf-8")
