"""The program in docs/formats/sealed-bid.md opens a bid of either version and suite, knowing nothing of this house."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sealing_cast import SUMMARY, VECTORS, Cast

from mingzheng.adapters.crypto import blocks, container
from mingzheng.adapters.crypto.container import LEAST_CHUNK
from mingzheng.adapters.crypto.keyfile import write_key_file

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "sealed-bid.md"
PASSWORD = "密码-12345678"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    found = re.search(r"## Open a bid.*?```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    assert found
    place = tmp_path / "open_bid.py"
    place.write_text(found[1], "utf-8")
    return place


def run(program: Path, *arguments: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", ["bid.json", "bid-2.json"])
def test_the_vector_is_opened_with_the_documented_program(
    suite_name: str, name: str, program: Path, tmp_path: Path
) -> None:
    folder = VECTORS[suite_name]
    bid, key = (json.loads((folder / one).read_text("utf-8")) for one in (name, "key.json"))
    (tmp_path / "bid.mzb").write_bytes((folder / bid["file"]).read_bytes())
    (tmp_path / "bid.mzb.seal").write_text(json.dumps(bid["signed"]), "utf-8")
    (tmp_path / "me.mzkey").write_text(key["file"], "ascii")
    opened = tmp_path / "opened"
    opened.mkdir()
    done = run(program, tmp_path / "bid.mzb", tmp_path / "me.mzkey", key["password"], opened)
    assert done.returncode == 0, done.stderr
    assert json.loads((opened / "000-summary.json").read_text("utf-8")) == bid["summary"]
    assert sorted(path.name[4:] for path in opened.iterdir()) == sorted(
        ["summary.json", *(one["name"] for one in bid["files"])]
    )


def test_a_fresh_bid_is_opened_and_a_changed_one_is_not(cast: Cast, sealed, program: Path, tmp_path: Path) -> None:
    bid = sealed(bytes(range(256)) * 700, b"")
    place, key, opened = tmp_path / "bid.mzb", tmp_path / "me.mzkey", tmp_path / "opened"
    bid.file.replace(place)
    (tmp_path / "bid.mzb.seal").write_text(bid.signed.dumps(), "utf-8")
    key.write_text(write_key_file(cast.bidder.private, cast.bidder.certificate, PASSWORD, rounds=2_000), "ascii")
    opened.mkdir()
    done = run(program, place, key, PASSWORD, opened)
    assert done.returncode == 0, done.stderr
    assert json.loads((opened / "000-summary.json").read_text("utf-8")) == SUMMARY
    assert [path.read_bytes() for path in sorted(opened.iterdir())[1:]] == list(bid.contents)
    content = bytearray(place.read_bytes())
    content[36 + LEAST_CHUNK + 20] ^= 1
    place.write_bytes(content)
    assert "another file" in run(program, place, key, PASSWORD, opened).stderr
    seal = bid.signed.seal.as_json()
    seal["file"]["digest"] = blocks.of_file(container.VERSION, cast.algorithms, place)
    (tmp_path / "bid.mzb.seal").write_text(json.dumps({"seal": seal}), "utf-8")
    assert "InvalidTag" in run(program, place, key, PASSWORD, opened).stderr
    key.write_text(write_key_file(cast.rival.private, cast.rival.certificate, PASSWORD, rounds=2_000), "ascii")
    assert run(program, place, key, PASSWORD, opened).returncode == 1
