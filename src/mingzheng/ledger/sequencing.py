"""The one sequencer: committed entries get their place, the tree grows, a checkpoint is signed.

Correct by one sentence: the queue row is inserted under the chain lock in the appending transaction, so whoever sees
entry n of a stream sees all before it, and queue ids rise with n (measured; snapshot watermarks lose order).
Public entries become leaves at once. Sealed entries become leaves never: one cell a tick stands for all of them, and it
is made whether or not there are any, so that neither positions nor tree sizes tell how many acted (ADR 0004).
"""

import os
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from mingzheng.kernel import clock, faultpoint
from mingzheng.kernel import digest as digests
from mingzheng.ledger import cells, tree
from mingzheng.ledger.keys import log_signer
from mingzheng.ledger.notes import Checkpoint

LOCK = 0x6D7A  # advisory lock: one sequencer at a time, released with its transaction
BATCH = 5000


def step(*, tick: bool | None = None, limit: int = BATCH) -> int:
    """Place what waits. `tick` forces (True) or forbids (False) the cell; None lets the period decide. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])  # its own statement: the snapshot must be younger
        cursor.execute("select size, seq, tick, ticked_at, frontier from ledger_tree")
        size, seq, ticks, ticked_at, frontier = cursor.fetchone()
        cursor.execute(
            "delete from ledger_unplaced where id in (select id from ledger_unplaced order by id limit %s) "
            "returning id, stream, number, digest, sealed",
            [limit],
        )
        rows = sorted(cursor.fetchall())  # RETURNING has no order
        leaves: list[tuple[bytes, str | None, int | None, str | None]] = []
        ordered = [(seq + offset, *row[1:]) for offset, row in enumerate(rows, start=1)]
        _copy(cursor, "ledger_order", [(place, stream, number) for place, stream, number, *_ in ordered])
        _copy(cursor, "ledger_waiting", [row[:4] for row in ordered if row[4]])
        leaves.extend(
            (bytes(digest), stream, number, None) for _, stream, number, digest, sealed in ordered if not sealed
        )
        since = time.time() - ticked_at  # below zero when the machine's clock was set back: no cell may wait for that
        due = not 0 <= since < settings.MINGZHENG_TICK_SECONDS if tick is None else tick
        if due:
            ticks, ticked_at = ticks + 1, time.time()
            leaves.append((_cell(cursor, ticks, size + len(leaves)), None, None, None))
        if rows or due:
            cursor.execute("select ledger_declare(%s)", [digests.current()])
            _grow(cursor, size, frontier, leaves, seq + len(rows), ticks, ticked_at)
            faultpoint.reach("before-commit", "sequencer")
        return len(rows)


def _copy(cursor: Any, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write many rows at once (a row a statement would not keep up with the appenders)."""
    if rows:
        with cursor.copy(f"copy {table} from stdin") as copy:
            for row in rows:
                copy.write_row(row)


def _cell(cursor: Any, tick: int, position: int) -> bytes:
    """Make the tick's cell over the sealed entries waiting; its secret is thrown away here."""
    cursor.execute(
        "delete from ledger_waiting where seq in (select seq from ledger_waiting order by seq limit %s) "
        "returning seq, stream, number, digest",
        [cells.MOST_ENTRIES],
    )
    waiting = sorted(cursor.fetchall())
    text, places = cells.make_cell(tick, [bytes(row[3]) for row in waiting], os.urandom(32))
    _copy(
        cursor,
        "ledger_cell_place",
        [
            (stream, number, tick, position, places[bytes(digest)][0], b"".join(places[bytes(digest)][1]))
            for _, stream, number, digest in waiting
        ],
    )
    digest = cells.leaf_of(text)
    cursor.execute("insert into ledger_leaf values (%s, %s, null, null, %s)", [position, digest, text])
    return digest


def _grow(
    cursor: Any, size: int, frontier: bytes, leaves: list[tuple[bytes, str | None, int | None, str | None]],
    seq: int, ticks: int, ticked_at: float,
) -> None:  # fmt: skip
    peaks = [bytes(frontier)[at : at + 32] for at in range(0, len(frontier), 32)]
    grown, peaks, writes = tree.grow(size, peaks, [digest for digest, *_ in leaves], tree.hash_of(digests.current()))
    placed = [(size + offset, *leaf) for offset, leaf in enumerate(leaves)]
    _copy(cursor, "ledger_leaf", [row for row in placed if row[2] is not None])  # the cell has written its own
    for write in writes:
        cursor.execute(
            "insert into ledger_tile as t values (%s, %s, %s) "
            "on conflict (level, index) do update set hashes = t.hashes || excluded.hashes",
            [write.level, write.index, b"".join(write.hashes)],
        )
    cursor.execute(
        "update ledger_tree set size = %s, seq = %s, tick = %s, ticked_at = %s, frontier = %s",
        [grown, seq, ticks, ticked_at, b"".join(peaks)],
    )
    if grown != size:
        head = Checkpoint(settings.MINGZHENG_ORIGIN, grown, tree.root(peaks))
        cursor.execute(
            "insert into ledger_checkpoint (size, note, at) values (%s, %s, %s) on conflict do nothing",
            [grown, log_signer(grown).sign(head.text()).render(), clock.now()],
        )


def settle(*, tick: bool = True) -> int:
    """Place everything that waits and make one cell (tests, exports, shut-down)."""
    done = 0
    while step(tick=False):
        done += 1
    step(tick=tick)
    return done


def read_tile(level: int, index: int) -> list[bytes]:
    """A tile's hashes, for proofs."""
    with connection.cursor() as cursor:
        cursor.execute("select hashes from ledger_tile where level = %s and index = %s", [level, index])
        row = cursor.fetchone()
    raw = bytes(row[0]) if row else b""
    return [raw[at : at + 32] for at in range(0, len(raw), 32)]
