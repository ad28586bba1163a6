"""Evidence handed out by earlier versions is accepted by today's verifier, and by the verifier it came with."""

import base64
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingzheng.kernel import digest
from mingzheng.ledger import cells, notes, receipts, verify

HERE = Path(__file__).parent
VERSIONS = ("intl-1-v1", "gm-1-v1")
FOLDERS = [f"{path.parent.name}/{path.name.partition('.')[0]}" for path in sorted(HERE.glob("*/*.tar.xz"))]


def trust_of(name: str) -> str:
    """The key file for a folder such as `intl-1-v1/whole`."""
    version, _, which = name.partition("/")
    return str(HERE / version / ("whole-trust.txt" if which == "whole" else "trust.txt"))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folders of the golden evidence, unpacked once."""
    place = tmp_path_factory.mktemp("golden")
    for name in FOLDERS:
        with tarfile.open(HERE / f"{name}.tar.xz") as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # since 3.11.4
            packed.extractall((place / name).parent)
    yield place
    shutil.rmtree(place, ignore_errors=True)


def judged(program: Path, folder: Path, *options: str) -> dict[str, Any]:
    """The verdict of a verifier run as an auditor runs it."""
    command = [sys.executable, "-I", str(program), "--json", *options, str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    said: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1), done.stderr
    return said


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_is_proven_by_todays_verifier_and_by_its_own(name: str, unpacked: Path) -> None:
    for program in (Path(verify.__file__), unpacked / name / "verify.py"):
        said = judged(program, unpacked / name, "--trust", trust_of(name))
        assert (said["ok"], said["proven"]) == (True, True), said["findings"]
        assert said["entries"] > 20 and said["signatures"] > 0 and said["unchecked"] == 0
        assert said["cosigners"] == ["neighbour", "supervisor"]


def test_nothing_golden_was_lost() -> None:
    assert set(FOLDERS) == {
        "gm-1-v1/failed",
        "gm-1-v1/whole",
        "intl-1-v1/awarded",
        "intl-1-v1/failed",
        "intl-1-v1/whole",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_without_keys_a_folder_is_consistent_only(version: str, unpacked: Path) -> None:
    said = judged(Path(verify.__file__), unpacked / version / "failed")
    assert (said["ok"], said["proven"]) == (True, False)


@pytest.mark.parametrize(
    "file", ["ledger/leaves.bin", "ledger/checkpoint.txt", "keys.json", "manifest.sig", "bids", "ledger/streams"]
)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_flipped_byte_in_a_folder_is_found(version: str, file: str, unpacked: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(unpacked / version / "failed", copy)
    target = copy / file if (copy / file).is_file() else sorted((copy / file).iterdir())[0]
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)
    assert verify.verify(str(copy), trust_of(version)).findings


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["receipt-public", "receipt-sealed"])
def test_a_receipt_is_proven(name: str, version: str, tmp_path: Path) -> None:
    old = HERE / version
    found = verify.verify(str(old / f"{name}.json"), str(old / "trust.txt"))
    assert (found.findings, found.proven, found.entries) == ([], True, 1)
    keys = [line.split(" ", 1) for line in (old / "trust.txt").read_text("utf-8").splitlines()]
    by_role = {role: [notes.parse_vkey(text) for r, text in keys if r == role] for role, _ in keys}
    text = (old / f"{name}.json").read_text("utf-8")
    assert receipts.check_receipt(text, by_role["log"][0], by_role["receipts"], by_role["cosigner"], 2)
    spoilt = tmp_path / "receipt.json"
    spoilt.write_text(text.replace('"slot":', '"slot":1', 1).replace('"position":', '"position":1', 1), "utf-8")
    assert verify.verify(str(spoilt), str(old / "trust.txt")).findings


@pytest.mark.parametrize(("version", "leaves"), [("intl-1-v1", 93), ("gm-1-v1", 127)])
def test_a_checkpoint_is_signed_and_cosigned(version: str, leaves: int) -> None:
    trust = verify.read_trust(HERE / version / "trust.txt")
    origin, size, _, cosigners = trust.checkpoint((HERE / version / "checkpoint.txt").read_text("utf-8"), 2)
    assert (origin, size, cosigners) == ("mingzheng.example/yunzhou", leaves, ["neighbour", "supervisor"])


def vectors(version: str, name: str) -> dict[str, Any]:
    """The vectors as they stood beside the formats."""
    said: dict[str, Any] = json.loads((HERE / version / "vectors" / f"{name}.json").read_text("utf-8"))
    return said


@pytest.mark.parametrize("version", VERSIONS)
def test_entries_open_and_refuse_as_they_did(version: str) -> None:
    said = vectors(version, "entry")
    for item in (*said["public"], said["sealed"]):
        written = {key: item[key] for key in ("inner", "salt", "text") if key in item}
        found = verify.Entry(written)
        assert verify.named(found.algorithm, found.digest) == item["digest"]
    for item in said["refused"]:
        with pytest.raises(verify.Wrong):
            verify.Entry({"text": item["text"]})


@pytest.mark.parametrize("version", VERSIONS)
def test_cells_hold_what_they_held(version: str) -> None:
    said = vectors(version, "cell")
    for item in said["entries"]:
        path = [bytes.fromhex(node) for node in item["path"]]
        cells.check_cell(said["text"], digest.split(item["digest"])[1], item["slot"], path)
    assert cells.leaf_of(said["text"]) == digest.split(said["digest"])[1]


@pytest.mark.parametrize("version", VERSIONS)
def test_checkpoints_and_proofs_hold_as_they_did(version: str) -> None:
    said, trust = vectors(version, "checkpoint"), verify.Trust(True)
    for role, texts in (("log", [said["keys"]["log"]]), ("cosigner", said["keys"]["cosigners"])):
        for text in texts:
            trust.learn(role, text)
    _, size, root, _ = trust.checkpoint(said["note"], 2)
    _, old, old_root, _ = trust.checkpoint(said["older"])
    name, place = notes.parse_vkey(said["keys"]["log"]).digest, said["inclusion"]
    path, proof = ([bytes.fromhex(node) for node in nodes] for nodes in (place["proof"], said["consistency"]))
    assert verify.included(name, bytes.fromhex(place["leaf"]), place["position"], size, path, root)
    assert verify.consistent(name, old, old_root, size, root, proof)
    for item in said["refused"]:
        with pytest.raises(verify.Wrong):
            trust.checkpoint(item["note"], 2)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["receipt", "archive"])
def test_what_was_accepted_is_accepted_and_what_was_refused_is_refused(name: str, version: str, tmp_path: Path) -> None:
    said, trust = vectors(version, name), tmp_path / "trust"
    trust.write_text(said["trust"], "utf-8")
    if name == "archive":
        contents = {path: text.encode() for path, text in said["text"].items()}
        contents |= {path: base64.b64decode(text) for path, text in said["base64"].items()}
        for path, content in contents.items():
            (tmp_path / "a" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "a" / path).write_bytes(content)
        assert verify.verify(str(tmp_path / "a"), str(trust)).proven
        return
    for number, (text, good) in enumerate(
        [(text, True) for text in said["accepted"]] + [(item["text"], False) for item in said["refused"]]
    ):
        (tmp_path / f"{number}.json").write_text(text, "utf-8")
        found = verify.verify(str(tmp_path / f"{number}.json"), str(trust))
        assert (found.findings == [] and found.proven) == good


def test_the_statement_of_a_new_key_holds_as_it_did() -> None:
    """The first issue had none."""
    statement = vectors("gm-1-v1", "checkpoint")["rotation"]
    role, old, new = notes.parse_rotation(statement)
    verify.check_rotation({"role": role, "old": old.vkey(), "new": new.vkey(), "statement": statement})
