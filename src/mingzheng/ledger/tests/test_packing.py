"""What is packed proves itself; what would not is never left behind."""

import argparse
import json
from pathlib import Path

import pytest

from mingzheng.kernel import digest
from mingzheng.ledger import notes, packing, receipts, verify, verify_command
from mingzheng.ledger.tests import forging


@pytest.fixture
def book() -> forging.Book:
    return forging.play(forging.Book())


def test_the_same_book_gives_the_same_bytes(book: forging.Book, tmp_path: Path) -> None:
    one, two = (forging.archive(tmp_path / name, book) for name in ("one", "two"))
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert all((one / path).read_bytes() == (two / path).read_bytes() for path in files)
    assert {"README.txt", "verify.py", "keys.json", "manifest.sig"} <= {path.name for path in files}


def test_an_archive_holds_every_file_size_and_digest_in_its_manifest(book: forging.Book, tmp_path: Path) -> None:
    folder = forging.archive(tmp_path / "a", book)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    listed = {item["path"]: (item["size"], item["digest"]) for item in manifest["files"]}
    there = {
        path.relative_to(folder).as_posix(): verify.hash_file(path, digest.current())
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert listed == {path: found for path, found in there.items() if not path.startswith("manifest.")}
    assert (manifest["format"], manifest["stream"], manifest["log"]) == (verify.ARCHIVE, forging.LOT, forging.ORIGIN)


def test_a_checkpoint_that_does_not_cover_the_closing_entry_is_refused(book: forging.Book, tmp_path: Path) -> None:
    early = forging.play(forging.Book(), closing=False)
    with pytest.raises(packing.PackingFailed, match="does not cover"):
        forging.archive(tmp_path / "a", book, early.note())
    assert list(tmp_path.iterdir()) == []


def test_an_archive_without_its_closing_entry_or_a_document_is_never_left_behind(
    book: forging.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(packing.PackingFailed, match="cut off"):
        forging.archive(tmp_path / "a", forging.play(forging.Book(), closing=False))
    monkeypatch.delitem(forging.DOCUMENTS, "bids/018e-a.bid")
    with pytest.raises(packing.PackingFailed, match="closing entry lists: bids"):
        forging.archive(tmp_path / "a", book)
    assert list(tmp_path.iterdir()) == []


def test_documents_cannot_be_written_outside_the_folder(
    book: forging.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(forging.DOCUMENTS, "documents/../../x", b"x")
    with pytest.raises(packing.PackingFailed, match="not a path"):
        forging.archive(tmp_path / "a", book)


def test_an_existing_archive_is_not_overwritten(book: forging.Book, tmp_path: Path) -> None:
    forging.archive(tmp_path / "a", book)
    with pytest.raises(FileExistsError):
        forging.archive(tmp_path / "a", book)


def test_a_large_log_is_packed_with_anchors_instead_of_leaves(
    book: forging.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_LEAVES", 10)
    early = forging.play(forging.Book(), closing=False)
    streams = {name: items for name, items in book.items().items() if name != "centre"}
    folder = packing.write_archive(
        tmp_path / "a",
        main=forging.LOT,
        streams=streams,
        log=book.log(),
        keys=forging.ours().keys,
        signer=forging.ours().log,
        files=forging.DOCUMENTS,
        anchors=[early.note()],
    )
    assert not (folder / "ledger/leaves.bin").exists()
    kept = tmp_path / "kept.txt"
    for note, code in (
        (early.note(), None),
        (book.note(), None),
        (forging.play(forging.Book(), 2, closing=False).note(), "no-proof"),
    ):
        kept.write_text(note, "utf-8")
        codes = [item["code"] for item in verify.verify(str(folder), None, str(kept)).findings]
        assert codes == ([code] if code else [])


def test_a_whole_ledger_must_be_whole(book: forging.Book, tmp_path: Path) -> None:
    folder = forging.ledger(tmp_path / "whole", book)
    assert verify.verify(str(folder)).findings == []
    book.streams.pop("centre")
    with pytest.raises(packing.PackingFailed, match="has no entry: the ledger is not whole"):
        forging.ledger(tmp_path / "less", book)


def test_an_archive_holds_the_certificate_of_every_signature_in_it(
    book: forging.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = packing.PublicKeys([forging.ours().log.key], [forging.ours().receipts.key])
    monkeypatch.setattr(forging.ours(), "keys", bare)
    with pytest.raises(packing.PackingFailed, match=r"no certificate here to check this signature: (sha256|sm3):"):
        forging.archive(tmp_path / "a", book)
    report = verify.verify(str(forging.ledger(tmp_path / "ledger", book)))
    assert (report.signatures, report.findings) == (0, [])
    assert report.unchecked > 10


def test_a_sealed_entry_need_not_be_opened(book: forging.Book, tmp_path: Path) -> None:
    name = "sealed:00000001-0000-4000-8000-000000000000"
    book.streams[name] = [receipts.Written(entry.text) for entry in book.streams[name]]
    folder = forging.archive(tmp_path / "a", book)
    assert "inner" not in (folder / packing.stream_path(name)).read_text("utf-8")


def test_the_command_checks_folders_and_exports_the_live_ledger_without_a_path(
    book: forging.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    verify_command.add_arguments(parser)
    monkeypatch.setattr(verify_command, "_export", lambda folder: forging.ledger(folder, book))
    archive = forging.archive(tmp_path / "a", book)
    assert verify_command.run(parser.parse_args([str(archive)])) == 0
    assert verify_command.run(parser.parse_args([])) == 0
    (archive / "README.txt").write_text("x")
    assert verify_command.run(parser.parse_args([str(archive), "--json"])) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("✓")] == [
        "✓ 前后一致，来源未证明 / consistent, origin not proven"
    ] * 2
    assert json.loads(said[-1])["findings"][0]["file"] == "README.txt"


def test_an_archive_that_spans_a_change_of_keys_is_proven_and_the_old_keys_are_worth_nothing_after_it(
    book: forging.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old checkpoint and promises by the old keys, the newest by new ones: leaves are left out, as in a large log."""
    monkeypatch.setattr(packing, "MOST_LEAVES", 10)
    ours = forging.ours()
    new_log, new_receipts = ours.signer(forging.ORIGIN, 51), ours.signer(f"{forging.ORIGIN}/receipts", 52)
    early = forging.play(forging.Book(), closing=False)
    boundary, size = len(early.leaves), len(book.leaves)
    keys = packing.PublicKeys(
        [ours.log.key, new_log.key], [ours.receipts.key, new_receipts.key], ours.keys.cosigners, ours.keys.certificates
    )
    closing = book.streams[forging.LOT][-1]
    late = receipts.make_promise(new_receipts, closing.name, forging.ORIGIN, "2026-03-02T09:59:00.000000+08:00")
    streams = {name: items for name, items in book.items().items() if name != "centre"}

    def write(name: str, promises: list[str], signer: notes.NoteSigner = new_log) -> Path:
        return packing.write_archive(
            tmp_path / name, main=forging.LOT, streams=streams, log=book.log(book.note(signer=signer)), keys=keys,
            signer=signer, files=forging.DOCUMENTS, promises=promises, anchors=[early.note()],
        )  # fmt: skip

    trust = tmp_path / "trust.txt"
    cosigners = "".join(f"cosigner {one.key.vkey()}\n" for one in ours.cosigners)
    trust.write_text(
        f"log {ours.log.key.vkey()} to {boundary}\nlog {new_log.key.vkey()} from {boundary + 1}\n"
        f"receipts {ours.receipts.key.vkey()} to {boundary}\nreceipts {new_receipts.key.vkey()}\n{cosigners}",
        "utf-8",
    )
    kept = tmp_path / "kept.txt"
    kept.write_text(early.note(), "utf-8")
    found = verify.verify(str(write("true", [*book.promises()[:3], late])), str(trust), str(kept))
    assert (found.findings, found.proven, found.size) == ([], True, size)

    def codes(folder: Path) -> set[tuple[str, str]]:
        return {(item["file"], item["code"]) for item in verify.verify(str(folder), str(trust)).findings}

    stale = receipts.make_promise(ours.receipts, closing.name, forging.ORIGIN, "2026-03-02T09:59:00.000000+08:00")
    assert codes(write("stale promise", [stale])) == {("ledger/promises.jsonl", "retired")}
    assert codes(write("old log key", [], ours.log)) == {("ledger/checkpoint.txt", "retired")}
    changed = write("manifest", [])
    forging.reseal(changed, ours.log)
    assert codes(changed) == {("manifest.sig", "retired")}


@pytest.mark.parametrize(
    "term", ["from", "to x", "from 1 to", "to 5 from 1", "from 1 from 2", "to 5 x", "  to 99999999999999999"]
)
def test_a_term_out_of_form_makes_no_key_file(term: str, tmp_path: Path) -> None:
    (tmp_path / "trust.txt").write_text(f"log {forging.ours().log.key.vkey()} {term}\n", "utf-8")
    with pytest.raises(verify.Wrong):
        verify.read_trust(tmp_path / "trust.txt")
