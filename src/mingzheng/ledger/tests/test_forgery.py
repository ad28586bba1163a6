"""Forgers of every kind against a true archive: whatever they touch is found and named.

MINGZHENG_TRIALS sets the number of random trials (150 by default; 1,000 for acceptance), MINGZHENG_SEED their seed.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingzheng.kernel import canonical
from mingzheng.ledger import notes, packing, verify
from mingzheng.ledger.tests import forging

TRIALS = int(os.environ.get("MINGZHENG_TRIALS", "150"))
SEED = int(os.environ.get("MINGZHENG_SEED", "20260302"))


@pytest.fixture(scope="module")
def top(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("forgery")
    book = forging.play(forging.Book())
    forging.archive(top / "archive", book)
    forging.ledger(top / "ledger", book)
    (top / "trust.txt").write_text(forging.ours().trust, "utf-8")
    (top / "newest.txt").write_text(book.note(), "utf-8")
    return top


@pytest.fixture
def archive(top: Path) -> Iterator[Path]:
    """The archive, put back byte for byte after each test."""
    before = {path: path.read_bytes() for path in (top / "archive").rglob("*") if path.is_file()}
    yield top / "archive"
    for path in [path for path in (top / "archive").rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def found(folder: Path, top: Path, *, trust: bool = True, after: bool = False) -> set[str]:
    """Files named by the pristine verifier."""
    keys = str(top / "trust.txt") if trust else None
    report = verify.verify(str(folder), keys, str(top / "newest.txt") if after else None)
    assert report.findings == [] or "REFUSED" in verify.verdict(report)
    return {str(item["file"]) for item in report.findings}


def test_any_one_flipped_byte_of_any_file_is_found_and_its_file_named(archive: Path, top: Path) -> None:
    chance = random.Random(SEED)
    files = sorted(path for path in archive.rglob("*") if path.is_file())
    for trial in range(TRIALS):
        path = chance.choice(files)
        content = path.read_bytes()
        place, mask = chance.randrange(len(content)), chance.randrange(1, 256)
        path.write_bytes(content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :])
        named = found(archive, top, trust=trial % 2 == 0)
        path.write_bytes(content)
        name = path.relative_to(archive).as_posix()
        assert name in named, f"trial {trial}: byte {place} of {name} xor {mask} was not named: {named}"
    assert found(archive, top) == set()


def test_a_spoilt_copy_of_the_verifier_never_accepts_itself(archive: Path) -> None:
    chance = random.Random(SEED)
    path = archive / "verify.py"
    content = path.read_bytes()
    for trial in range(max(TRIALS // 10, 15)):
        place, mask = chance.randrange(len(content)), chance.randrange(1, 128)
        path.write_bytes(content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :])
        done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, timeout=60, check=False)
        assert done.returncode != 0, f"trial {trial}: byte {place} xor {mask}"


def test_the_last_lines_of_the_verifier_have_no_byte_whose_change_makes_it_silent(archive: Path) -> None:
    path = archive / "verify.py"
    content = path.read_bytes()
    start = content.index(b'if __name__ == "__main__"')
    for place in random.Random(SEED).sample(range(start, len(content)), 12):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, timeout=60, check=False)
        assert done.returncode != 0, place


def edited(lines: list[bytes], chance: random.Random) -> tuple[str, list[bytes]]:
    """One entry deleted, two swapped, or one inserted (a copy, or a forged one in the right form)."""
    kinds = ["delete", "copy", "forge"] + (["swap"] if len(lines) > 1 else [])
    kind, place, new = chance.choice(kinds), chance.randrange(len(lines)), list(lines)
    if kind == "delete":
        del new[place]
    elif kind == "swap":
        other = chance.choice([n for n in range(len(lines)) if n != place])
        new[place], new[other] = new[other], new[place]
    elif kind == "copy":
        new.insert(chance.randrange(len(lines) + 1), lines[place])
    else:
        line = json.loads(lines[place])
        text = json.loads(line["text"])
        text["at"] = "2026-03-02T09:59:59.000000+08:00"
        new.insert(place + 1, canonical.dumps({**line, "text": canonical.dumps(text)}).encode() + b"\n")
    return kind, new


@pytest.mark.parametrize("resealed", [False, True], ids=["plain", "manifest signed again with the log's key"])
def test_any_entry_deleted_swapped_or_inserted_is_found_and_its_stream_named(
    resealed: bool, archive: Path, top: Path
) -> None:
    chance = random.Random(SEED + resealed)
    streams = sorted((archive / "ledger/streams").iterdir())
    manifest, signature = (archive / "manifest.json").read_bytes(), (archive / "manifest.sig").read_bytes()
    for trial in range(TRIALS):
        path = chance.choice(streams)
        content = path.read_bytes()
        kind, lines = edited(content.splitlines(keepends=True), chance)
        path.write_bytes(b"".join(lines))
        if resealed:
            forging.reseal(archive)
        named = found(archive, top, trust=trial % 2 == 0)
        path.write_bytes(content)
        (archive / "manifest.json").write_bytes(manifest)
        (archive / "manifest.sig").write_bytes(signature)
        where = {path.relative_to(archive).as_posix(), packing.stream_path(forging.LOT)}
        assert named & where, f"trial {trial}: {kind} in {path.name} was not found: {named}"
    assert found(archive, top) == set()


def test_a_cut_off_tail_is_named_by_its_entry(archive: Path, top: Path) -> None:
    path = archive / packing.stream_path(forging.LOT)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    forging.reseal(archive)
    report = verify.verify(str(archive), str(top / "trust.txt"))
    assert [(item["file"], item["code"]) for item in report.findings] == [("ledger/promises.jsonl", "promise")] or [
        item["code"] for item in report.findings
    ] == ["no-closing"]


def test_a_sealed_stream_cut_off_or_left_out_is_found_by_the_closing_entry(archive: Path) -> None:
    (archive / "ledger/promises.jsonl").unlink()
    path = next((archive / "ledger/streams").glob("sealed-*"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    forging.reseal(archive)
    assert [item["code"] for item in verify.verify(str(archive)).findings] == ["closing"]
    path.unlink()
    forging.reseal(archive)
    assert [item["code"] for item in verify.verify(str(archive)).findings] == ["closing"]


def test_a_changed_document_is_found_even_under_a_new_manifest(archive: Path) -> None:
    (archive / "bids/018e-a.bid").write_bytes(b"another bid")
    forging.reseal(archive)
    assert [item["code"] for item in verify.verify(str(archive)).findings] == ["closing-files"]


def test_an_opened_bid_cannot_be_swapped_for_another(archive: Path) -> None:
    path = next((archive / "ledger/streams").glob("sealed-*"))
    lines = path.read_text("utf-8").splitlines()
    line = json.loads(lines[2])
    line["inner"] = line["inner"].replace("1000002.00", "0900002.00")
    path.write_text("\n".join([*lines[:2], canonical.dumps(line), *lines[3:]]) + "\n", "utf-8")
    forging.reseal(archive)
    first = verify.verify(str(archive)).findings[0]
    assert (first["code"], first["entry"], first["stream"][:7]) == ("commitment", 3, "sealed:")


def lower_price(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the forger would have liked to happen."""
    return {**body, "winner": "c", "price": "900000.00"} if kind == "opening.award-announced" else body


@pytest.mark.parametrize("packed", [forging.archive, forging.ledger])
def test_a_forger_who_recomputes_everything_is_found_without_the_cosigners_keys(
    packed: Any, top: Path, tmp_path: Path
) -> None:
    """He owns the database and the log's key, and rebuilds every hash, chain, cell, root, checkpoint and manifest."""
    forged, true = forging.play(forging.Book(lower_price)), forging.play(forging.Book())
    bare = notes.parse_note(forged.note(cosigners=()))
    own = forging.ours().signer("supervisor", 9, notes.COSIGNER)
    attempts = {
        "no cosignatures": bare,
        "one cosigner bribed": notes.parse_note(forged.note(cosigners=(forging.ours().supervisor,))),
        "cosigners of his own making": bare.with_lines([own.line(bare.text, 1)]),
    }
    for number, (name, note) in enumerate(attempts.items()):
        folder = packed(tmp_path / str(number), forged, note.render())
        assert found(folder, top, trust=False) == set(), "consistent in itself, so only the brought keys can tell"
        assert found(folder, top) == {"ledger/checkpoint.txt"}, name
    stolen = bare.with_lines(notes.parse_note(true.note()).lines[1:])
    with pytest.raises(packing.PackingFailed, match="does not hold"):
        packed(tmp_path / "stolen", forged, stolen.render())


def test_without_brought_keys_the_verdict_never_says_proven(top: Path) -> None:
    for name in ("archive", "ledger"):
        report = verify.verify(str(top / name))
        assert (report.findings, report.proven) == ([], False)
        assert verify.verify(str(top / name), str(top / "trust.txt")).proven


def test_a_forger_with_a_log_key_of_his_own_is_found(top: Path, tmp_path: Path) -> None:
    fake = forging.ours().signer(forging.ORIGIN, 9)
    book = forging.play(forging.Book(lower_price))
    keys = packing.PublicKeys([fake.key], [forging.ours().receipts.key], (), forging.ours().keys.certificates)
    streams = {name: items for name, items in book.items().items() if name != "centre"}
    folder = packing.write_archive(
        tmp_path / "a",
        main=forging.LOT,
        streams=streams,
        log=book.log(book.note((), fake)),
        keys=keys,
        signer=fake,
        files=forging.DOCUMENTS,
    )
    assert found(folder, top, trust=False) == set()
    assert {"manifest.sig", "ledger/checkpoint.txt"} <= found(folder, top)


@pytest.mark.parametrize("packed", [forging.archive, forging.ledger])
def test_an_older_ledger_shown_as_the_newest_is_found_with_a_kept_checkpoint(
    packed: Any, top: Path, tmp_path: Path
) -> None:
    """Cosigned and true in its day: only somebody who kept a later checkpoint can tell."""
    book = forging.play(forging.Book())
    older = packed(tmp_path / "older", book)
    assert found(older, top, after=True) == set()
    book.write("centre", "parties.person-registered", {"n": 2})
    book.tick()
    (tmp_path / "later.txt").write_text(book.note(), "utf-8")
    report = verify.verify(str(older), str(top / "trust.txt"), str(tmp_path / "later.txt"))
    assert [(item["file"], item["code"]) for item in report.findings] == [("ledger/checkpoint.txt", "older")]
    newer = packed(tmp_path / "newer", book)
    assert found(newer, top, after=True) == set()


@pytest.mark.parametrize("packed", [forging.archive, forging.ledger])
def test_a_second_history_is_found_with_a_kept_checkpoint(packed: Any, top: Path, tmp_path: Path) -> None:
    """Even one that all cosigners were tricked into signing."""
    forged = forging.play(forging.Book(lower_price))
    for extra in (0, 3):
        for _ in range(extra):
            forged.tick()
        folder = packed(tmp_path / str(extra), forged)
        assert found(folder, top) == set()
        report = verify.verify(str(folder), str(top / "trust.txt"), str(top / "newest.txt"))
        assert {item["code"] for item in report.findings} == {"forked"}


def test_a_wrong_signature_of_a_person_is_named_by_entry(top: Path, tmp_path: Path) -> None:
    """The platform cannot put an act into the mouth of somebody whose key it does not hold."""

    class Liar(forging.Book):
        def write(self, stream: str, kind: str, body: dict[str, Any], person: int | None = None) -> Any:
            ours = forging.ours()
            true = ours.signature
            if kind == "opening.report-signed":
                ours.signature = lambda person, act, nonce: (  # type: ignore[method-assign]
                    true(1, act, nonce) | {"certificate": ours.names[person]}
                )
            try:
                return super().write(stream, kind, body, person)
            finally:
                ours.signature = true  # type: ignore[method-assign]

    with pytest.raises(packing.PackingFailed, match=r"streams/lot-.*#6: the signature does not hold"):
        forging.archive(tmp_path / "a", forging.play(Liar()))
