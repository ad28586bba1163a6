"""Signing keys are replaced in the open: old proofs hold, new ones need the new key, and a stolen old key is worth nothing."""

import argparse
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from mingzheng.kernel import digest
from mingzheng.kernel.actor import SYSTEM, Actor
from mingzheng.ledger import (
    cosigner,
    exporting,
    keys,
    notes,
    proving,
    receipts,
    rotate_command,
    rotating,
    sequencing,
    verify,
)
from mingzheng.ledger.commands import rotate_key
from mingzheng.ledger.tests import forging
from mingzheng.ledger.tests.test_writing import say, whisper

BIDDER = Actor(person=uuid4(), organisation=uuid4(), roles=frozenset({"bidder"}), strength="certificate")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state(settings, tmp_path: Path) -> Iterator[Path]:
    """Key files of this test alone, and a cosigner."""
    settings.MINGZHENG_STATE = str(tmp_path / "state")
    proving.cosign_in_process([forging.ours().supervisor])
    yield tmp_path / "state"
    proving.cosign_in_process([])


def act(words: str) -> tuple[str, int]:
    """One sealed entry in the log."""
    entry = whisper(actor=BIDDER, dealing=uuid4(), words=words, key=words).entries[0]
    return entry.stream, entry.number


def settled() -> tuple[int, str]:
    sequencing.settle()
    proving.cosign_newest()
    head = proving.checkpoint()
    assert head is not None
    return head


def rotate(role: str, reason: str = "yearly") -> None:
    rotate_key(actor=SYSTEM, statement=rotating.state_new_key(role), reason=reason)


def judged(path: Path, text: str, trust: str) -> list[str]:
    """Codes of what the verifier finds wrong under these keys."""
    path.write_text(text, "utf-8")
    (path.parent / "trust.txt").write_text(trust, "utf-8")
    return [item["code"] for item in verify.verify(str(path), str(path.parent / "trust.txt")).findings]


def test_the_new_key_signs_from_the_checkpoint_on_that_covers_its_statement(tmp_path: Path) -> None:
    say(actor=BIDDER, lot=uuid4(), words="before", key="before")
    size, note = settled()
    old = keys.log_signer().key
    rotate("log")
    assert keys.log_signer().key == old, "not before the statement has its place"
    assert notes.verified_checkpoint(notes.parse_note(note), old).size == size
    larger, later = settled()
    new = keys.log_signer().key
    assert new != old and notes.verified_checkpoint(notes.parse_note(later), new).size == larger
    with pytest.raises(notes.NoteRefused):
        notes.verified_checkpoint(notes.parse_note(later), old)
    first, second = keys.own_terms("log")
    assert (first.key, first.first, second.key, second.last) == (old, 0, new, None)
    assert first.last is not None and second.first == first.last + 1
    assert size <= first.last < larger


def test_receipts_from_before_and_after_are_proven_with_both_keys_and_their_terms(tmp_path: Path) -> None:
    entry = act("before")
    settled()
    early, trust_then = proving.receipt(*entry), proving.trust()
    for role in ("log", "receipts"):
        rotate(role)
        settled()
    settled()
    entry = act("after")
    settled()
    late, trust_now = proving.receipt(*entry), proving.trust()
    assert early and late
    for text in (early, late):
        assert judged(tmp_path / "r.json", text, trust_now) == []
    assert judged(tmp_path / "r.json", early, trust_then) == []
    assert judged(tmp_path / "r.json", late, trust_then) == ["unsigned"]
    assert trust_now.count("\nlog ") + trust_now.startswith("log ") == 2
    assert " to " in trust_now and " from " in trust_now


def test_a_forger_with_the_old_key_is_refused_after_its_time(tmp_path: Path) -> None:
    entry = act("before")
    settled()
    thief, old_promises = keys.log_signer(), keys.receipts_signer()
    rotate("log")
    rotate("receipts")
    settled()
    settled()
    settled()
    late = act("after")
    settled()
    text, trust = proving.receipt(*late), proving.trust()
    assert text is not None
    true = json.loads(text)
    note = notes.parse_note(true["checkpoint"])
    line = next(one for one in note.lines if one.name == "supervisor")
    forged = thief.sign(note.text).with_lines([line]).render()
    assert judged(tmp_path / "r.json", receipts.canonical.dumps({**true, "checkpoint": forged}), trust) == ["retired"]
    both = note.with_lines([thief.line(note.text)]).render()
    assert judged(tmp_path / "r.json", receipts.canonical.dumps({**true, "checkpoint": both}), trust) == []
    said = notes.parse_note(true["promise"]).text
    promise = old_promises.sign(said).render()
    assert judged(tmp_path / "r.json", receipts.canonical.dumps({**true, "promise": promise}), trust) == ["retired"]
    before = proving.receipt(*entry)
    assert before is not None
    again = old_promises.sign(notes.parse_note(json.loads(before)["promise"]).text).render()
    changed = receipts.canonical.dumps({**json.loads(before), "promise": again})
    assert judged(tmp_path / "r.json", changed, trust) == [], "what was promised in its time stays promised"


def test_a_new_key_before_its_time_is_refused_where_the_terms_say_so(tmp_path: Path) -> None:
    entry = act("before")
    settled()
    early = proving.receipt(*entry)
    rotate("log")
    settled()
    trust, new = proving.trust(), keys.log_signer()
    assert early is not None
    true = json.loads(early)
    note = notes.parse_note(true["checkpoint"])
    forged = new.sign(note.text).with_lines([one for one in note.lines if one.name == "supervisor"]).render()
    assert judged(tmp_path / "r.json", receipts.canonical.dumps({**true, "checkpoint": forged}), trust) == ["retired"]


def test_a_ledger_that_spans_a_change_is_proven_and_its_statement_checked(tmp_path: Path, state: Path) -> None:
    lot = uuid4()
    for words in ("one", "two"):
        say(actor=BIDDER, lot=lot, words=words, key=words)
        settled()
        rotate("log", reason=words)
        settled()
    folder = exporting.export(tmp_path / "ledger")
    (tmp_path / "trust.txt").write_text(proving.trust(), "utf-8")
    found = verify.verify(str(folder), str(tmp_path / "trust.txt"))
    assert (found.findings, found.proven) == ([], True)
    assert verify.verify(str(folder)).findings == [], "the folder's own keys.json lists every key"
    assert [term.number for term in keys.own_terms("log")] == [1, 2, 3]
    assert (state / "keys" / ("log-3.sm2" if forging.ours().gm else "log-3.ed25519")).stat().st_mode & 0o777 == 0o600
    body = {"role": "log", "old": keys.own_terms("log")[0].key.vkey(), "new": keys.own_terms("log")[2].key.vkey()}
    with pytest.raises(verify.Wrong) as caught:
        verify.check_rotation({**body, "statement": rotating.statements("log", keys.name_of("log"))[0]})
    assert caught.value.code == "rotation"


def test_only_the_present_key_can_name_the_next(state: Path) -> None:
    settled()
    old = keys.own_terms("log")[0].key
    present, stranger = keys.log_signer(), forging.ours().signer(keys.name_of("log"), 99)
    text = notes.rotation_text("log", old, stranger.key)
    for statement in (
        notes.Note(text, (stranger.line(text),)).render(),
        stranger.sign(text).render(),
        present.sign(text).render(),
        notes.Note(text.replace("\nlog\n", "\nreceipts\n"), (present.line(text), stranger.line(text))).render(),
    ):
        with pytest.raises(notes.NoteRefused):
            rotate_key(actor=SYSTEM, statement=statement, reason="")
    first = rotating.state_new_key("log")
    rotate_key(actor=SYSTEM, statement=first, reason="")
    with pytest.raises(notes.NoteRefused, match="not the present key"):
        rotate_key(actor=SYSTEM, statement=first, reason="again")
    with pytest.raises(notes.NoteRefused, match="no place in the log yet"):
        rotate_key(actor=SYSTEM, statement=rotating.state_new_key("log"), reason="too early")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_key")
        assert cursor.fetchone()[0] == 2


def test_who_was_interrupted_before_the_entry_states_the_same_key_again() -> None:
    settled()
    first, second = (notes.parse_rotation(rotating.state_new_key("log")) for _ in range(2))
    assert first == second


def test_the_command_line_refuses_what_it_cannot_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    rotate_command.add_arguments(parser)
    for words in (["log", "--statement", "x"], ["cosigner"]):
        assert rotate_command.run(parser.parse_args(words)) == 2
    assert rotate_command.run(parser.parse_args(["cosigner", "--statement", str(tmp_path / "none")])) == 1
    settled()
    assert rotate_command.run(parser.parse_args(["log", "--reason", "drill"])) == 0
    said = capsys.readouterr()
    assert "No such file" in said.err and said.out.startswith("old  ") and "destroy the old key file" in said.out


def test_a_key_file_that_is_not_the_one_the_ledger_names_signs_nothing(state: Path) -> None:
    settled()
    rotate("log")
    settled()
    name = "log-2.sm2" if forging.ours().gm else "log-2.ed25519"
    (state / "keys" / name).unlink()
    keys._load.cache_clear()
    with pytest.raises(RuntimeError, match="does not hold the key the ledger names"):
        keys.log_signer()


def test_a_cosigners_new_key_counts_from_its_statement_on(tmp_path: Path) -> None:
    entry = act("before")
    settled()
    early = proving.receipt(*entry)
    old, new = forging.ours().supervisor, forging.ours().signer("supervisor", 33, notes.COSIGNER)
    text = notes.rotation_text("cosigner", old.key, new.key)
    statement = notes.Note(text, (old.line(text, 5), new.line(text, 5))).render()
    rotate_key(actor=SYSTEM, statement=statement, reason="lost")
    settled()
    proving.cosign_in_process([new])
    entry = act("after")
    settled()
    late, trust = proving.receipt(*entry), proving.trust()
    assert early and late
    for receipt in (early, late):
        assert judged(tmp_path / "r.json", receipt, trust) == []
    true = json.loads(late)
    note = notes.parse_note(true["checkpoint"])
    by_log = tuple(line for line in note.lines if line.name != "supervisor")
    stolen = notes.Note(note.text, (*by_log, old.line(note.text, 6))).render()
    assert judged(tmp_path / "r.json", receipts.canonical.dumps({**true, "checkpoint": stolen}), trust) == ["quorum"]


@pytest.fixture
def witness(settings, tmp_path: Path) -> Iterator[cosigner.Cosigner]:
    """A cosigner behind an address of its own, in the place of the one in this process."""
    name = keys.name_of("log")
    made = cosigner.Cosigner(
        "watch", tmp_path / "watch", [keys.log_signer().key], lambda: 1_772_413_200, digest.current()
    )
    assert made.logs.present[name] == keys.log_signer().key
    server = cosigner.make_server(made, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.MINGZHENG_COSIGNERS = [f"http://127.0.0.1:{server.server_port}"]
    proving.cosign_in_process([])
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_log_and_cosigner_change_their_keys_one_after_the_other_and_stay_together(
    witness: cosigner.Cosigner, tmp_path: Path
) -> None:
    def cosigned_by() -> set[str]:
        size, note = settled()
        say(actor=BIDDER, lot=uuid4(), words=str(size), key=str(size))
        known = [signer.key for signer in witness.keys.signers]
        parsed = notes.parse_note(note)
        return {key.vkey() for key in known if (key.name, key.id) in {(one.name, one.key_id) for one in parsed.lines}}

    first = witness.signer.key
    assert cosigned_by() == {first.vkey()}
    witness.keys.rotate(1_772_413_200)
    second = witness.signer.key
    assert cosigned_by() == {first.vkey()}, "the log takes the line by the key it knows"
    rotate_key(actor=SYSTEM, statement=witness.read("/rotation").text, reason="new machine")
    assert cosigned_by() == {second.vkey()}
    witness.keys.retire()
    assert cosigned_by() == {second.vkey()}
    rotate("log")
    assert cosigned_by() == {second.vkey()}, "the cosigner followed the log's statement"
    assert witness.logs.present[keys.name_of("log")] == keys.log_signer().key
    (tmp_path / "trust.txt").write_text(proving.trust(), "utf-8")
    folder = exporting.export(tmp_path / "ledger")
    found = verify.verify(str(folder), str(tmp_path / "trust.txt"))
    assert (found.findings, found.proven, found.cosigners) == ([], True, ["watch"])
    assert {term.key for term in proving.cosigner_terms()} == {first, second}
