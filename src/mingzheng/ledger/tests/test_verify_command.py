"""The live ledger of a real database: true as it stands, and refused at exactly the entry somebody altered in it."""

import argparse
import json
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.event import event
from mingzheng.ledger import exporting, proving, sequencing, verify, verify_command
from mingzheng.ledger.notes import COSIGNER, NoteSigner
from mingzheng.ledger.writing import command


@event("verifytest.noted", stream="lot")
class Noted:
    lot: UUID
    words: str


@event("verifytest.kept", stream="dealing")
class Kept:
    dealing: UUID
    words: str


@command(by={"bidder"})
def note(*, actor: Actor, at: datetime, lot: UUID, words: str) -> Noted:
    """Say something in the open."""
    return Noted(lot=lot, words=words)


@command(by={"bidder"})
def keep(*, actor: Actor, at: datetime, dealing: UUID, words: str) -> Kept:
    """Say something nobody may hear yet."""
    return Kept(dealing=dealing, words=words)


BIDDER = Actor(person=uuid4(), organisation=uuid4(), roles=frozenset({"bidder"}), strength="certificate")
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    """A lot whose stream has five entries, with sealed ones between, all under a cosigned checkpoint."""
    proving.cosign_in_process([NoteSigner.from_seed("supervisor", b"s" * 32, COSIGNER)])
    lot, dealing = uuid4(), uuid4()
    for number in range(1, 6):
        note(actor=BIDDER, lot=lot, words=f"word-{number}", key=f"note-{number}-{lot}")
        keep(actor=BIDDER, dealing=dealing, words="hidden", key=f"keep-{number}-{lot}")
        sequencing.settle()
    proving.cosign_newest()
    yield lot
    proving.cosign_in_process([])


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    verify_command.add_arguments(parser)
    monkeypatch.setattr(verify_command, "_export", exporting.export)
    return verify_command.run(parser.parse_args(words)), capsys.readouterr().out


def test_the_live_ledger_is_consistent_and_proven_under_brought_keys(lot, tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, capsys)[0] == 0
    keys = proving.keys()
    trust = tmp_path / "keys.txt"
    cosigner = NoteSigner.from_seed("supervisor", b"s" * 32, COSIGNER).key.vkey()
    trust.write_text(f"log {keys['log']}\nreceipts {keys['receipts']}\ncosigner {cosigner}\n", "utf-8")
    status, said = run(monkeypatch, capsys, "--json", "--trust", str(trust))
    assert (status, json.loads(said)["proven"], json.loads(said)["cosigners"]) == (0, True, ["supervisor"])


def test_what_is_sealed_is_in_no_export(lot, tmp_path):
    exporting.export(tmp_path / "whole")
    everything = b"".join(p.read_bytes() for p in (tmp_path / "whole" / "ledger").rglob("*") if p.is_file())
    assert b"word-3" in everything
    assert b"hidden" not in everything
    assert b'"stream":"sealed:' not in everything


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_entry_altered_in_the_database_is_named(number, lot, monkeypatch, capsys):
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger entry_immutable")
        cursor.execute(
            "update ledger_entry set text = replace(text, 'word-', 'lie-') where stream = %s and number = %s",
            [f"lot:{lot}", number],
        )
    status, said = run(monkeypatch, capsys)
    assert status == 1
    assert f"ledger/streams/lot-{lot}.jsonl #{number}: not in the tree" in said


def test_an_entry_deleted_from_the_database_is_missed(lot, monkeypatch, capsys):
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger entry_immutable")
        cursor.execute("delete from ledger_entry where stream = %s and number = 3", [f"lot:{lot}"])
        cursor.execute("alter table ledger_leaf disable trigger leaf_immutable")
        cursor.execute("delete from ledger_leaf where stream = %s and number = 3", [f"lot:{lot}"])
    status, said = run(monkeypatch, capsys, "--json")
    assert status == 1
    assert f"lot-{lot}.jsonl #3: entry number should be 3 and is 4" in json.loads(said)["findings"][0]["en"]


def test_the_verifier_in_the_export_is_this_one(lot, tmp_path):
    exporting.export(tmp_path / "whole")
    assert (tmp_path / "whole" / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()
