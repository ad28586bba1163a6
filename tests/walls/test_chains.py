"""After the whole journey: every chain verifies, every reader can be drawn again, the archive proves itself elsewhere."""

import json
import shutil
import subprocess
import sys

import pytest
from django.db import connection
from tests.played import played

from mingzheng.kernel import digest as digests
from mingzheng.ledger import reading, verify
from mingzheng.ledger.tree import leaf_hash
from mingzheng.stages.archiving import queries as archiving

kept_archived, archived = played("archived")


def _rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"select row_to_json(t)::text from {table} t")
        return sorted(_without_keys(json.loads(row[0])) for row in cursor.fetchall())


def _without_keys(row):
    """A row as text, without surrogate keys; hidden columns are compared by what they hold elsewhere."""
    return json.dumps(
        {k: v for k, v in row.items() if k != "id" and not str(v).startswith("\\x")}, sort_keys=True, ensure_ascii=False
    )


def test_every_chain_in_the_database_holds_from_its_first_entry_to_its_head(archived):
    with connection.cursor() as cursor:
        cursor.execute("select stream, number, text, digest from ledger_entry order by stream, number")
        rows = cursor.fetchall()
        cursor.execute("select stream, number, head from ledger_chain")
        heads = {stream: (number, bytes(head)) for stream, number, head in cursor.fetchall()}
    before = {}
    for stream, number, text, digest in rows:
        told = json.loads(text)
        assert (told["stream"], told["number"]) == (stream, number)
        last = before.get(stream, (0, b"\0" * 32))
        assert number == last[0] + 1
        assert told["previous"] == digests.named(digests.current(), last[1])
        assert leaf_hash(text.encode()) == bytes(digest)
        before[stream] = (number, bytes(digest))
    assert before == heads
    assert len(rows) > 100


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("portal", ("portal_portallot", "portal_portalline", "portal_portalpaper", "portal_portalplan")),
        ("trail", ("parties_trailline",)),
    ],
)
def test_a_reader_dropped_and_drawn_again_is_the_same(archived, name, tables):
    before = {table: _rows(table) for table in tables}
    assert reading.rebuild(name) > 100
    assert {table: _rows(table) for table in tables} == before
    assert any(before.values())


def _verify(folder, *more):
    return subprocess.run(
        [sys.executable, "-I", "verify.py", *more], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.clause("RG-4.3-1")
def test_the_archive_verifies_in_another_folder_and_one_altered_entry_is_named_exactly(archived, tmp_path):
    found = archiving.file(archived.lot)
    assert (found.state, found.outcome) == ("ready", "awarded")
    folder = tmp_path / "elsewhere"
    shutil.copytree(found.path, folder)
    assert _verify(folder).returncode == 0
    kinds = [
        json.loads(json.loads(line).get("inner") or json.loads(line)["text"])["kind"]
        for path in (folder / "ledger/streams").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    for stage in ("procedures.lot-registered", "tendering.notice-published", "bidding.bid-submitted", "bidding.bidding-closed", "opening.bids-read",
                  "evaluation.scores-committed", "evaluation.evaluation-finished", "award.award-decided", "award.contract-signed", "deposits.refund-sent", "archiving.file-closed"):  # fmt: skip
        assert stage in kinds, (stage, sorted(set(kinds)))
    main = folder / f"ledger/streams/lot-{archived.lot}.jsonl"
    lines = main.read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if "opening.bids-read" in line)
    lines[place] = lines[place].replace("168765432.34", "168765432.35", 1)
    main.write_text("\n".join(lines) + "\n", "utf-8")
    answer = _verify(folder)
    assert answer.returncode == 1
    findings = verify.verify(str(folder)).findings
    named = {(one["file"], one["entry"]) for one in findings if one["entry"]}
    assert (f"ledger/streams/lot-{archived.lot}.jsonl", place + 1) in named
    assert {entry for file, entry in named if file.endswith(f"lot-{archived.lot}.jsonl")} <= {place + 1, place + 2}


def test_of_two_runs_over_the_same_folder_both_say_the_same(archived, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(archiving.file(archived.lot).path, folder)
    first, second = _verify(folder), _verify(folder)
    assert (first.stdout, first.returncode) == (second.stdout, second.returncode)
