"""A whole tender in the ledger: nothing happens without an entry, and no entry can be changed unseen."""

import json
import shutil
from pathlib import Path

import pytest
from django.db import connection
from tests.played import COSIGNERS, played

from mingzheng.ledger import notes, packing, proving, verify
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import changes, models
from mingzheng.stages.archiving import queries as archives
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.django_db
kept_archived, archived = played("archived")


@pytest.fixture(scope="module", autouse=True)
def suite():
    """The whole journey is played once, under the suite of the test run."""


KEY_EVENTS = (
    "tendering.notice-published", "bidding.bidding-closed", "opening.bids-read", "opening.opening-ended",
    "evaluation.evaluation-finished", "award.award-decided", "award.contract-signed", "archiving.file-closed",
)  # fmt: skip


def found_in(folder):
    """What the verifier names as wrong: (file, number of the entry, 0 for the file as a whole)."""
    return {(one["file"], one["entry"]) for one in verify.verify(str(folder)).findings}


@pytest.mark.clause("RG-4.3-1")
def test_every_change_of_state_has_its_entry_and_altering_any_one_is_found_exactly_there(archived, tmp_path):
    entries = stream_entries(f"lot:{archived.lot}")
    times = {entry.at for entry in entries}
    reached = procedures.reached(archived.lot)
    assert set(reached) >= {
        "registered",
        "announced",
        "opened",
        "evaluated",
        "publicity",
        "awarded",
        "contracted",
        "archived",
    }
    assert {phase: at for phase, at in reached.items() if at not in times} == {}

    folder = Path(archives.file(archived.lot).path)
    assert found_in(folder) == set()
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    path = copy / packing.stream_path(f"lot:{archived.lot}")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert entries[len(lines) - 1].kind == "archiving.file-closed"
    for number in (1, len(lines) // 2, len(lines) - 1):
        line = json.loads(lines[number - 1])
        line["text"] = line["text"].replace('"at":"2026', '"at":"2025', 1)
        spoilt = [*lines]
        spoilt[number - 1] = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        path.write_text("".join(spoilt), "utf-8")
        assert {entry for file, entry in found_in(copy) if file == packing.stream_path(f"lot:{archived.lot}")} - {
            0
        } == {number}


def test_key_events_stand_under_a_cosigned_checkpoint_with_a_proof_each_that_breaks_with_the_data(archived, tmp_path):
    entries = {entry.kind: entry for entry in stream_entries(f"lot:{archived.lot}")}
    head = proving.checkpoint()
    assert head is not None
    for kind in KEY_EVENTS:
        receipt = proving.receipt(entries[kind].stream, entries[kind].number)
        assert receipt is not None, kind
        path = tmp_path / f"{kind}.json"
        path.write_text(receipt, "utf-8")
        assert verify.verify(str(path)).findings == [], kind
        path.write_text(receipt.replace('\\"at\\":\\"2026', '\\"at\\":\\"2025', 1), "utf-8")
        assert verify.verify(str(path)).findings, kind


def cosign_everything():
    """What cosigners do every second on a running platform."""
    with connection.cursor() as cursor:
        cursor.execute("select size, note from ledger_checkpoint")
        for size, text in cursor.fetchall():
            note = notes.parse_note(text)
            note = note.with_lines([signer.line(note.text, 1_772_413_200) for signer in COSIGNERS])
            cursor.execute(
                "update ledger_checkpoint set note = %s, cosigned = %s where size = %s",
                [note.render(), [signer.key.name for signer in COSIGNERS], size],
            )


def test_the_archive_of_a_large_log_carries_the_last_checkpoint_of_each_day_in_the_place_of_leaves(
    archived, tmp_path, monkeypatch
):
    """Here every log beyond ten leaves is large; on a real platform one of four days is."""
    row, note = models.File.objects.get(pk=archived.lot), tmp_path / "kept.txt"
    monkeypatch.setattr(packing, "MOST_LEAVES", 10)
    cosign_everything()
    folder = tmp_path / "large"
    changes.pack(archived.lot, folder, row.streams, row.closing_number)
    assert not (folder / "ledger/leaves.bin").exists()
    kept = [
        json.loads(line)["checkpoint"] for line in (folder / "ledger/anchors.jsonl").read_text("utf-8").splitlines()
    ]
    sizes = [notes.parse_checkpoint(notes.parse_note(one).text).size for one in kept]
    assert len(kept) > 3 and sizes == sorted(set(sizes))
    trust = tmp_path / "trust.txt"
    trust.write_text(proving.trust(), "utf-8")
    for one in (kept[0], kept[-1], (folder / "ledger/checkpoint.txt").read_text("utf-8")):
        note.write_text(one, "utf-8")
        found = verify.verify(str(folder), str(trust), str(note))
        assert (found.findings, found.proven) == ([], True)
    with connection.cursor() as cursor:
        cursor.execute(
            "select note from ledger_checkpoint where size < %s and size <> all(%s) order by size desc limit 1",
            [sizes[-1], sizes],
        )
        note.write_text(cursor.fetchone()[0], "utf-8")
    assert [item["code"] for item in verify.verify(str(folder), str(trust), str(note)).findings] == ["no-proof"]
