"""Measure against the limits, on this machine, and say which target is missed.

Every measure prints one line of JSON. Exit status 1 when one misses its target or fails. The limits (a bare INSERT, a
bare hash, a plain write) run beside ours in the same minute, so that the ratio means something on a shared machine.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from mingzheng.site.bench.measuring import Measure

BENCHES = {
    "ledger": "appending, acknowledged commands, the sequencer",
    "proofs": "inclusion and consistency proofs, made and checked",
    "seal": "sealing on the command line and in the browser, its memory",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng bench`."""
    named = "; ".join(f"{name}: {what}" for name, what in BENCHES.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which benches ({named}); all without a name")
    parser.add_argument("--rounds", type=int, default=6, help="how often ours and the limit run by turns (default 6)")
    parser.add_argument("--small", action="store_true", help="reduced sizes: shows that the bench works, not how fast")
    parser.add_argument("--record", type=Path, help="also write the lines to this file")


def run(args: argparse.Namespace) -> int:
    """0 when every target is met."""
    unknown = sorted(set(args.names) - set(BENCHES))
    if unknown:
        print(f"mingzheng: no bench is called {', '.join(unknown)}; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    lines, missed = [], []
    for measure in _measures(args.names or list(BENCHES), max(1, args.rounds), small=args.small):
        print(measure.line(), flush=True)
        lines.append(measure.line())
        if not measure.met:
            missed.append(f"{measure.bench} {measure.measure}")
    if args.record:
        args.record.write_text("\n".join(lines) + "\n", "utf-8")
    if missed:
        print("missed: " + ", ".join(missed), file=sys.stderr)
    return int(bool(missed))


def _measures(names: list[str], rounds: int, *, small: bool) -> Iterator[Measure]:
    for name in names:
        module = importlib.import_module(f"mingzheng.site.bench.{name}")
        yield from module.measures(rounds=rounds, small=small)
