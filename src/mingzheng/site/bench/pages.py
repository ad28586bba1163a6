"""`pages`: every page of every role of the demo's bar, in a centre with a year behind it.

The year is played in a centre of its own; then one process asks for the pages through the whole middleware, as the web
process would answer them, without the socket (`pages_child`). A page is counted with the role it is slowest for. `MINGZHENG_BENCH_PAGES=<state folder>` with DATABASE_URL measures a centre that is already there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mingzheng.site.bench.measuring import Measure, MeasureFailed, limit_module
from mingzheng.site.launch.processes import PARENT
from mingzheng.site.launch.programs import LaunchError
from mingzheng.site.launch.sandbox import sandbox

PLAYING_SECONDS = 1800
THERE = "MINGZHENG_BENCH_PAGES"
SHOWN = 12


def measures(*, rounds: int, small: bool) -> Iterator[Measure]:
    """The slowest page against the budget, how many are over it, what is usual, and the bare page."""
    limit = limit_module("pages")
    try:
        found = _asked(rounds, limit.BARE, small=small)
    except MeasureFailed as failure:
        sys.stderr.write(f"pages: {failure}\n")
        yield Measure("pages", "slowest page", 0, 0, 0, 1.0, "ms of server time", rounds, 1, least=False)
        return
    pages, bare, failed = found["pages"], float(found["bare"]), int(found["failed"])
    for page in pages[:SHOWN]:
        sys.stderr.write(f"{page['ms']:7.1f} ms {page['queries']:4d} queries  {page['who']:<10} {page['path']}\n")
    slowest, usual = pages[0]["ms"], pages[len(pages) // 2]["ms"]
    budget, over = float(limit.BUDGET_MS), sum(page["ms"] > limit.BUDGET_MS for page in pages)
    told = f"ms of server time, {len(pages)} pages"
    yield Measure("pages", "slowest page", slowest, budget, slowest / budget, 1.0, told, rounds, failed, least=False)
    yield Measure(
        "pages", "pages over the budget", over, len(pages), over / len(pages), 0.0, "pages", rounds, least=False
    )
    yield Measure("pages", "median page", usual, bare, usual / bare, None, f"ms against {limit.BARE}", rounds)


def _asked(rounds: int, bare: str, *, small: bool) -> dict[str, Any]:
    """What the asking process found, in the centre named or in one played for it."""
    if state := os.environ.get(THERE):
        return _child({**os.environ, "MINGZHENG_STATE": state, "MINGZHENG_MODE": "demo"}, rounds, bare)
    with sandbox("demo", {"MINGZHENG_SERVED_BY": "demo"}) as centre:
        environment = {
            **os.environ, "MINGZHENG_STATE": str(centre.state_folder), "DATABASE_URL": centre.database_url,
            "MINGZHENG_MODE": "demo", "MINGZHENG_URL": centre.url, "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings",
        }  # fmt: skip
        _play(environment, centre.state_folder / "demo" / "progress.json", small=small)
        return _child(environment, rounds, bare)


def _play(environment: Mapping[str, str], progress: Path, *, small: bool) -> None:
    """Let the demo's own process play the year. LaunchError when it ends or takes too long."""
    arguments = [sys.executable, "-m", "mingzheng", "story", *(["--short"] if small else [])]
    story = subprocess.Popen(arguments, env={**environment, PARENT: str(os.getpid())}, stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PLAYING_SECONDS
        while _state(progress) != "ready":
            if story.poll() is not None or time.monotonic() > end:
                raise LaunchError("the demo's year could not be played")
            time.sleep(0.5)
    finally:
        story.terminate()
        story.wait()


def _state(progress: Path) -> str:
    try:
        return str(json.loads(progress.read_text("utf-8"))["state"])
    except (OSError, ValueError, KeyError):
        return ""


def _child(environment: Mapping[str, str], rounds: int, bare: str) -> dict[str, Any]:
    """A fresh process asks. MeasureFailed with its last words when it breaks off."""
    done = subprocess.run(
        [sys.executable, "-m", "mingzheng.site.bench.pages_child", str(rounds), bare],
        env={**environment, "MINGZHENG_LIMITS": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise MeasureFailed(done.stderr.strip()[-600:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
