"""A cosigner lets a log only grow, remembers that over restarts, and the log copes with one that is down."""

import argparse
import base64
import threading
import time as machine
from collections.abc import Iterator
from pathlib import Path

import pytest

from mingzheng.kernel import digest
from mingzheng.ledger import cosigner, cosigning, notes, tree
from mingzheng.ledger.tests import forging

ORIGIN = "ledger.example/centre"


def log() -> notes.NoteSigner:
    return forging.ours().signer(ORIGIN, 7)


def leaves_of(count: int = 20) -> list[bytes]:
    return [tree.leaf_hash(b"%d" % n) for n in range(count)]


def note_of(size: int, leaves: list[bytes] | None = None, signer: notes.NoteSigner | None = None) -> notes.Note:
    leaves, signer = leaves or leaves_of(), signer or log()
    return signer.sign(notes.Checkpoint(signer.key.name, size, tree.root_of(leaves[:size])).text())


def prove(old: int, new: int, leaves: list[bytes] | None = None) -> list[bytes]:
    return tree.consistency_proof(lambda level, index: leaves or leaves_of(), old, new)


def body(old: int, note: notes.Note, proof: list[bytes]) -> bytes:
    lines = "".join(base64.b64encode(node).decode() + "\n" for node in proof)
    return f"old {old}\n{lines}\n{note.render()}".encode()


@pytest.fixture
def witness(tmp_path: Path) -> cosigner.Cosigner:
    return cosigner.Cosigner(
        "supervisor", tmp_path / "supervisor", [log().key], lambda: 1_772_413_200, digest.current()
    )


def add(witness: cosigner.Cosigner, old: int, new: int, leaves: list[bytes] | None = None) -> cosigner.Answer:
    return witness.add_checkpoint(body(old, note_of(new, leaves), prove(old, new, leaves)))


def test_a_growing_log_is_cosigned_step_by_step(witness: cosigner.Cosigner) -> None:
    for old, new in ((0, 1), (1, 1), (1, 6), (6, 20)):
        answer = add(witness, old, new)
        assert answer.status == 200
        line = notes.parse_line(answer.text)
        assert notes.verify_line(note_of(new).text, line, witness.signer.key) == 1_772_413_200


def test_a_rollback_is_refused_with_the_size_already_seen(witness: cosigner.Cosigner) -> None:
    add(witness, 0, 10)
    assert add(witness, 5, 8) == cosigner.Answer(409, "10\n", "text/x.tlog.size")
    assert add(witness, 0, 8).status == 409
    assert add(witness, 10, 10).status == 200


def test_a_second_history_is_refused_and_kept_as_evidence(witness: cosigner.Cosigner) -> None:
    add(witness, 0, 10)
    forged = [bytes(32), *leaves_of()[1:]]
    assert add(witness, 10, 10, forged).status == 409
    assert add(witness, 10, 15, forged).status == 422
    kept = sorted(witness.state.glob("evidence-*"))
    assert {notes.parse_checkpoint(notes.parse_note(path.read_bytes()).text).size for path in kept} == {10, 15}
    assert witness.newest(ORIGIN).size == 10


def test_memory_survives_a_restart(witness: cosigner.Cosigner) -> None:
    add(witness, 0, 10)
    again = cosigner.Cosigner("supervisor", witness.state, [log().key], lambda: 1, digest.current())
    assert again.signer.key == witness.signer.key
    assert add(again, 0, 8).status == 409
    assert add(again, 10, 12).status == 200
    assert next(witness.state.glob("key*")).stat().st_mode & 0o777 == 0o600


def test_only_known_logs_and_true_signatures_count(witness: cosigner.Cosigner) -> None:
    stranger = forging.ours().signer("elsewhere", 7)
    impostor = forging.ours().signer(ORIGIN, 9)
    assert witness.add_checkpoint(body(0, note_of(3, signer=stranger), [])).status == 404
    assert witness.add_checkpoint(body(0, note_of(3, signer=impostor), [])).status == 403
    broken = notes.Note(note_of(3).text, note_of(4).lines)
    assert witness.add_checkpoint(body(0, broken, [])).status == 403


def test_a_request_out_of_form_is_refused(witness: cosigner.Cosigner) -> None:
    for request_body in (
        b"",
        b"\xff",
        b"old 1",
        b"old 01\n\n",
        b"old -1\n\n",
        b"old \xc2\xb2\n\n",
        b"new 0\n\n" + note_of(1).render().encode(),
        b"old 0\nAAAA\n\n" + note_of(1).render().encode(),
        body(5, note_of(3), []),
        body(0, note_of(3), [bytes(32)] * 64),
    ):
        assert witness.add_checkpoint(request_body).status == 400, request_body


def test_the_first_checkpoint_needs_an_empty_proof(witness: cosigner.Cosigner) -> None:
    assert witness.add_checkpoint(body(0, note_of(3), [bytes(32)])).status == 422


@pytest.fixture
def url(witness: cosigner.Cosigner) -> Iterator[str]:
    server = cosigner.make_server(witness, 0, trust_time_header=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_log_gets_its_cosignature_over_http_even_when_another_cosigner_is_down(
    witness: cosigner.Cosigner, url: str
) -> None:
    down = notes.NoteSigner.from_seed("neighbour", bytes([2] * 32), notes.COSIGNER)
    witnesses = [cosigning.Witness("http://127.0.0.1:9", down.key), cosigning.Witness(url, witness.signer.key)]
    seen: dict[str, int] = {}
    for size in (4, 9, 9):
        result = cosigning.cosign(note_of(size), prove, witnesses, seen, time=1_800_000_000)
        assert set(result.missing) == {"neighbour"}
        assert notes.signers(result.note, [log().key, witness.signer.key]) == {
            ORIGIN: None,
            "supervisor": 1_800_000_000,
        }
    assert seen == {"supervisor": 9}


def test_a_log_that_forgot_what_its_cosigner_saw_asks_again_from_there(witness: cosigner.Cosigner, url: str) -> None:
    add(witness, 0, 7)
    seen: dict[str, int] = {}
    result = cosigning.cosign(note_of(12), prove, [cosigning.Witness(url, witness.signer.key)], seen)
    assert not result.missing
    assert seen == {"supervisor": 12}


def test_a_log_set_back_is_told_so(witness: cosigner.Cosigner, url: str) -> None:
    add(witness, 0, 7)
    result = cosigning.cosign(note_of(5), prove, [cosigning.Witness(url, witness.signer.key)], {})
    assert "already cosigned 7 leaves" in result.missing["supervisor"]


def test_an_answer_by_another_key_is_not_believed(witness: cosigner.Cosigner, url: str) -> None:
    expected = notes.NoteSigner.from_seed("supervisor", bytes([5] * 32), notes.COSIGNER)
    result = cosigning.cosign(note_of(5), prove, [cosigning.Witness(url, expected.key)], {})
    assert result.note == note_of(5)
    assert "by the key we know" in result.missing["supervisor"]


def test_key_and_newest_checkpoint_are_public(witness: cosigner.Cosigner) -> None:
    assert witness.read("/vkey").text == (witness.state / "vkey").read_text() == witness.signer.key.vkey() + "\n"
    assert witness.read("/checkpoint").status == 404
    add(witness, 0, 3)
    published = notes.parse_note(witness.read("/checkpoint").text)
    assert notes.verified_checkpoint(published, log().key).size == 3
    assert set(notes.signers(published, [witness.signer.key])) == {"supervisor"}
    assert witness.read("/key").status == 404


def test_the_real_clock_is_the_default_and_other_sources_must_be_addresses() -> None:
    assert abs(cosigner.time_source("real")() - machine.time()) < 5
    with pytest.raises(ValueError, match="http"):
        cosigner.time_source("file:///etc/passwd")


def test_the_command_line_names_everything_it_needs(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    cosigner.add_arguments(parser)
    parsed = parser.parse_args(["--name", "a", "--state", str(tmp_path), "--log-vkey", log().key.vkey()])
    assert (parsed.port, parsed.time_from, parsed.trust_time_header) == (0, "real", False)


def rotation(role: str, old: notes.NoteSigner, new: notes.NoteSigner) -> str:
    text = notes.rotation_text(role, old.key, new.key)
    return notes.Note(text, (old.line(text), new.line(text))).render()


def test_a_log_with_a_new_key_introduces_itself_and_the_old_key_is_worth_nothing_then(
    witness: cosigner.Cosigner, url: str
) -> None:
    add(witness, 0, 7)
    new = forging.ours().signer(ORIGIN, 8)
    statement, witnesses = rotation("log", log(), new), [cosigning.Witness(url, witness.signer.key)]
    unknown = cosigning.cosign(note_of(9, signer=new), prove, witnesses, {})
    assert "answered 403" in unknown.missing["supervisor"]
    known = cosigning.cosign(note_of(9, signer=new), prove, witnesses, {}, statements=["nonsense", statement])
    assert not known.missing
    assert witness.add_checkpoint(body(9, note_of(12), prove(9, 12))).status == 403
    again = cosigner.Cosigner("supervisor", witness.state, [log().key], lambda: 1, digest.current())
    assert again.logs.present[ORIGIN] == new.key, "remembered over a restart"
    assert again.add_rotation(statement.encode()).status == 200


def test_a_statement_without_the_known_key_changes_nothing(witness: cosigner.Cosigner) -> None:
    thief, accomplice = forging.ours().signer(ORIGIN, 8), forging.ours().signer(ORIGIN, 9)
    other = forging.ours().signer("elsewhere", 7)
    text = notes.rotation_text("log", log().key, thief.key)
    for statement, status in (
        (rotation("log", thief, accomplice), 403),
        (rotation("log", other, forging.ours().signer("elsewhere", 8)), 404),
        (rotation("receipts", log(), thief), 404),
        (notes.Note(text, (thief.line(text),)).render(), 400),
        (thief.sign(text).render(), 400),
        (rotation("log", log(), thief).replace("log\n", "lag\n", 1), 400),
        ("", 400),
    ):
        assert witness.add_rotation(statement.encode()).status == status, statement
    assert witness.logs.present[ORIGIN] == log().key


def test_a_cosigner_with_a_new_key_signs_with_both_until_the_old_one_is_destroyed(
    witness: cosigner.Cosigner, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = witness.signer.key
    options = [
        "--name",
        "supervisor",
        "--state",
        str(witness.state),
        "--suite",
        "GM-1" if forging.ours().gm else "INTL-1",
    ]
    parser = argparse.ArgumentParser()
    cosigner.add_arguments(parser)
    assert cosigner.run(parser.parse_args([*options, "--rotate"])) == 0
    role, stated, new = notes.parse_rotation(capsys.readouterr().out)
    assert (role, stated) == ("cosigner", old)
    again = cosigner.Cosigner("supervisor", witness.state, [log().key], lambda: 5, digest.current())
    assert again.read("/vkey").text == new.vkey() + "\n"
    assert notes.parse_rotation(again.read("/rotation").text)[2] == new
    answer = again.add_checkpoint(body(0, note_of(3), []))
    lines = [notes.parse_line(line) for line in answer.text.splitlines(keepends=True)]
    assert [notes.verify_line(note_of(3).text, *one) for one in zip(lines, (old, new), strict=True)] == [5, 5]
    assert cosigner.run(parser.parse_args([*options, "--retire"])) == 0
    last = cosigner.Cosigner("supervisor", witness.state, [log().key], lambda: 5, digest.current())
    assert [signer.key for signer in last.keys.signers] == [new]
    assert last.read("/rotation").text == again.read("/rotation").text


def test_a_cosigners_keys_stay_of_one_suite(witness: cosigner.Cosigner) -> None:
    other = next(name for name in digest.ALGORITHMS if name != digest.current())
    with pytest.raises(ValueError, match="another suite"):
        cosigner.Cosigner("supervisor", witness.state, [log().key], lambda: 1, other)
