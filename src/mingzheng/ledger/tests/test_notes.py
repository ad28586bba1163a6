"""Signed notes: the published example verifies, every other spelling is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.ledger import notes

# The example of the Go note package, whose format C2SP wrote down.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ORIGIN = "ledger.example/centre"
LOG = notes.NoteSigner.from_seed(ORIGIN, bytes(32))
WITNESS = notes.NoteSigner.from_seed("supervisor.example", bytes([1] * 32), notes.COSIGNER)
CHECKPOINT = notes.Checkpoint(ORIGIN, 42, bytes(range(32)))
SIGNED = LOG.sign(CHECKPOINT.text())
COSIGNED = SIGNED.with_lines([WITNESS.line(CHECKPOINT.text(), 1_772_413_200)])


def test_the_published_note_verifies() -> None:
    note = notes.parse_note(PUBLISHED_NOTE)
    assert notes.signers(note, [notes.parse_vkey(PUBLISHED_KEY)]) == {"PeterNeumann": None}


def test_a_checkpoint_survives_writing_and_reading() -> None:
    note = notes.parse_note(COSIGNED.render().encode())
    assert note == COSIGNED
    assert notes.verified_checkpoint(note, LOG.key) == CHECKPOINT
    assert notes.signers(note, [LOG.key, WITNESS.key]) == {ORIGIN: None, "supervisor.example": 1_772_413_200}


def test_keys_survive_writing_and_reading() -> None:
    for signer in (LOG, WITNESS):
        assert notes.parse_vkey(signer.key.vkey()) == signer.key


def test_unknown_signers_are_ignored_and_wrong_signatures_of_known_ones_refuse_the_note() -> None:
    assert notes.signers(COSIGNED, [WITNESS.key]) == {"supervisor.example": 1_772_413_200}
    moved = notes.Note(CHECKPOINT.text().replace("42", "43"), COSIGNED.lines)
    for key in (LOG.key, WITNESS.key):
        with pytest.raises(notes.NoteRefused, match="does not hold"):
            notes.signers(moved, [key])


def test_a_cosignatures_time_cannot_be_changed() -> None:
    line = WITNESS.line(CHECKPOINT.text(), 5)
    later = notes.SignatureLine(line.name, line.key_id, (6).to_bytes(8, "big") + line.signature[8:])
    with pytest.raises(notes.NoteRefused):
        notes.verify_line(CHECKPOINT.text(), later, WITNESS.key)


def test_another_logs_checkpoint_is_not_ours() -> None:
    other = notes.NoteSigner.from_seed("ledger.example/other", bytes(32))
    with pytest.raises(notes.NoteRefused, match="not a checkpoint signed by"):
        notes.verified_checkpoint(other.sign(CHECKPOINT.text()), other.key)
    with pytest.raises(notes.NoteRefused, match="not a checkpoint signed by"):
        notes.verified_checkpoint(other.sign(CHECKPOINT.text()), LOG.key)


def test_a_new_line_by_the_same_key_takes_the_old_ones_place() -> None:
    again = COSIGNED.with_lines([WITNESS.line(CHECKPOINT.text(), 1_772_413_300)])
    assert len(again.lines) == 2
    assert notes.signers(again, [WITNESS.key]) == {"supervisor.example": 1_772_413_300}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        COSIGNED.render()[:-1],
        COSIGNED.render() + "\n",
        COSIGNED.render().replace("\u2014", "-"),
        COSIGNED.render().replace("\n\u2014", "\r\n\u2014"),
        COSIGNED.render().replace("\u2014 ", "\u2014  "),
        COSIGNED.text + "\n",
        COSIGNED.render() * 2 + "x",
        "a\tb\n\n" + SIGNED.lines[0].render(),
        CHECKPOINT.text() + "\n" + SIGNED.lines[0].render() * 33,
    ],
)
def test_anything_but_the_canonical_spelling_of_a_note_is_refused(text: str) -> None:
    with pytest.raises(notes.NoteRefused):
        notes.parse_note(text)


def test_base64_with_stray_bits_is_refused() -> None:
    line = SIGNED.lines[0].render()
    raw = line.rsplit(" ", 1)[1].rstrip("\n")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = raw.rstrip("=")[:-1] + alphabet[alphabet.index(raw.rstrip("=")[-1]) ^ 1]
    stray += "=" * (len(raw) - len(stray))
    assert base64.b64decode(stray) == base64.b64decode(raw)
    with pytest.raises(notes.NoteRefused, match="canonical"):
        notes.parse_line(line.replace(raw, stray))


@pytest.mark.parametrize(
    "text",
    [
        "o\n1\nAAAA\n",
        "o\n01\n{root}\n",
        "o\n-1\n{root}\n",
        "o\n1\n{root}",
        "o\n1\n{root}\nmore\n",
        "\n1\n{root}\n",
        "o\n" + "9" * 5000 + "\n{root}\n",
    ],
)
def test_anything_but_the_canonical_spelling_of_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(notes.NoteRefused):
        notes.parse_checkpoint(text.format(root=base64.b64encode(bytes(32)).decode()))


@pytest.mark.parametrize(
    "text", ["", "a+b", "a+00000000+AQ==", PUBLISHED_KEY.replace("c74f", "c74e"), " +0+" + "A" * 44]
)
def test_anything_but_the_canonical_spelling_of_a_key_is_refused(text: str) -> None:
    with pytest.raises(notes.NoteRefused):
        notes.parse_vkey(text)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (notes.parse_note, notes.parse_vkey, notes.parse_checkpoint, notes.parse_line):
        with pytest.raises(notes.NoteRefused):
            read(text)


def test_names_with_spaces_or_plus_are_refused() -> None:
    for name in ("", "a b", "a+b", "a\u3000b"):
        with pytest.raises(notes.NoteRefused):
            notes.NoteSigner.from_seed(name, bytes(32))


def test_a_log_signs_without_and_a_cosigner_with_a_time() -> None:
    with pytest.raises(ValueError, match="time"):
        LOG.line("x\n", 5)
    with pytest.raises(ValueError, match="time"):
        WITNESS.line("x\n")
