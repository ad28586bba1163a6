"""A reduced rehearsal: four small tenders of our own, played by the command against a sandbox server of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mingzheng.ledger.verify import verify

SMALL = Path(__file__).with_name("small.jsonl")
pytestmark = pytest.mark.xdist_group("rehearsal")


@dataclass(frozen=True)
class Played:
    """What the command left behind."""

    status: int
    report: dict[str, Any]
    said: str

    def row(self, ocid: str) -> dict[str, Any]:
        return next(one for one in self.report["procedures"] if one["ocid"] == ocid)

    def entries(self, ocid: str, prefix: str = "") -> list[dict[str, Any]]:
        """Entries of an archive in the order of time, opened: at, kind, actor, body, signature, stream."""
        found = []
        for path in sorted(Path(self.row(ocid)["archive"], "ledger", "streams").glob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                outer = json.loads(row["text"])
                found.append({**outer, **(json.loads(row["inner"]) if row.get("inner") else {})})
        found.sort(key=lambda one: one["at"])
        return [one for one in found if one["stream"].startswith(prefix)]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Play once for all tests here."""
    folder = tmp_path_factory.mktemp("rehearsal")
    done = subprocess.run(
        [
            sys.executable, "-m", "mingzheng", "rehearse", "--ocds", str(SMALL), "--archives", str(folder / "archives"),
            "--report", str(folder / "report.json"),
        ],
        env={k: v for k, v in os.environ.items() if k not in ("MINGZHENG_STATE", "MINGZHENG_MODE", "DATABASE_URL")},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert (folder / "report.json").exists(), done.stderr
    return Played(done.returncode, json.loads((folder / "report.json").read_text("utf-8")), done.stderr)


def test_every_tender_comes_out_as_the_file_demands(played: Played) -> None:
    assert played.status == 0, played.said
    told = [
        (p["ocid"], p["bidders"], p["outcome"], p["winner"], p["winning_amount"]) for p in played.report["procedures"]
    ]
    assert told == [
        ("own-1-double", 3, "awarded", "p1", 80000.13),
        ("own-2-equal", 4, "awarded", "q2", 0.0),
        ("own-3-two", 2, "failed_few_bidders", None, None),
        ("own-4-rejected", 3, "failed_all_rejected", None, None),
    ]


def test_the_report_has_exactly_the_agreed_fields(played: Played) -> None:
    assert set(played.report) == {"procedures", "totals", "verify", "seconds"}
    for row in played.report["procedures"]:
        assert set(row) == {"ocid", "bidders", "outcome", "winner", "winning_amount", "entries", "archive"}
    assert played.report["verify"] == {"ok": True, "entries": sum(p["entries"] for p in played.report["procedures"])}
    assert [one["line"] for one in played.report["totals"]["skipped"]] == [3]


def test_every_archive_stays_and_verifies_without_the_server(played: Played) -> None:
    for row in played.report["procedures"]:
        found = verify(row["archive"], None, None)
        assert (found.findings, found.entries) == ([], row["entries"])


def test_a_spoilt_byte_of_a_rehearsed_archive_is_located(played: Played, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(played.row("own-3-two")["archive"], copy)
    stream = next((copy / "ledger" / "streams").glob("lot-*.jsonl"))
    content = bytearray(stream.read_bytes())
    content[len(content) // 2] ^= 1
    stream.write_bytes(bytes(content))
    findings = verify(str(copy), None, None).findings
    assert any(stream.name in str(one["file"]) for one in findings)


STAGES = (
    ("procedures.registration-submitted", "water"), ("procedures.registration-completed", "centre"),
    ("tendering.notice-published", "agency"), ("bidding.bidding-closed", None), ("opening.hall-opened", None),
    ("opening.bids-read", "agency"), ("opening.opening-ended", "agency"), ("evaluation.committee-announced", "agency"),
    ("evaluation.evaluation-finished", "pool"), ("award.candidates-published", "agency"),
    ("award.publicity-confirmed", "centre"), ("award.award-decided", "water"), ("award.notices-issued", "water"),
    ("award.contract-signed", "bidder"), ("archiving.file-closed", "centre"),
)  # fmt: skip


#: The public entry of an act whose actors are a secret before the result -> the entry that keeps actor and signed text.
OF_A_SECRET_ACT = {
    "evaluation.committee-announced": "evaluation.committee-formed", "evaluation.evaluation-finished": "evaluation.report-signed",
}  # fmt: skip


def _houses(entries: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Organisations by the part they play, as the entries themselves tell."""
    by_kind = {one["kind"]: one for one in entries}
    closed = by_kind["bidding.bidding-closed"]["body"]["bids"]
    return {
        "water": {by_kind["procedures.registration-submitted"]["body"]["procuring_entity"]},
        "agency": {by_kind["procedures.registration-submitted"]["body"]["agency"]},
        "centre": {by_kind["procedures.registration-completed"]["actor"]["organisation"]},
        "pool": {one["actor"]["organisation"] for one in entries if one["kind"] == "evaluation.scores-committed"},
        "bidder": {one["bidder"] for one in closed},
    }


@pytest.mark.clause("RG-3.1", "GF-4.1-2")
def test_a_lot_runs_online_from_registration_to_archive_with_state_actor_and_time_of_each_stage(played: Played) -> None:
    entries = played.entries("own-1-double")
    houses, earlier = _houses(entries), datetime.min
    for kind, house in STAGES:
        entry = next(one for one in entries if one["kind"] == kind)
        at = datetime.fromisoformat(entry["at"]).replace(tzinfo=None)
        assert at >= earlier, kind
        earlier = at
        if kind in OF_A_SECRET_ACT:  # who acted and what was signed stands in the committee's own chain, opened here
            (entry, *_) = [one for one in entries if one["kind"] == OF_A_SECRET_ACT[kind] and one["at"] == entry["at"]]
        if house is None:
            assert entry["actor"]["strength"] == "system", kind
        else:
            assert entry["actor"]["organisation"] in houses[house] and entry["signature"], kind
    assert (
        next(one for one in entries if one["kind"] == "procedures.registration-submitted")["body"]["channel"]
        == "online"
    )
    by_hand = [one for one in entries if one["actor"]["strength"] not in ("certificate", "system")]
    assert by_hand == [], "a step was taken outside the signed online acts"


@pytest.mark.clause("GF-8-1")
def test_owner_agency_bidders_and_experts_each_act_online_under_accounts_of_their_own(played: Played) -> None:
    entries = played.entries("own-1-double")
    houses = _houses(entries)
    people = {
        part: {one["actor"]["person"] for one in entries if one["actor"]["organisation"] in found}
        for part, found in houses.items()
    }
    assert len(people["pool"]) == 5 and len(people["bidder"]) == 3
    together = [person for found in people.values() for person in found]
    assert None not in together and len(together) == len(set(together))
    assert all(one["signature"] for one in entries if one["actor"]["strength"] == "certificate")


def test_the_replaced_bid_is_evidence_and_only_the_last_one_was_opened(played: Played) -> None:
    entries = played.entries("own-1-double")
    submitted = [one["body"] for one in entries if one["kind"] == "bidding.bid-submitted"]
    replaced = [one for one in submitted if one["replaces"]]
    assert len(submitted) == 4 and len(replaced) == 1
    closing = next(one for one in entries if one["kind"] == "bidding.bidding-closed")["body"]
    listed = {one["bid"] for one in closing["bids"]}
    assert replaced[0]["bid"] in listed and replaced[0]["replaces"] not in listed
    assert closing["bids"][-1]["bid"] == replaced[0]["bid"], "a replaced bid counts from its second submission"


def test_a_failed_tender_was_not_opened_and_everybody_has_the_deposit_back(played: Played) -> None:
    entries = played.entries("own-3-two")
    kinds = [one["kind"] for one in entries]
    assert (
        "opening.hall-opened" not in kinds
        and kinds.count("deposits.refund-entitled") + kinds.count("deposits.release-entitled") == 2
    )
    assert kinds.count("deposits.refund-sent") + kinds.count("deposits.guarantee-released") == 2
    assert next(one for one in entries if one["kind"] == "procedures.lot-failed")["body"]["cause"] == "few_bidders"


def test_no_price_stands_in_any_entry_before_the_reading_act(played: Played) -> None:
    for ocid in ("own-1-double", "own-4-rejected"):
        entries = played.entries(ocid)
        read = next(one for one in entries if one["kind"] == "opening.bids-read")
        prices = [row["summary"]["price"] for row in read["body"]["rows"]]
        earlier = json.dumps([one["body"] for one in entries if one["at"] < read["at"] and one["stream"] != "centre"])
        assert prices and not any(f'"{price}"' in earlier for price in prices if len(price) > 5)
