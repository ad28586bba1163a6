"""Measure against the limits, on this machine, and say which target is missed.

Every measure prints one line of JSON. Exit status 1 when one misses its target or fails. The limits (a bare INSERT, a
bare hash, a plain write) run beside ours in the same minute, so that the ratio means something on a shared machine.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from mingzheng.site.bench.measuring import Measure
from mingzheng.site.launch.programs import LaunchError

BEGIN = "<!-- figures: written by `mingzheng bench --table docs/performance.md` -->"
END = "<!-- end of figures -->"
BENCHES = {
    "ledger": "appending, acknowledged commands, the sequencer",
    "proofs": "inclusion and consistency proofs, made and checked",
    "seal": "sealing on the command line and in the browser, its memory",
    "pages": "every page of the demo's roles, after a year of tenders",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng bench`."""
    named = "; ".join(f"{name}: {what}" for name, what in BENCHES.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which benches ({named}); all without a name")
    parser.add_argument("--rounds", type=int, default=6, help="how often ours and the limit run by turns (default 6)")
    parser.add_argument("--small", action="store_true", help="reduced sizes: shows that the bench works, not how fast")
    parser.add_argument(
        "--entries", type=int, default=100_000, help="ledger: growth up to so many entries (default 100000)"
    )
    parser.add_argument("--record", type=Path, help="also write the lines to this file")
    parser.add_argument("--table", type=Path, help="also put the figures into this page (docs/performance.md)")


def run(args: argparse.Namespace) -> int:
    """0 when every target is met."""
    unknown = sorted(set(args.names) - set(BENCHES))
    if unknown:
        print(f"mingzheng: no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    found = []
    _warn_of_others()
    for measure in _measures(args.names or list(BENCHES), max(1, args.rounds), small=args.small, entries=args.entries):
        print(measure.line(), flush=True)
        found.append(measure)
    missed = [f"{one.bench} {one.measure}" for one in found if not one.met]
    if args.record:
        args.record.write_text("".join(one.line() + "\n" for one in found), "utf-8")
    if args.table:
        _put_into(args.table, found)
    if missed:
        print("missed: " + ", ".join(missed), file=sys.stderr)
    return int(bool(missed))


def _measures(names: list[str], rounds: int, *, small: bool, entries: int) -> Iterator[Measure]:
    for name in names:
        module = importlib.import_module(f"mingzheng.site.bench.{name}")
        more = {"entries": entries} if name == "ledger" else {}
        yield from module.measures(rounds=rounds, small=small, **more)


def _warn_of_others() -> None:
    """A busy machine measures the others' work: times are no result there, ratios a rough one."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores / 2:
        print(f"other programs keep this machine busy (load {load:.1f} on {cores} cores): no result", file=sys.stderr)


def _put_into(page: Path, found: list[Measure]) -> None:
    """Write the figures between the page's two marks."""
    before, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    if not rest or not after:
        raise LaunchError(f"{page} has no place for figures")
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    command = f"mingzheng bench {' '.join(sorted({one.bench for one in found}))}"
    rows = "".join(one.row() + "\n" for one in found)
    head = "| measure | ours | limit | ratio | target | runs | |\n|---|---|---|---|---|---|---|\n"
    page.write_text(f"{before}{BEGIN}\n`{command}`; {machine}\n\n{head}{rows}{END}{after}", "utf-8")
