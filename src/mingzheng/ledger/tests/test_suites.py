"""One log, one algorithm: SM3 and SM2 by the published examples, no mixing, and no start under the other suite."""

import hashlib
import json
from pathlib import Path

import pytest
from django.db import Error, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import canonical, digest, sm2, sm2_example
from mingzheng.ledger import chaining, notes, packing, sequencing, verify
from mingzheng.ledger.tests import forging
from mingzheng.ledger.tests.test_writing import BIDDER, say

# GB/T 32905-2016 annex A.
SM3_EXAMPLES = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]
EXAMPLE = b"\x04" + b"".join(number.to_bytes(32, "big") for number in sm2_example.PUBLIC)
EXAMPLE_SIGNATURE = sm2_example.R.to_bytes(32, "big") + sm2_example.S.to_bytes(32, "big")


def other() -> str:
    return next(name for name in digest.ALGORITHMS if name != digest.current())


@pytest.mark.parametrize(("content", "expected"), SM3_EXAMPLES)
def test_sm3_in_pure_python_gives_the_published_digests(content: bytes, expected: str) -> None:
    assert verify.Sm3(content).digest().hex() == expected
    assert verify.digest("sm3", content).hex() == expected == digest.raw(content, "sm3").hex()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 300))
def test_sm3_in_pure_python_agrees_with_the_library_however_it_is_fed(content: bytes, cut: int) -> None:
    running = verify.Sm3(content[:cut])
    running.update(content[cut:])
    assert running.digest() == digest.raw(content, "sm3")


def test_a_python_without_sm3_uses_the_verifiers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(name: str, *rest: bytes) -> None:
        raise ValueError("unsupported hash type " + name)

    monkeypatch.setattr(hashlib, "new", lacking)
    assert verify.native_sm3() is verify.Sm3


def test_sm2_verifies_the_published_signature_and_no_neighbours() -> None:
    assert verify.SM_2.verify(EXAMPLE, sm2_example.MESSAGE, EXAMPLE_SIGNATURE)
    assert not verify.SM_2.verify(EXAMPLE, sm2_example.MESSAGE + b"x", EXAMPLE_SIGNATURE)
    for place in (0, 31, 32, 63):
        spoilt = bytearray(EXAMPLE_SIGNATURE)
        spoilt[place] ^= 1
        assert not verify.SM_2.verify(EXAMPLE, sm2_example.MESSAGE, bytes(spoilt))


def test_sm2_refuses_what_the_standard_refuses() -> None:
    order, message = verify.SM_2.order, sm2_example.MESSAGE
    for r, s in ((0, 1), (1, 0), (order, 1), (1, order), (5, order - 5)):
        assert not verify.SM_2.verify(EXAMPLE, message, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    for key in (EXAMPLE[:-1], b"\x02" + EXAMPLE[1:], EXAMPLE[:-1] + bytes([EXAMPLE[-1] ^ 1]), bytes(65), b""):
        assert not verify.SM_2.verify(key, message, EXAMPLE_SIGNATURE)


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=40), st.integers(1, 2**200))
def test_sm2_agrees_with_the_library_in_its_one_encoding(message: bytes, secret: int) -> None:
    private = sm2.private_of(secret)
    public = sm2.public_key(private)[-65:]
    signed = sm2.sign(private, message)
    assert verify.verify_sm2_der(public, message, signed)
    assert not verify.verify_sm2_der(public, message + b"!", signed)
    r, s = sm2.numbers_of(signed)
    long = b"\x02\x21\x00" + r.to_bytes(32, "big") if r >> 255 == 0 else b"\x02\x22\x00\x00" + r.to_bytes(32, "big")
    rest = sm2.signature_of(r, s)[2 + 2 + len(r.to_bytes(r.bit_length() // 8 + 1, "big")) :]
    for spelling in (bytes([0x30, len(long + rest)]) + long + rest, signed + b"\x00", signed[:-1], b"", signed[2:]):
        assert not verify.verify_sm2_der(public, message, spelling)


def test_both_programs_read_the_same_key_out_of_a_certificate() -> None:
    for der in forging.ours().certificates:
        assert verify.public_key(der) == der
    for der in (b"", b"\x30", b"\x30\x03\x02\x01\x01", b"\x30\x84\xff\xff\xff\xff", bytes(40), b"\x30\x80\x00\x00"):
        assert verify.public_key(der) == b""


def test_a_key_hidden_in_a_certificates_name_is_not_its_key() -> None:
    """The key is found by its place, not by its look: the subject may hold any bytes."""
    der = forging.ours().certificates[0]
    decoy = bytes([0x0C, len(forging.ours().certificates[1])]) + forging.ours().certificates[1]

    def sequence(*parts: bytes) -> bytes:
        content = b"".join(parts)
        return b"\x30\x82" + len(content).to_bytes(2, "big") + content

    small = b"\x30\x00"
    body = sequence(
        b"\xa0\x03\x02\x01\x02", b"\x02\x01\x01", small, sequence(decoy), small, sequence(decoy), der, small
    )
    assert verify.public_key(sequence(body, small, b"\x03\x02\x00\x00")) == der


def test_an_archive_of_one_suite_cannot_pass_for_one_of_the_other(tmp_path: Path) -> None:
    folder = forging.archive(tmp_path / "a", forging.play(forging.Book(), 1))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for item in manifest["files"]:
        item["digest"] = verify.hash_file(folder / item["path"], other())[1]
    (folder / "manifest.json").write_text(canonical.dumps(manifest), "utf-8")
    found = verify.verify(str(folder)).findings
    assert {"algorithm", "manifest"} <= {item["code"] for item in found}
    manifest["files"][0]["digest"] = verify.hash_file(folder / manifest["files"][0]["path"], digest.current())[1]
    (folder / "manifest.json").write_text(canonical.dumps(manifest), "utf-8")
    assert ("manifest.json", "algorithm") in {(f["file"], f["code"]) for f in verify.verify(str(folder)).findings}


def test_a_key_of_the_other_suite_signs_no_checkpoint_of_this_log(tmp_path: Path) -> None:
    book = forging.play(forging.Book(), 1)
    with digest.under(other()):
        stranger = forging.ours().log
    keys = packing.PublicKeys([stranger.key], [forging.ours().receipts.key], (), forging.ours().keys.certificates)
    streams = {name: items for name, items in book.items().items() if name != "centre"}
    log = book.log(book.note((), stranger))
    with pytest.raises(packing.PackingFailed, match="algorithm"):
        packing.write_archive(
            tmp_path / "a", main=forging.LOT, streams=streams, log=log, keys=keys, signer=forging.ours().log,
            files=forging.DOCUMENTS,
        )  # fmt: skip


def test_sm2_keys_of_notes_carry_their_name_and_cannot_be_mistaken(suite: str) -> None:
    log, cosigner = (notes.NoteSigner(name, forging.Sm2(7), kind).key for name, kind in (("a", 1), ("b", 4)))
    for key in (log, cosigner):
        assert notes.parse_vkey(key.vkey()) == key
        (name, key_id), read = verify.parse_vkey(key.vkey())
        assert (name, key_id, read.public, read.digest) == (key.name, key.id, key.public, "sm3")
        assert verify.KINDS[read.kind][2] == (key.kind == notes.COSIGNER)
    assert log.id != notes.Key("a", notes.COSIGNER, log.public, log.algorithm).id


@pytest.mark.django_db
def test_a_log_goes_on_only_under_the_suite_it_was_begun_with() -> None:
    from uuid import uuid4

    chaining.declare()
    say(actor=BIDDER, lot=uuid4(), words="one", key="one")
    sequencing.settle()
    chaining.declare()
    with digest.under(other()):
        with pytest.raises(chaining.OtherSuite, match="Set MINGZHENG_SUITE="):
            chaining.declare()
        with pytest.raises((chaining.OtherSuite, Error), match="this log has"), transaction.atomic():
            say(actor=BIDDER, lot=uuid4(), words="two", key="two")
        with pytest.raises(Error, match="this log has"), transaction.atomic():
            sequencing.step(tick=True)
    for attempt in ("update ledger_log set digest = 'sm3'", "delete from ledger_log"):
        with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attempt)


@pytest.mark.django_db
def test_the_database_and_the_client_build_the_same_chain() -> None:
    """SHA-256 is hashed by PostgreSQL, SM3 by the client; both give what the verifier computes."""
    from uuid import uuid4

    lot = uuid4()
    entries = [say(actor=BIDDER, lot=lot, words=words, key=words).entries[0] for words in ("一", "two")]
    for entry in entries:
        assert entry.digest == verify.named(digest.current(), verify.leaf(digest.current(), entry.text))
    assert json.loads(entries[1].text)["previous"] == entries[0].digest
