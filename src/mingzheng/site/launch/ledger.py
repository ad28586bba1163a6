"""Show the state of the ledger: how much stands in it, what waits, and who cosigned its newest checkpoint."""

from __future__ import annotations

import argparse

from mingzheng.site.launch.django_start import set_up

COUNTS = {
    "streams": "select count(*) from ledger_chain",
    "entries": "select count(*) from ledger_entry",
    "not yet placed": "select count(*) from ledger_unplaced",
    "waiting for the next cell": "select count(*) from ledger_waiting",
    "leaves": "select size from ledger_tree",
    "checkpoints": "select count(*) from ledger_checkpoint",
    "reactions waiting": "select count(*) from ledger_task",
    "of them failed before": "select count(*) from ledger_task where tries > 0",
}
NEWEST = "select note, cosigned from ledger_checkpoint order by size desc limit 1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng ledger`."""
    parser.add_argument("--checkpoint", action="store_true", help="print only the newest checkpoint, as a signed note")


def run(args: argparse.Namespace) -> int:
    """Print; 1 when there is no checkpoint to print."""
    set_up()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        newest = cursor.fetchone()
        if args.checkpoint:
            print(newest[0] if newest else "", end="")
            return 0 if newest else 1
        for name, question in COUNTS.items():
            cursor.execute(question)
            print(f"{name:<26} {cursor.fetchone()[0]:>10}")
    print(f"{'cosigned by':<26} {', '.join(newest[1]) if newest and newest[1] else 'nobody yet'}")
    return 0
