"""Play tenders from OCDS releases over HTTP as the real parties with their own keys, and verify every archive.

Ends with 0 when every archive verified and the lowest price won everywhere, 1 otherwise, 2 when called wrongly.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mingzheng.kernel import digest
from mingzheng.site.launch.demo import state_of
from mingzheng.site.rehearse import ocds, people, report
from mingzheng.site.rehearse.play import Play, Stage
from mingzheng.site.rehearse.player import perform
from mingzheng.site.rehearse.wire import Refusal, Server
from mingzheng.site.suite import FIRST

TICK_SECONDS = "1"
PASSWORD = "yunzhou-2026"  # noqa: S105 - the demo cast's, printed by `make demo`
ROUNDS = 5  # waiting times of all rounds together must stay within the calendar of the year that is announced
LEAST_ROUND = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mingzheng rehearse`."""
    parser.add_argument(
        "--ocds", type=Path, required=True, metavar="FILE", help="OCDS compiled releases, one a line (.gz)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="play the first N releases only")
    suite = os.environ.get("MINGZHENG_SUITE", FIRST)
    parser.add_argument("--suite", choices=sorted(digest.SUITES), default=suite, help=f"algorithms (default {suite})")
    parser.add_argument("--archives", type=Path, metavar="DIR", help="keep archives here (default ./archives-TIME)")
    parser.add_argument(
        "--report", type=Path, metavar="OUT.json", help="write the report here (default: in --archives)"
    )
    parser.add_argument("--server", metavar="URL", help="play against this demo server instead of a sandbox")
    parser.add_argument(
        "--cast", type=Path, metavar="DIR", help="key files of that server's cast (default: the demo's)"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is played: the server, its cast's key files and their password."""

    server: Server
    cast: Path
    state: Path | None


def run(args: argparse.Namespace) -> int:
    """Read the file, find a server, play, report."""
    began = time.monotonic()
    say = _Progress(began)
    try:
        found = ocds.read(args.ocds, args.limit)
        folder = _folder(args.archives)
    except (OSError, EOFError, zlib.error) as wrong:
        print(f"mingzheng: {wrong}", file=sys.stderr)
        return 2
    for one in found.skipped:
        say(f"skipped line {one.line} {one.ocid}: {one.reason}")
    plays = [Play(tender, place) for place, tender in enumerate(found.tenders, start=1)]
    try:
        if plays:
            with _place(args) as place:
                say(f"playing {len(plays)} tenders at {place.server.origin}")
                _play(place, args.suite, plays, folder, say)
    except (people.NoCast, Refusal, OSError, ValueError) as wrong:
        say(str(wrong))
        for play in plays:
            play.problem = play.problem or ("" if play.entries else f"not played to its end: {wrong}"[:2000])
    made = report.make(plays, found.skipped, time.monotonic() - began)
    target = (args.report or folder / "report.json").resolve()
    report.write(made, target)
    totals = made["totals"]
    say(
        f"{totals['procedures']} tenders, {totals['bidders']} bidders: {totals['awarded']} awarded, "
        f"{totals['failed_few_bidders']} with too few bidders, {totals['failed_all_rejected']} all rejected, "
        f"{len(totals['problems'])} with problems; {made['verify']['entries']} entries verified; report {target}"
    )
    return 0 if made["verify"]["ok"] else 1


def _play(place: Place, suite: str, plays: list[Play], folder: Path, say: _Progress) -> None:
    cast = people.enter(place.server, place.cast, PASSWORD)
    stage = Stage(cast, people.Bidders(place.server, suite))
    size = max(LEAST_ROUND, -(-len(plays) // ROUNDS))
    for start in range(0, len(plays), size):
        perform(stage, plays[start : start + size], folder, say)
    if place.state is not None:
        with contextlib.suppress(OSError):  # keys to bring to `verify.py --trust`
            shutil.copy(place.state / "keys" / "cosigners.txt", folder / "cosigners.txt")


@contextlib.contextmanager
def _place(args: argparse.Namespace) -> Iterator[Place]:
    """The server named, or a sandbox of our own that is gone afterwards."""
    if args.server:
        yield Place(Server(args.server), args.cast or state_of(args.suite) / "cast", None)
        return
    from mingzheng.site.launch.sandbox import sandbox

    with sandbox("rehearsal", {"MINGZHENG_TICK_SECONDS": TICK_SECONDS, "MINGZHENG_SUITE": args.suite}) as here:
        yield Place(Server(here.url), args.cast or here.state_folder / "cast", here.state_folder)


def _folder(wanted: Path | None) -> Path:
    """The folder of the archives; a fresh one inside when the one named has something in it already."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    folder = (wanted or Path(f"archives-{stamp}")).resolve()
    if folder.is_dir() and any(folder.iterdir()):
        folder = folder / stamp
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class _Progress:
    """Lines with the seconds since the start, on the error output: the output itself stays free."""

    def __init__(self, began: float) -> None:
        self.began = began

    def __call__(self, line: str) -> None:
        print(f"[{time.monotonic() - self.began:6.1f} s] {line}", file=sys.stderr, flush=True)
