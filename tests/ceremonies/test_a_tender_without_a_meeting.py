"""A works tender from plan to archive, played by everybody in browsers of their own, on a centre of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ceremonies import tender
from tests.ceremonies.persons import Stage

from mingzheng.site.launch.browser import arguments, find_browser
from mingzheng.site.launch.sandbox import Sandbox, sandbox

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
PASSWORD = "yunzhou-2026"  # the cast's, printed by `make demo`


@pytest.fixture
def centre() -> Iterator[Sandbox]:
    """A centre of its own: database, cosigners, worker, web."""
    with sandbox() as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium; a browser test without one was skipped before it came here."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_browser(), args=[*arguments(), "--lang=zh-CN"])
        yield launched
        launched.close()


@pytest.fixture
def shots() -> Path:
    """Pictures of this run only."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for old in SHOTS.glob("*.png"):
        old.unlink()
    return SHOTS


@pytest.mark.browser
@pytest.mark.xdist_group("ceremony")
def test_the_whole_tender_is_played_in_browsers_and_its_archive_proves_itself(
    centre: Sandbox, browser: Any, shots: Path, tmp_path: Path
) -> None:
    stage = Stage(centre.url, centre.state_folder, browser, shots, PASSWORD)
    play = tender.Ceremony(stage, tmp_path)
    for scene in tender.SCENES:
        try:
            scene(play)
        except Exception as error:
            play.photograph(scene.__name__)
            error.add_note(f"in {scene.__name__}; wrong so far: {stage.wrong}")
            raise
    archive = next((tmp_path / "archive").iterdir())
    verdict = subprocess.run(
        [sys.executable, "-I", str(archive / "verify.py"), str(archive)], capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert stage.wrong == []
