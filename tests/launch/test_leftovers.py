"""What a killed run left is removed by the next one; what belongs to a living one stays."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mingzheng.site.launch.leftovers import own_folder


def test_folders_of_dead_processes_are_removed_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for number in (ended.pid, os.getppid()):
        (tmp_path / f"mz-{number}-x" / "deep").mkdir(parents=True)
    mine = own_folder("mz-")
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / f"mz-{os.getppid()}-x", mine])
    assert mine.stat().st_mode & 0o777 == 0o700
