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

from mingzheng.ledger import cells, notes, receipts, verify

HERE = Path(__file__).parent
OLD = HERE / "intl-1-v1"
FOLDERS = {"awarded": "trust.txt", "failed": "trust.txt", "whole": "whole-trust.txt"}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folders of the golden evidence, unpacked once."""
    place = tmp_path_factory.mktemp("golden")
    for name in FOLDERS:
        with tarfile.open(OLD / f"{name}.tar.xz") as packed:
            packed.extractall(place, filter="data")
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
        said = judged(program, unpacked / name, "--trust", str(OLD / FOLDERS[name]))
        assert (said["ok"], said["proven"]) == (True, True), said["findings"]
        assert said["entries"] > 20 and said["signatures"] > 0 and said["unchecked"] == 0
        assert said["cosigners"] == ["neighbour", "supervisor"]


def test_without_keys_a_folder_is_consistent_only(unpacked: Path) -> None:
    said = judged(Path(verify.__file__), unpacked / "failed")
    assert (said["ok"], said["proven"]) == (True, False)


@pytest.mark.parametrize(
    "file", ["ledger/leaves.bin", "ledger/checkpoint.txt", "keys.json", "manifest.sig", "bids", "ledger/streams"]
)
def test_a_flipped_byte_in_a_folder_is_found(file: str, unpacked: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(unpacked / "failed", copy)
    target = copy / file if (copy / file).is_file() else sorted((copy / file).iterdir())[0]
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)
    assert verify.verify(str(copy), str(OLD / "trust.txt")).findings


@pytest.mark.parametrize("name", ["receipt-public", "receipt-sealed"])
def test_a_receipt_is_proven(name: str, tmp_path: Path) -> None:
    found = verify.verify(str(OLD / f"{name}.json"), str(OLD / "trust.txt"))
    assert (found.findings, found.proven, found.entries) == ([], True, 1)
    keys = [line.split(" ", 1) for line in (OLD / "trust.txt").read_text("utf-8").splitlines()]
    by_role = {role: [notes.parse_vkey(text) for r, text in keys if r == role] for role, _ in keys}
    text = (OLD / f"{name}.json").read_text("utf-8")
    assert receipts.check_receipt(text, by_role["log"][0], by_role["receipts"], by_role["cosigner"], 2)
    spoilt = tmp_path / "receipt.json"
    spoilt.write_text(text.replace('"slot":', '"slot":1', 1).replace('"position":', '"position":1', 1), "utf-8")
    assert verify.verify(str(spoilt), str(OLD / "trust.txt")).findings


def test_a_checkpoint_is_signed_and_cosigned() -> None:
    trust = verify.read_trust(OLD / "trust.txt")
    origin, size, _, cosigners = trust.checkpoint((OLD / "checkpoint.txt").read_text("utf-8"), 2)
    assert (origin, size, cosigners) == ("mingzheng.example/yunzhou", 93, ["neighbour", "supervisor"])


def vectors(name: str) -> dict[str, Any]:
    """The vectors as they stood beside the formats at version 1."""
    said: dict[str, Any] = json.loads((OLD / "vectors" / f"{name}.json").read_text("utf-8"))
    return said


def test_entries_open_and_refuse_as_they_did() -> None:
    said = vectors("entry")
    for item in (*said["public"], said["sealed"]):
        written = {key: item[key] for key in ("inner", "salt", "text") if key in item}
        assert "sha256:" + verify.Entry(written).digest.hex() == item["digest"]
    for item in said["refused"]:
        with pytest.raises(verify.Wrong):
            verify.Entry({"text": item["text"]})


def test_cells_hold_what_they_held() -> None:
    said = vectors("cell")
    for item in said["entries"]:
        path = [bytes.fromhex(node) for node in item["path"]]
        cells.check_cell(said["text"], bytes.fromhex(item["digest"][7:]), item["slot"], path)
    assert cells.leaf_of(said["text"]).hex() == said["digest"][7:]


@pytest.mark.parametrize("name", ["receipt", "archive"])
def test_what_was_accepted_is_accepted_and_what_was_refused_is_refused(name: str, tmp_path: Path) -> None:
    said, trust = vectors(name), tmp_path / "trust"
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
