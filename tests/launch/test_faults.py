"""Faults on order exist where tests play, and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mingzheng.site.launch import faults

PASSING = (
    "import sys, pathlib; from mingzheng.kernel import faultpoint; from mingzheng.site.launch import faults;"
    "print(faults.install(sys.argv[1]), flush=True); faultpoint.reach('before-commit', 'x.act'); print('passed')"
)


def passing(mode: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PASSING, mode], env={**os.environ, faults.VARIABLE: str(folder)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["production", "demo", "", "Test"])
def test_with_production_or_demo_settings_an_ordered_fault_strikes_nobody(mode: str, tmp_path: Path) -> None:
    order = faults.arm(tmp_path, "before-commit", "x.act")
    done = passing(mode, tmp_path)
    assert (done.returncode, done.stdout.split()) == (0, ["False", "passed"])
    assert order.exists()


@pytest.mark.parametrize("mode", ["test", "rehearsal"])
def test_where_tests_play_it_kills_once_and_only_at_its_point(mode: str, tmp_path: Path) -> None:
    faults.arm(tmp_path, "before-commit", "y.other")
    order = faults.arm(tmp_path, "before-commit", "x.act")
    assert passing(mode, tmp_path).returncode == -9
    assert not order.exists()
    assert passing(mode, tmp_path).stdout.split() == ["True", "passed"]


def test_without_the_variable_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(faults.VARIABLE, raising=False)
    assert not faults.install("rehearsal")
