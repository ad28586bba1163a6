"""Processes die at random while tenders are played: no acknowledged act is lost, nothing is done twice."""

import json
import os
from pathlib import Path

import pytest
from tests.faults.centre import ROOT, centre
from tests.faults.rehearsing import play_and_kill, tenders_of

KILLS = int(os.environ.get("MINGZHENG_KILLS", "12"))
SEED = int(os.environ.get("MINGZHENG_SEED", "20260302"))
TENDERS = Path(os.environ.get("MINGZHENG_TENDERS", ROOT / "tests" / "faults" / "one_tender.jsonl"))
AT_ONCE = 10  # tenders a round; the last round is played to its end when the killing is over


@pytest.mark.xdist_group("faults")
def test_no_acknowledged_act_is_lost_however_processes_die(tmp_path):
    with centre(tmp_path) as here:
        figures = play_and_kill(here, tenders_of(TENDERS, AT_ONCE), KILLS, SEED)
    assert figures["kills"] == KILLS
    if told := os.environ.get("MINGZHENG_FIGURES"):
        Path(told).write_text(json.dumps(figures), "utf-8")
