"""Signed notes: the published example verifies, every other spelling is refused."""

import base64

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from mingzheng.ledger import notes
from mingzheng.ledger.tests import forging

# The example of the Go note package, whose format C2SP wrote down.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ORIGIN = "ledger.example/centre"
CHECKPOINT = notes.Checkpoint(ORIGIN, 42, bytes(range(32)))


class Given:
    """A log's and a cosigner's key of the suite, and a checkpoint both signed."""

    def __init__(self) -> None:
        self.log = forging.ours().signer(ORIGIN, 7)
        self.witness = forging.ours().signer("supervisor.example", 8, notes.COSIGNER)
        self.signed = self.log.sign(CHECKPOINT.text())
        self.cosigned = self.signed.with_lines([self.witness.line(CHECKPOINT.text(), 1_772_413_200)])


@pytest.fixture(scope="module")
def given(suite: str) -> Given:
    return Given()


def test_the_published_note_verifies() -> None:
    note = notes.parse_note(PUBLISHED_NOTE)
    assert notes.signers(note, [notes.parse_vkey(PUBLISHED_KEY)]) == {"PeterNeumann": None}


def test_a_checkpoint_survives_writing_and_reading(given: Given) -> None:
    note = notes.parse_note(given.cosigned.render().encode())
    assert note == given.cosigned
    assert notes.verified_checkpoint(note, given.log.key) == CHECKPOINT
    assert notes.signers(note, [given.log.key, given.witness.key]) == {
        ORIGIN: None,
        "supervisor.example": 1_772_413_200,
    }


def test_keys_survive_writing_and_reading(given: Given) -> None:
    for signer in (given.log, given.witness):
        assert notes.parse_vkey(signer.key.vkey()) == signer.key


def test_unknown_signers_are_ignored_and_wrong_signatures_of_known_ones_refuse_the_note(given: Given) -> None:
    assert notes.signers(given.cosigned, [given.witness.key]) == {"supervisor.example": 1_772_413_200}
    moved = notes.Note(CHECKPOINT.text().replace("42", "43"), given.cosigned.lines)
    for key in (given.log.key, given.witness.key):
        with pytest.raises(notes.NoteRefused, match="does not hold"):
            notes.signers(moved, [key])


def test_a_cosignatures_time_cannot_be_changed(given: Given) -> None:
    line = given.witness.line(CHECKPOINT.text(), 5)
    later = notes.SignatureLine(line.name, line.key_id, (6).to_bytes(8, "big") + line.signature[8:])
    with pytest.raises(notes.NoteRefused):
        notes.verify_line(CHECKPOINT.text(), later, given.witness.key)


def test_another_logs_checkpoint_is_not_ours(given: Given) -> None:
    other = forging.ours().signer("ledger.example/other", 7)
    with pytest.raises(notes.NoteRefused, match="not a checkpoint signed by"):
        notes.verified_checkpoint(other.sign(CHECKPOINT.text()), other.key)
    with pytest.raises(notes.NoteRefused, match="not a checkpoint signed by"):
        notes.verified_checkpoint(other.sign(CHECKPOINT.text()), given.log.key)


def test_a_new_line_by_the_same_key_takes_the_old_ones_place(given: Given) -> None:
    again = given.cosigned.with_lines([given.witness.line(CHECKPOINT.text(), 1_772_413_300)])
    assert len(again.lines) == 2
    assert notes.signers(again, [given.witness.key]) == {"supervisor.example": 1_772_413_300}


def test_anything_but_the_canonical_spelling_of_a_note_is_refused(given: Given) -> None:
    whole = given.cosigned.render()
    for text in (
        "",
        "\n\n",
        whole[:-1],
        whole + "\n",
        whole.replace("\u2014", "-"),
        whole.replace("\n\u2014", "\r\n\u2014"),
        whole.replace("\u2014 ", "\u2014  "),
        given.cosigned.text + "\n",
        whole * 2 + "x",
        "a\tb\n\n" + given.signed.lines[0].render(),
        CHECKPOINT.text() + "\n" + given.signed.lines[0].render() * 33,
    ):
        with pytest.raises(notes.NoteRefused):
            notes.parse_note(text)


def test_base64_with_stray_bits_is_refused(given: Given) -> None:
    line = given.signed.lines[0].render()
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


@given_by(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (notes.parse_note, notes.parse_vkey, notes.parse_checkpoint, notes.parse_line):
        with pytest.raises(notes.NoteRefused):
            read(text)


def test_names_with_spaces_or_plus_are_refused() -> None:
    for name in ("", "a b", "a+b", "a\u3000b"):
        with pytest.raises(notes.NoteRefused):
            notes.NoteSigner.from_seed(name, bytes(32))


def test_a_log_signs_without_and_a_cosigner_with_a_time(given: Given) -> None:
    with pytest.raises(ValueError, match="time"):
        given.log.line("x\n", 5)
    with pytest.raises(ValueError, match="time"):
        given.witness.line("x\n")
