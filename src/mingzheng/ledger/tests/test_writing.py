"""Commands, refusals, idempotency and order on a real PostgreSQL."""

import json
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.event import event
from mingzheng.kernel.refusal import Refused, refusal
from mingzheng.ledger import proving, reading, sequencing
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.notes import COSIGNER, NoteSigner
from mingzheng.ledger.receipts import check_receipt
from mingzheng.ledger.writing import COMMANDS, command

ENOUGH = refusal("ledgertest.enough", what="够了。", todo="停下。")


@event("ledgertest.said", stream="lot")
class Said:
    lot: UUID
    words: str


@event("ledgertest.whispered", stream="dealing")
class Whispered:
    dealing: UUID
    words: str


@command(by={"bidder"})
def say(*, actor: Actor, at: datetime, lot: UUID, words: str) -> Said:
    """Say something in the open."""
    if words == "enough":
        raise ENOUGH(words=words)
    return Said(lot=lot, words=words)


@command(by={"bidder"})
def whisper(*, actor: Actor, at: datetime, dealing: UUID, words: str) -> Whispered:
    """Say something nobody may hear yet."""
    return Whispered(dealing=dealing, words=words)


BIDDER = Actor(person=uuid4(), organisation=uuid4(), roles=frozenset({"bidder"}), strength="certificate")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cosigners():
    proving.cosign_in_process([NoteSigner.from_seed("supervisor", b"s" * 32, COSIGNER)])
    yield
    proving.cosign_in_process([])


def test_an_act_is_one_entry_in_its_streams_chain():
    lot = uuid4()
    first, second = (say(actor=BIDDER, lot=lot, words=w, key=f"key-{w}").entries[0] for w in ("one", "two"))
    assert json.loads(second.text)["previous"] == first.digest
    assert [e.event.words for e in reading.stream_entries(f"lot:{lot}")] == ["one", "two"]


def test_the_same_key_never_acts_twice_and_gets_the_same_answer():
    lot = uuid4()
    once, again = (say(actor=BIDDER, lot=lot, words="once", key="double-click") for _ in range(2))
    assert again.again and again.entries == once.entries and again.events == once.events
    assert len(reading.stream_entries(f"lot:{lot}")) == 1


def test_a_refusal_is_recorded_in_the_persons_own_sealed_stream():
    with pytest.raises(Refused, match=r"ledgertest\.enough"):
        say(actor=BIDDER, lot=uuid4(), words="enough", key="refused-one")
    mine = reading.stream_entries(stored_stream(f"person:{BIDDER.person}"))
    assert [(e.kind, e.event.code) for e in mine] == [("ledger.act-refused", "ledgertest.enough")]


def test_a_flood_of_refusals_is_counted_not_written():
    for number in range(15):
        with pytest.raises(Refused):
            say(actor=BIDDER, lot=uuid4(), words="enough", key=f"flood-{number}")
    assert len(reading.stream_entries(stored_stream(f"person:{BIDDER.person}"))) == 10


def test_a_sealed_entry_shows_neither_its_words_nor_its_kind_in_the_database():
    dealing = uuid4()
    whisper(actor=BIDDER, dealing=dealing, words="一百万元", key="whisper-1")
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(text, ' ') from ledger_entry")
        text = cursor.fetchone()[0]
    assert (
        "一百万元" not in text
        and "whispered" not in text
        and str(dealing) not in text
        and str(BIDDER.person) not in text
    )


def test_receipts_of_open_and_sealed_entries_verify_under_the_published_keys():
    lot, dealing = uuid4(), uuid4()
    entries = [
        say(actor=BIDDER, lot=lot, words="open", key="receipt-1").entries[0],
        whisper(actor=BIDDER, dealing=dealing, words="sealed", key="receipt-2").entries[0],
    ]
    sequencing.settle()
    proving.cosign_newest()
    from mingzheng.ledger.keys import log_signer, receipts_signer

    for one in entries:
        receipt = proving.receipt(one.stream, one.number)
        assert receipt is not None
        check_receipt(
            receipt,
            log_signer().key,
            [receipts_signer().key],
            [NoteSigner.from_seed("supervisor", b"s" * 32, COSIGNER).key],
            1,
        )


def test_the_tree_grows_by_one_leaf_a_tick_however_many_sealed_acts_there_were():
    sizes = []
    for acts in (0, 7):
        sequencing.settle()
        before = proving.checkpoint(cosigned=False)[0]
        for number in range(acts):
            whisper(actor=BIDDER, dealing=uuid4(), words="x", key=f"tick-{acts}-{number}")
        sequencing.settle()
        sizes.append(proving.checkpoint(cosigned=False)[0] - before)
    assert sizes == [1, 1]


def test_entries_cannot_be_changed_or_deleted():
    say(actor=BIDDER, lot=uuid4(), words="kept", key="kept-1")
    for attempt in ("update ledger_entry set text = 'x'", "delete from ledger_entry"):
        from django.db import Error, transaction

        with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


def test_every_command_has_a_docstring_and_roles():
    assert all(c.summary and c.by for c in COMMANDS.values())


def test_rounds_of_three_place_everything_in_order_and_without_gaps():
    sequencing.settle()
    lot, dealing = uuid4(), uuid4()
    for number in range(5):
        say(actor=BIDDER, lot=lot, words="x", key=f"round-{number}")
        whisper(actor=BIDDER, dealing=dealing, words="x", key=f"round-sealed-{number}")
    asked = "select seq, stream, number, position from ledger_order left join ledger_leaf using (stream, number) order by seq"
    with connection.cursor() as cursor:
        cursor.execute("select size, seq from ledger_tree")
        size, seq = cursor.fetchone()
        assert [sequencing.step(tick=False, limit=3) for _ in range(5)] == [3, 3, 3, 1, 0]
        cursor.execute(asked)
        rows = [row for row in cursor.fetchall() if row[0] > seq]
    open_, sealed = f"lot:{lot}", stored_stream(f"dealing:{dealing}")
    assert [row[0] for row in rows] == list(range(seq + 1, seq + 11))
    assert [row[1:3] for row in rows] == [(name, n) for n in range(1, 6) for name in (open_, sealed)]
    assert [row[3] for row in rows if row[1] == open_] == list(range(size, size + 5))
    assert [row[3] for row in rows if row[1] == sealed] == [None] * 5


def test_a_round_begins_each_fifty_milliseconds_and_at_once_after_a_full_one(monkeypatch):
    monkeypatch.setattr(sequencing.time, "monotonic", lambda: 100.02)
    assert sequencing.pause(100.0, 7) == pytest.approx(0.03)
    assert sequencing.pause(99.0, 7) == sequencing.LEAST_PAUSE
    assert sequencing.pause(100.0, sequencing.BATCH) == 0
