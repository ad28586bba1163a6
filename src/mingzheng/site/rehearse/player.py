"""Playing many tenders at once: every step of all of them, then one jump of the clock over their waiting time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from mingzheng.kernel import clock
from mingzheng.site.rehearse import archives, evaluating, opening, report, tendering
from mingzheng.site.rehearse.play import Play, Stage

Say = Callable[[str], None]
Step = Callable[[Stage, Play], None]
THREADS = 6


def perform(stage: Stage, plays: list[Play], folder: Path, say: Say) -> None:
    """Play all tenders together to verified archives under `folder`. What goes wrong stands in `Play.problem`."""
    _all(stage, plays, "registered and announced", tendering.announce, say)
    _all(stage, plays, "bids sealed and submitted", tendering.bid, say)
    _jump(stage, plays, "bid_deadline", say)
    _all(stage, plays, "opened", opening.hold, say)
    _all(stage, plays, "evaluated and published", evaluating.evaluate, say)
    _jump(stage, [play for play in plays if not play.outcome], "publicity_ends", say)
    _all(stage, plays, "awarded and contracted", evaluating.award, say)
    _all(stage, plays, "files closed", evaluating.close, say)
    _all(stage, plays, "archives kept and verified", lambda stage, play: _keep(stage, play, folder), say)
    for play in plays:
        report.judge(play)


def _keep(stage: Stage, play: Play, folder: Path) -> None:
    archives.keep(stage, play, folder)
    archives.verify(play)


def _all(stage: Stage, plays: list[Play], what: str, step: Step, say: Say) -> None:
    """One step of every tender that is still in order, several at a time."""
    began = time.monotonic()
    going = [play for play in plays if not play.problem]

    def one(play: Play) -> None:
        try:
            step(stage, play)
        except Exception as failed:  # whatever it is: this tender stops here, the others go on, the report says so
            play.problem = f"{what}: {type(failed).__name__}: {failed}"[:2000]
            say(f"  {play.tender.ocid}: {play.problem}")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(one, sorted(going, key=lambda play: -len(play.tender.offers))))  # the longest first
    done = sum(not play.problem for play in going)
    say(f"{done} of {len(plays)} {what} ({time.monotonic() - began:.1f} s)")


def _jump(stage: Stage, plays: list[Play], name: str, say: Say) -> None:
    """Jump past the latest clock of this name."""
    due = [stage.lot(play)["clocks"][name]["due"] for play in plays if not play.problem]
    if due:
        moment = max(clock.parse(one) for one in due) + timedelta(seconds=1)
        stage.jump(clock.text(moment))
        say(f"clock jumped to {moment:%Y-%m-%d %H:%M}")
