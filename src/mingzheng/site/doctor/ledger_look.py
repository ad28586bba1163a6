"""The ledger: somebody places entries, cosigners sign, nothing failed, nobody took the guards away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from mingzheng.kernel import digest
from mingzheng.site.doctor.database_look import _one
from mingzheng.site.doctor.finding import Finding, judge

MOST_WAITING = 10_000
SILENT_TICKS = 20  # so many ticks without a cell: the worker does not run
LATEST_COSIGNED = 60.0  # seconds; receipts wait for cosigners
GUARDS = ("entry_immutable", "leaf_immutable", "entry_not_truncated", "log_immutable", "key_immutable")


def look(connection: Any, settings: Any) -> Iterator[Finding]:
    """The worker's traces in the database."""
    beat = float(_one(connection, "select ticked_at from ledger_tree") or 0.0)
    silent = time.time() - beat
    yield judge(
        "ledger", "worker", bool(beat) and silent < SILENT_TICKS * settings.MINGZHENG_TICK_SECONDS,
        f"last cell {silent:.0f} s ago" if beat else "has never run",
        "start `mingzheng worker`; acts are acknowledged meanwhile, receipts wait",
    )  # fmt: skip
    waiting = int(_one(connection, "select count(*) from ledger_unplaced"))
    yield judge("ledger", "not yet placed", waiting < MOST_WAITING, f"{waiting} entries", "start `mingzheng worker`")
    failing = int(_one(connection, "select count(*) from ledger_task where tries > 0"))
    yield judge("ledger", "reactions", not failing, f"{failing} failing", "see /admin-system and the worker's log")
    yield from _readers(connection)
    missing = [
        name for name in GUARDS
        if _one(connection, f"select tgenabled from pg_trigger where tgname = '{name}'") not in ("O", "A")
    ]  # fmt: skip
    yield judge(
        "ledger", "append-only guards", not missing, ", ".join(missing) or "in place",
        "somebody with the database's rights took them away: find out who, restore, run `mingzheng verify`",
    )  # fmt: skip
    algorithm = _one(connection, "select digest from ledger_log")
    yield judge(
        "ledger", "digest", algorithm in (None, digest.current()), str(algorithm or "not yet declared"),
        f"this log began with another suite; set MINGZHENG_SUITE back (now {settings.MINGZHENG_SUITE})",
    )  # fmt: skip
    yield from _cosigners(connection, settings)


def _cosigners(connection: Any, settings: Any) -> Iterator[Finding]:
    wanted = settings.MINGZHENG_COSIGNERS
    yield judge(
        "ledger", "cosigners", len(wanted) >= 2, f"{len(wanted)} configured",
        "ask the supervisor and a neighbour centre to run `mingzheng cosign`, then set MINGZHENG_COSIGNERS",
    )  # fmt: skip
    if wanted:
        yield _cosignatures(connection, len(wanted))


def _cosignatures(connection: Any, wanted: int) -> Finding:
    """How far the newest checkpoint that all cosigners signed is behind the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select (select extract(epoch from max(at)) from ledger_checkpoint),
                      (select extract(epoch from at) from ledger_checkpoint where cardinality(cosigned) >= %s
                       order by size desc limit 1)""",
            [wanted],
        )
        newest, complete = cursor.fetchone()
    behind = None if complete is None else float(newest - complete)
    return judge(
        "ledger", "cosignatures", behind is not None and behind <= LATEST_COSIGNED,
        "none is complete" if behind is None else f"complete until {behind:.0f} s before the newest checkpoint",
        "see the worker's log: a cosigner is down, or refuses; receipts wait for it",
    )  # fmt: skip


def _readers(connection: Any) -> Iterator[Finding]:
    """Readers draw what others see; one that stands still shows an old picture."""
    newest = int(_one(connection, "select seq from ledger_tree") or 0)
    with connection.cursor() as cursor:
        cursor.execute("select reader, seq from ledger_cursor order by reader")
        late = {name: newest - seq for name, seq in cursor.fetchall() if newest - seq > MOST_WAITING}
    told = ", ".join(f"{name} {count} entries behind" for name, count in late.items())
    yield judge(
        "ledger", "readers", not late, told or "follow", "see the worker's log; `mingzheng readers rebuild NAME`"
    )
