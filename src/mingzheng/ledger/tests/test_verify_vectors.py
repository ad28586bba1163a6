"""The committed test vectors are what the program writes, and both programs judge them as the documents say."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mingzheng.kernel import digest
from mingzheng.ledger import cells, notes, receipts, tree, verify
from mingzheng.ledger.tests import forging, make_vectors


def vectors(name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((make_vectors.folder() / f"{name}.json").read_text("utf-8"))
    return said


@pytest.mark.parametrize("name", make_vectors.VECTORS)
def test_the_committed_vectors_are_what_the_program_writes(name: str) -> None:
    assert (make_vectors.folder() / f"{name}.json").read_text("utf-8") == make_vectors.render(name)


def test_entry_vectors() -> None:
    said = vectors("entry")
    one, two = said["public"]
    for item in (one, two, said["sealed"]):
        written = {key: item[key] for key in ("inner", "salt", "text") if key in item}
        found = verify.Entry(written)
        assert verify.named(found.algorithm, found.digest) == item["digest"]
    assert json.loads(two["text"])["previous"] == one["digest"]
    assert json.loads(said["sealed"]["text"])["sealed"] == said["sealed"]["commitment"]
    for item in said["refused"]:
        with pytest.raises(verify.Wrong):
            verify.Entry({"text": item["text"]})
    signed = said["signature"]["signature"]
    key, value = bytes.fromhex(said["signature"]["public_key_hex"]), base64.b64decode(signed["value"])
    assert verify.ALGORITHMS[signed["algorithm"]][1](key, signed["text"].encode(), value)


def test_cell_vectors() -> None:
    said = vectors("cell")
    for item in said["entries"]:
        entry, path = digest.split(item["digest"])[1], [bytes.fromhex(node) for node in item["path"]]
        cells.check_cell(said["text"], entry, item["slot"], path)
    assert cells.leaf_of(said["text"]) == digest.split(said["digest"])[1]
    for item in said["refused"]:
        entry, path = digest.split(item["digest"])[1], [bytes.fromhex(node) for node in item["path"]]
        with pytest.raises(cells.CellRefused):
            cells.check_cell(said["text"], entry, item["slot"], path)


def test_checkpoint_vectors() -> None:
    said = vectors("checkpoint")
    trust = verify.Trust(True)
    for role, texts in (("log", [said["keys"]["log"]]), ("cosigner", said["keys"]["cosigners"])):
        for text in texts:
            trust.learn(role, text)
    origin, size, root, cosigners = trust.checkpoint(said["note"], 2)
    assert (origin, size, cosigners) == (forging.ORIGIN, 11, ["neighbour", "supervisor"])
    leaves = [bytes.fromhex(leaf) for leaf in said["leaves"]]
    assert tree.root_of(leaves) == root
    place, proof = said["inclusion"], [bytes.fromhex(node) for node in said["inclusion"]["proof"]]
    tree.check_inclusion(bytes.fromhex(place["leaf"]), place["position"], size, proof, root)
    old = trust.checkpoint(said["older"])
    tree.check_consistency(old[1], old[2], size, root, [bytes.fromhex(node) for node in said["consistency"]])
    for item in said["refused"]:
        with pytest.raises(verify.Wrong):
            trust.checkpoint(item["note"], 2)
        with pytest.raises(notes.NoteRefused):
            notes.verified_checkpoint(notes.parse_note(item["note"]), notes.parse_vkey(said["keys"]["log"]))


def test_receipt_vectors(tmp_path: Path) -> None:
    said, keys = vectors("receipt"), vectors("checkpoint")["keys"]
    (tmp_path / "trust").write_text(said["trust"], "utf-8")
    log, own = notes.parse_vkey(keys["log"]), [notes.parse_vkey(keys["receipts"])]
    cosigners = [notes.parse_vkey(key) for key in keys["cosigners"]]
    for text in said["accepted"]:
        (tmp_path / "receipt").write_text(text, "utf-8")
        assert verify.verify(str(tmp_path / "receipt"), str(tmp_path / "trust")).proven
        assert receipts.check_receipt(text, log, own, cosigners, 2)
    for item in said["refused"]:
        (tmp_path / "receipt").write_text(item["text"], "utf-8")
        assert verify.verify(str(tmp_path / "receipt"), str(tmp_path / "trust")).findings, item["why"]
        with pytest.raises(receipts.ReceiptRefused):
            receipts.check_receipt(item["text"], log, own, cosigners, 2)


def test_the_archive_vector_verifies(tmp_path: Path) -> None:
    said = vectors("archive")
    contents = {path: text.encode() for path, text in said["text"].items()}
    contents |= {path: base64.b64decode(text) for path, text in said["base64"].items()}
    for path, content in contents.items():
        (tmp_path / "a" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "a" / path).write_bytes(content)
    (tmp_path / "trust").write_text(said["trust"], "utf-8")
    report = verify.verify(str(tmp_path / "a"), str(tmp_path / "trust"))
    assert (report.findings, report.proven, report.unchecked) == ([], True, 0)


DOCS = Path(__file__).parents[4] / "docs" / "formats"


def strings(value: Any) -> list[str]:
    """Every text somewhere inside a JSON value."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", make_vectors.VECTORS)
def test_every_worked_example_of_a_format_page_is_in_the_vectors(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text("utf-8")
    examples = page.split("```vector\n")[1:]
    folders = (make_vectors.FOLDER, make_vectors.GM)
    known = [
        text
        for folder in folders
        for each in make_vectors.VECTORS
        for text in strings(json.loads((folder / f"{each}.json").read_text("utf-8")))
    ]
    assert examples
    for example in (item.partition("\n```")[0] for item in examples):
        assert any(example in text for text in known), example


def test_the_statement_of_a_new_key_is_read_alike_by_both_programs() -> None:
    said = vectors("checkpoint")
    role, old, new = notes.parse_rotation(said["rotation"])
    assert (role, old.vkey(), new.name) == ("log", said["keys"]["log"], old.name)
    body = {"role": role, "old": old.vkey(), "new": new.vkey(), "statement": said["rotation"]}
    verify.check_rotation(body)
    for change in ({"role": "receipts"}, {"new": old.vkey()}, {"old": new.vkey()}, {"statement": said["note"]}):
        with pytest.raises(verify.Wrong):
            verify.check_rotation({**body, **change})
