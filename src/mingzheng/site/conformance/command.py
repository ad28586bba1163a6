"""Join docs/conformance.yaml with the results of the marked tests: which clauses are met, and by which test.

Ends with 1 when a clause called met has no test, or one that did not pass; skipped is not passed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mingzheng.site.conformance import results, standing, table
from mingzheng.site.conformance.standing import Standing

TESTS = ("-m", "pytest", "-m", "clause", "-q", "-n", "2", "--dist", "loadgroup")
TESTS_RAN = (0, 1, 5)  # pytest: all passed, some failed, none found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `mingzheng conformance`."""
    parser.add_argument("--run", action="store_true", help="run the marked tests first")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--suggest", action="store_true", help="list passing clauses that are not called met")
    parser.add_argument("--table", type=Path, metavar="FILE", help="the table, when not docs/conformance.yaml")
    parser.add_argument("--results", type=Path, metavar="FILE", help="the results, when not build/clauses.json")


def run(args: argparse.Namespace) -> int:
    """Print the join; 0 when every claim is shown by tests, 1 when one is not or the files are unusable."""
    try:
        where = table.place(args.table)
        checkout = where.resolve().parents[1]
        at = args.results or checkout / table.RESULTS
        if args.run:
            _run_tests(checkout, at.resolve())
        clauses, ran = table.load(where), results.read(at)
    except table.Wrong as wrong:
        print("\n".join(wrong.problems), file=sys.stderr)
        return 1
    standings = standing.join(clauses, ran)
    wrongs = standing.wrongs(standings, ran)
    _warn_of_age(ran, checkout, at)
    if args.json:
        print(json.dumps(_told(standings, ran.commit or results.commit_of(checkout)), ensure_ascii=False, indent=1))
    elif args.suggest:
        _print_suggestions(standings)
    else:
        _print_tables(standings)
    print("\n".join(wrongs), end="\n" if wrongs else "", file=sys.stderr if args.json or args.suggest else sys.stdout)
    return 1 if wrongs else 0


def _run_tests(checkout: Path, at: Path) -> None:
    """Run the marked tests of a checkout; what they print goes to stderr, their results to the file."""
    asked = [sys.executable, *TESTS, "--clauses", str(at)]
    ended = subprocess.run(asked, cwd=checkout, stdout=sys.stderr, check=False).returncode
    if ended not in TESTS_RAN:
        raise table.Wrong([f"the marked tests could not be run (pytest ended with {ended})"])


def _warn_of_age(ran: results.Results, checkout: Path, at: Path) -> None:
    here = results.commit_of(checkout)
    if not at.exists():
        print(f"no results at {at}: run the tests, or use --run", file=sys.stderr)
    elif here and ran.commit != here:
        print(f"the results are of commit {ran.commit}, the checkout is at {here}", file=sys.stderr)


def _told(standings: list[Standing], commit: str | None) -> dict[str, object]:
    clauses = [
        {
            "id": one.clause.id,
            "kind": one.clause.kind,
            "state": one.clause.state,
            "tests": [ran.test for ran in one.tests],
            "passed": one.passed,
        }
        for one in standings
    ]
    return {"commit": commit, "clauses": clauses, "totals": standing.totals(standings)}


def _print_suggestions(standings: list[Standing]) -> None:
    for one in standing.suggestions(standings):
        print(f"{one.clause.id:<20} {one.clause.state:<8} {one.clause.kind:<13} {one.clause.summary}")
        for ran in one.tests:
            print(f"{'':<21}{ran.test}")


def _print_tables(standings: list[Standing]) -> None:
    print(_heading("seed"))
    _print_rows(standings, lambda one: one.clause.seed)
    print(_row("all", standings))
    print("\n" + _heading("kind"))
    _print_rows(standings, lambda one: one.clause.kind)
    print("\n" + _heading("area"))
    _print_rows(standings, lambda one: one.clause.area)
    print()


def _print_rows(standings: list[Standing], key: Callable[[Standing], str]) -> None:
    groups: dict[str, list[Standing]] = {}
    for one in standings:
        groups.setdefault(key(one), []).append(one)
    for name, group in groups.items():
        print(_row(name, group))


def _heading(first: str) -> str:
    return f"{first:<14}{'clauses':>8}" + "".join(f"{name:>8}" for name in (*table.STATES, "tested", "passed"))


def _row(name: str, group: list[Standing]) -> str:
    states = Counter(one.clause.state for one in group)
    tested = sum(one.passed is not None for one in group)
    counts = [len(group), *(states[state] for state in table.STATES), tested, sum(one.passed is True for one in group)]
    return f"{name:<14}" + "".join(f"{count:>8}" for count in counts)
