"""List the readers and how far they are, or rebuild one from the ledger."""

from __future__ import annotations

import argparse
import sys

from mingzheng.site.launch.django_start import set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng readers`."""
    parser.add_argument("act", choices=["list", "rebuild"])
    parser.add_argument("name", nargs="*", help="the readers to rebuild; all of them when none is named")


def run(args: argparse.Namespace) -> int:
    """Do it; 2 when a named reader does not exist."""
    set_up()
    from mingzheng.ledger import reading

    unknown = sorted(set(args.name) - set(reading.READERS))
    if unknown:
        known = ", ".join(sorted(reading.READERS))
        print(f"mingzheng: there is no reader {', '.join(unknown)}. Readers: {known}", file=sys.stderr)
        return 2
    if args.act == "list":
        _list()
        return 0
    for name in args.name or sorted(reading.READERS):
        print(f"{name}: {reading.rebuild(name)} entries read")
    return 0


def _list() -> None:
    from django.db import connection

    from mingzheng.ledger import reading

    with connection.cursor() as cursor:
        cursor.execute("select seq from ledger_tree")
        newest = cursor.fetchone()[0]
        cursor.execute("select reader, seq from ledger_cursor")
        places = dict(cursor.fetchall())
    for name in sorted(reading.READERS):
        print(f"{name:<20} {places.get(name, 0):>10} of {newest}")
