"""What must hold after any fault: chains, order, receipts, readers, the exported ledger, and messages sent once."""

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from mingzheng.kernel import clock, ports
from mingzheng.ledger import proving, reading, receipts, sequencing, verify
from mingzheng.ledger.exporting import export
from mingzheng.ledger.keys import log_signer, receipts_signer
from mingzheng.ledger.tree import leaf_hash

OVERLAP = timedelta(seconds=10)  # acts at once stand in the order of their commits, with the times they were received
READ_BY = {
    "portal": ("portal_portallot", "portal_portalline", "portal_portalpaper", "portal_portalplan"),
    "trail": ("parties_trailline",),
}


def rows(question: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(question, values or [])
        return list(cursor.fetchall())


def settled() -> None:
    """Let everything catch up, with the cosigners of the tests."""
    for _ in range(3):
        sequencing.settle()
        reading.follow()
    sequencing.settle()
    assert proving.cosign_newest() or proving.checkpoint() is not None


def everything_holds(folder: Path) -> int:
    """After `settled`: returns how many entries were looked at."""
    found = chains_hold()
    placed_once()
    times_never_run_backwards()
    readers_equal_their_rebuild()
    receipts_can_be_had(found)
    report = verify.verify(str(export(folder)), None, None)
    assert report.findings == []
    assert reading.stuck() == [], "a reaction is stuck"
    return len(found)


def chains_hold() -> list[tuple[str, int]]:
    """Every stream without a gap up to its head, every digest right."""
    before: dict[str, tuple[int, bytes]] = {}
    found = []
    for stream, number, text, digest in rows(
        "select stream, number, text, digest from ledger_entry order by stream, number"
    ):
        last = before.get(stream, (0, b"\0" * 32))
        told = json.loads(text)
        assert (told["stream"], told["number"]) == (stream, number) and number == last[0] + 1, (stream, number)
        assert told["previous"].split(":")[1] == last[1].hex()
        if told["previous"].startswith("sha256:"):
            assert leaf_hash(text.encode()) == bytes(digest)
        before[stream] = (number, bytes(digest))
        found.append((stream, number))
    heads = {stream: (number, bytes(head)) for stream, number, head in rows("select * from ledger_chain")}
    assert {name: head for name, head in heads.items() if head[0]} == before
    return found


def placed_once() -> None:
    """The inner order is gapless and holds every entry exactly once; nothing waits."""
    assert rows("select count(*) from ledger_unplaced") == [(0,)]
    order = rows("select seq, stream, number from ledger_order order by seq")
    assert [row[0] for row in order] == list(range(1, len(order) + 1))
    assert len(order) == rows("select count(*) from ledger_entry")[0][0]
    assert rows("select count(*) from ledger_waiting") == [(0,)]


def times_never_run_backwards() -> None:
    """Checkpoints never; within a stream an entry is older than the one before it only as long as acts may overlap."""
    heads = [at for (at,) in rows("select at from ledger_checkpoint order by size")]
    assert heads == sorted(heads)
    before: dict[str, datetime] = {}
    for stream, number, text in rows("select stream, number, text from ledger_entry order by stream, number"):
        at = clock.parse(json.loads(text)["at"])
        assert at > before.get(stream, at) - OVERLAP, (
            f"{stream}: entry {number} of {at} follows one of {before[stream]}"
        )
        before[stream] = max(at, before.get(stream, at))


def readers_equal_their_rebuild() -> None:
    """Dropping a reader and drawing it again from the ledger gives what it had."""
    assert set(READ_BY) == set(reading.READERS), "a reader is not compared with its rebuild"
    for name, tables in READ_BY.items():
        was = {table: _table(table) for table in tables}
        reading.rebuild(name)
        assert {table: _table(table) for table in tables} == was, name


def _table(name: str) -> list[str]:
    return sorted(
        json.dumps(
            {k: v for k, v in json.loads(row).items() if k != "id" and not str(v).startswith("\\x")}, sort_keys=True
        )
        for (row,) in rows(f"select row_to_json(t)::text from {name} t")
    )


def receipts_can_be_had(entries: list[tuple[str, int]], every: int = 7) -> None:
    """Full receipts that prove themselves, of every seventh entry and the last of each stream."""
    last = dict(entries)
    for place, (stream, number) in enumerate(entries):
        if place % every == 0 or last[stream] == number:
            text = proving.receipt(stream, number)
            assert text is not None, f"no receipt of {stream} {number}"
            receipts.check_receipt(text, log_signer().key, [receipts_signer().key], proving.cosigner_keys(), 1)


def kinds() -> Counter[str]:
    """How many entries of each kind stand in the ledger."""
    return Counter(entry.kind for entry in _all_entries())


def _all_entries() -> list[reading.Entry]:
    found: list[reading.Entry] = []
    while step := reading.entries(found[-1].seq if found else 0):
        found += step
    return found


def nothing_was_sent_twice() -> int:
    """No message left the house twice, by any way. How many left."""
    outbox = ports.get("messages")["email"]._outbox
    sent = Counter((one.way, one.id) for one in outbox.messages())
    assert not [key for key, times in sent.items() if times > 1]
    return len(sent)


def main(folder: str) -> None:
    """In a process of its own, for a centre whose worker stands still."""
    settled()
    print(json.dumps({"entries": everything_holds(Path(folder)), "sent": nothing_was_sent_twice()}))


if __name__ == "__main__":
    import sys

    import django

    django.setup()
    main(sys.argv[1])
