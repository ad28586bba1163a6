"""Check this machine and, with a database named, the installation; say what to mend.

Exit status 1 when something must be mended. Reads only.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator

from mingzheng.site.doctor.finding import Finding
from mingzheng.site.doctor.machine_look import look as look_at_machine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng doctor`."""
    parser.add_argument(
        "--machine", action="store_true", help="look at the machine only, even where DATABASE_URL names a database"
    )
    parser.add_argument("--json", action="store_true", help="print a list of findings as JSON")


def run(args: argparse.Namespace) -> int:
    """Print a line a thing looked at."""
    found = list(look_at_machine())
    if os.environ.get("DATABASE_URL") and not args.machine:
        found += list(_installation())
    if args.json:
        print(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            print(one.line())
        bad = sum(one.state == "bad" for one in found)
        print(f"\n{bad} to mend, {sum(one.state == 'warn' for one in found)} to look at, {len(found)} looked at.")
        if not os.environ.get("DATABASE_URL"):
            print("DATABASE_URL is not set: only the machine was looked at.", file=sys.stderr)
    return int(any(one.state == "bad" for one in found))


def _installation() -> Iterator[Finding]:
    from mingzheng.site.launch.django_start import set_up

    set_up()
    from django.conf import settings
    from django.db import Error, connection

    from mingzheng.site.doctor import database_look, keys_look, ledger_look, outside_look, settings_look, state_look

    yield from settings_look.look(settings)
    yield from state_look.look(settings)
    looks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("database", lambda: database_look.look(connection)),
        ("keys", lambda: keys_look.look(settings, connection)),
        ("ledger", lambda: ledger_look.look(connection, settings)),
        ("outside", lambda: outside_look.look(settings, connection)),
    )
    for area, look in looks:
        try:
            yield from look()
        except Error as problem:
            told = str(problem).splitlines()[0][:120] if str(problem) else type(problem).__name__
            yield Finding(area, "database", "bad", told, "start it, or mend DATABASE_URL; then `mingzheng migrate`")
