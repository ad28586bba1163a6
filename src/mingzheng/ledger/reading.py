"""Readers and reactions: what follows from entries, in the ledger's inner order.

A reader draws what others see: rows and cursor move in one transaction, and dropping both and replaying gives the same.
A reaction calls one command of its own stage as SYSTEM, at least once, keyed by (reaction, place): after a failure it
is tried again and holds up only its own stream. Rebuilding a reader never runs a reaction.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from mingzheng.kernel import clock, digest, faultpoint
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.event import KINDS
from mingzheng.ledger.entries import Entry, opened, read
from mingzheng.ledger.writing import acting_as

log = structlog.get_logger()
BATCH = 500
RETRY_SECONDS = (1, 5, 30, 120, 600)


@dataclass(frozen=True, slots=True)
class Reader:
    """`draw(event, entry)` updates the reader's tables; `clear()` empties them; `sealed` whether it may open entries."""

    name: str
    draw: Callable[[Any, Entry], None]
    clear: Callable[[], None]
    sealed: bool


@dataclass(frozen=True, slots=True)
class Reaction:
    """`run(event, entry, key)` calls one command of its own stage with `actor=SYSTEM, key=key`."""

    name: str
    kinds: frozenset[str]
    run: Callable[..., Any]


READERS: dict[str, Reader] = {}
REACTIONS: dict[str, Reaction] = {}


def reader(name: str, *, clear: Callable[[], None], sealed: bool = False) -> Callable[[Callable[..., None]], Any]:
    """Register a reader. Unless `sealed`, it is never shown what a sealed entry holds."""

    def decorate(draw: Callable[[Any, Entry], None]) -> Callable[[Any, Entry], None]:
        READERS[name] = Reader(name, draw, clear, sealed)
        return draw

    return decorate


def reaction(*events: type) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a reaction to entries of these event classes."""

    def decorate(run: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{run.__module__.removeprefix('mingzheng.')}.{run.__name__}"
        kinds = frozenset(cls.event_kind.kind for cls in events)  # type: ignore[attr-defined]
        REACTIONS[name] = Reaction(name, kinds, run)
        return run

    return decorate


SELECT = """
select o.seq, o.stream, o.number, e.text, e.digest, h.box, l.position
from ledger_order o
join ledger_entry e using (stream, number)
left join ledger_hidden h using (stream, number)
left join ledger_leaf l using (stream, number)
"""


def entries(after: int = 0, limit: int = BATCH, stream: str | None = None) -> list[Entry]:
    """Entries in inner order after `after`, opened; of one stored stream if given."""
    where, values = "where o.seq > %s", [after, limit]
    if stream is not None:
        where, values = "where o.seq > %s and o.stream = %s", [after, stream, limit]  # type: ignore[list-item]
    with connection.cursor() as cursor:
        cursor.execute(f"{SELECT} {where} order by o.seq limit %s", values)
        return [read(*row) for row in cursor.fetchall()]


def stream_entries(stream: str) -> list[Entry]:
    """All entries of a stored stream in chain order, also those not yet sequenced (seq 0)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select coalesce(o.seq, 0), e.stream, e.number, e.text, e.digest, h.box, l.position from ledger_entry e
               left join ledger_order o using (stream, number) left join ledger_hidden h using (stream, number)
               left join ledger_leaf l using (stream, number) where e.stream = %s order by e.number""",
            [stream],
        )
        return [read(*row) for row in cursor.fetchall()]


def whole(stream: str, number: int) -> dict[str, Any]:
    """One entry's own content (actor, body, kind, signature), opened if it is sealed; LookupError if there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.text, h.box from ledger_entry e left join ledger_hidden h using (stream, number) where e.stream = %s and e.number = %s",
            [stream, number],
        )
        row = cursor.fetchone()
    if row is None:
        raise LookupError(f"{stream} has no entry {number}")
    return dict(json.loads(opened(stream, row[1])[1] if row[1] is not None else row[0]))


def last_kind(stream: str) -> str:
    """The kind of a public stream's last entry, "" when it has none."""
    with connection.cursor() as cursor:
        cursor.execute("select text from ledger_entry where stream = %s order by number desc limit 1", [stream])
        row = cursor.fetchone()
    return str(json.loads(row[0])["kind"]) if row else ""


def heads(streams: list[str]) -> list[tuple[str, int, str]]:
    """(name, length, head digest) of stored streams that have entries, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select stream, number, head from ledger_chain where stream = any(%s) order by stream", [streams]
        )
        return [(name, number, digest.named(digest.current(), bytes(head))) for name, number, head in cursor.fetchall()]


def export_ledger(folder: Any) -> None:
    """Write the whole live ledger for checking elsewhere: public entries in full, sealed ones only as their cells."""
    from mingzheng.ledger import exporting

    exporting.export(folder)


def advance(one: Reader, limit: int = BATCH) -> int:
    """Move a reader on by up to `limit` entries; rows and cursor in one transaction."""
    with transaction.atomic(), acting_as(f"reader:{one.name}"):
        seq = _cursor(one.name)
        found = entries(seq, limit)
        for entry in found:
            if entry.event is not None and (one.sealed or not entry.sealed):
                one.draw(entry.event, entry)
        if found:
            _move(one.name, found[-1].seq)
            faultpoint.reach("before-commit", f"reader-{one.name}")
        return len(found)


def rebuild(name: str) -> int:
    """Empty a reader and replay everything; returns the number of entries read."""
    one = READERS[name]
    with transaction.atomic(), acting_as(f"reader:{name}"):
        _cursor(name)
        one.clear()
        _move(name, 0)
        count = 0
        while step := advance(one):
            count += step
        return count


def _cursor(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("insert into ledger_cursor (reader) values (%s) on conflict do nothing", [name])
        cursor.execute("select seq from ledger_cursor where reader = %s for update", [name])
        return int(cursor.fetchone()[0])


def _move(name: str, seq: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update ledger_cursor set seq = %s where reader = %s", [seq, name])


def dispatch(limit: int = BATCH) -> int:
    """Write down which reactions each new entry asks for."""
    wanted = {kind: [r.name for r in REACTIONS.values() if kind in r.kinds] for kind in KINDS}
    with transaction.atomic():
        found = entries(_cursor("reactions"), limit)
        with connection.cursor() as cursor:
            for entry in found:
                for name in wanted.get(entry.kind, ()):
                    cursor.execute(
                        "insert into ledger_task (reaction, seq, stream) values (%s, %s, %s) on conflict do nothing",
                        [name, entry.seq, entry.stream],
                    )
        if found:
            _move("reactions", found[-1].seq)
            faultpoint.reach("before-commit", "dispatch")
        return len(found)


DUE = """
select reaction, seq, tries from ledger_task t
where next_try <= %s and not exists
  (select 1 from ledger_task e where e.reaction = t.reaction and e.stream = t.stream and e.seq < t.seq)
order by seq limit 1 for update skip locked
"""


def react() -> int:
    """Run one due reaction. It stays on the list until its command is done or refused for good by its key."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE, [clock.real()])
        row = cursor.fetchone()
        if row is None:
            return 0
        name, seq, tries = row
        entry = entries(seq - 1, 1)[0]
        try:
            with transaction.atomic():
                REACTIONS[name].run(entry.event, entry, f"reaction:{name}:{seq}")
            cursor.execute("delete from ledger_task where reaction = %s and seq = %s", [name, seq])
            faultpoint.reach("before-commit", f"reaction-{name}")
        except Exception as error:  # a reaction may fail in any way; it must stay on the list and be seen
            log.warning("reaction_failed", reaction=name, seq=seq, error=type(error).__name__, code=str(error)[:80])
            wait = RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)]
            cursor.execute(
                "update ledger_task set tries = tries + 1, next_try = %s, error = %s where reaction = %s and seq = %s",
                [clock.real() + timedelta(seconds=wait), f"{type(error).__name__}: {error}"[:300], name, seq],
            )
        return 1


def stuck() -> list[dict[str, Any]]:
    """Reactions that failed and wait, for the operators' desk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select reaction, seq, stream, tries, next_try, error from ledger_task where tries > 0 order by seq"
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def follow() -> int:
    """One round: every reader, then reactions."""
    done = 0
    for one in READERS.values():
        while step := advance(one):
            done += step
    while dispatch():
        pass
    while react():
        done += 1
    return done


def system_entries(kind: str) -> Iterator[Entry]:
    """All entries of one kind in inner order (rebuilds and audits; not for pages)."""
    after = 0
    while found := entries(after):
        after = found[-1].seq
        yield from (entry for entry in found if entry.kind == kind)


__all__ = [
    "REACTIONS",
    "READERS",
    "SYSTEM",
    "advance",
    "entries",
    "follow",
    "reaction",
    "reader",
    "rebuild",
    "stream_entries",
]  # fmt: skip
