"""The one sequencer: committed entries get their place, the tree grows, a checkpoint is signed.

Correct by one sentence: the queue row is inserted under the chain lock in the appending transaction, so whoever sees
entry n of a stream sees all before it, and queue ids rise with n (measured; snapshot watermarks lose order).
Public entries become leaves at once. Sealed entries become leaves never: one cell a tick stands for all of them, and it
is made whether or not there are any, so that neither positions nor tree sizes tell how many acted (ADR 0004).
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
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
ROUND_SECONDS = 0.05
LEAST_PAUSE = 0.01  # seconds; between two rounds the appenders have the machine


@dataclass(frozen=True, slots=True)
class Head:
    """How far order, ticks and tree are; `frontier` as `tree.grow` has it, `rotated` whether the log's key ever changed."""

    size: int
    seq: int
    tick: int
    ticked_at: float
    frontier: Sequence[bytes]
    rotated: bool


def step(*, tick: bool | None = None, limit: int = BATCH) -> int:
    """Place what waits. `tick` forces (True) or forbids (False) the cell; None lets the period decide. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        head, placed, leaves = _place(cursor, limit)
        ticks, ticked_at = head.tick, head.ticked_at
        due = _is_due(ticked_at) if tick is None else tick
        if due:
            ticks, ticked_at = ticks + 1, time.time()
            leaves.append(_cell(cursor, ticks, head.size + len(leaves)))
        if placed or due:
            size, peaks, writes = tree.grow(head.size, head.frontier, leaves, tree.hash_of(digests.current()))
            after = Head(size, head.seq + placed, ticks, ticked_at, peaks, head.rotated)
            _write(cursor, after, writes, grown=bool(leaves))
            faultpoint.reach("before-commit", "sequencer")
        return placed


def _is_due(ticked_at: float) -> bool:
    since = time.time() - ticked_at  # below zero when the machine's clock was set back: no cell may wait for that
    return not 0 <= since < settings.MINGZHENG_TICK_SECONDS


def pause(began: float, placed: int) -> float:
    """Seconds from the end of a round to the next: one begins each ROUND_SECONDS, after a full batch at once.

    `began`: the round's begin on the monotonic clock; `placed`: what `step` returned.
    """
    if placed >= BATCH:
        return 0.0
    return max(LEAST_PAUSE, began + ROUND_SECONDS - time.monotonic())


def _place(cursor: Any, limit: int) -> tuple[Head, int, list[bytes]]:
    """Take up to `limit` waiting entries into the order: how all stood before, how many they are, the leaves among them."""
    cursor.execute("select * from ledger_place(%s, %s)", [LOCK, limit])
    size, seq, tick, ticked_at, frontier, rotated, placed, leaves = cursor.fetchone()
    return Head(size, seq, tick, ticked_at, _hashes(frontier), rotated), placed, _hashes(leaves)


def _cell(cursor: Any, tick: int, position: int) -> bytes:
    """Make the tick's cell over the sealed entries waiting; its secret is thrown away here."""
    cursor.execute(
        "delete from ledger_waiting where seq in (select seq from ledger_waiting order by seq limit %s) "
        "returning seq, stream, number, digest",
        [cells.MOST_ENTRIES],
    )
    waiting = sorted(cursor.fetchall())
    text, places = cells.make_cell(tick, [bytes(row[3]) for row in waiting], os.urandom(32))
    filled = [(stream, number, *places[bytes(digest)]) for _, stream, number, digest in waiting]
    cursor.execute(
        "insert into ledger_cell_place (stream, number, tick, position, slot, path) "
        "select stream, number, %s, %s, slot, path "
        "from unnest(%s::text[], %s::bigint[], %s::integer[], %s::bytea[]) as filled (stream, number, slot, path)",
        [
            tick, position, [one[0] for one in filled], [one[1] for one in filled], [one[2] for one in filled],
            [b"".join(one[3]) for one in filled],
        ],
    )  # fmt: skip
    digest = cells.leaf_of(text)
    cursor.execute("insert into ledger_leaf values (%s, %s, null, null, %s)", [position, digest, text])
    return digest


def _write(cursor: Any, head: Head, writes: Sequence[tree.TileWrite], *, grown: bool) -> None:
    """The tree as it stands now; with new leaves also its signed checkpoint."""
    note = None
    if grown:
        said = Checkpoint(settings.MINGZHENG_ORIGIN, head.size, tree.root(head.frontier))
        note = log_signer(head.size, rotated=head.rotated).sign(said.text()).render()
    cursor.execute(
        "select ledger_grow(%s, %s::smallint[], %s::bigint[], %s::bytea[], %s, %s, %s, %s, %s, %s, %s)",
        [
            digests.current(), [one.level for one in writes], [one.index for one in writes],
            [b"".join(one.hashes) for one in writes],
            head.size, head.seq, head.tick, head.ticked_at, b"".join(head.frontier), note, clock.now(),
        ],
    )  # fmt: skip


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
    return _hashes(row[0]) if row else []


def _hashes(raw: bytes) -> list[bytes]:
    whole = bytes(raw)
    return [whole[at : at + 32] for at in range(0, len(whole), 32)]
