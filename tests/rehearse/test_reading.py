"""Reading OCDS releases: what counts as a bid, and what is said about everything else."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mingzheng.site.rehearse import command, ocds, report
from mingzheng.site.rehearse.play import Play


def release(*bids: Any, ocid: str = "x-1", **more: Any) -> dict[str, Any]:
    return {"ocid": ocid, "bids": {"details": list(bids)}, **more}


def bid(tenderer: Any, amount: Any, **more: Any) -> dict[str, Any]:
    return {"tenderers": [{"id": tenderer}], "value": {"amount": amount}, **more}


def file_of(folder: Path, *lines: Any, packed: bool = False) -> Path:
    path = folder / "file"
    content = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines).encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


@pytest.mark.parametrize(
    ("amount", "price"),
    [
        (0.1035048655063291, "0.10"),
        (2.005, "2.01"),
        (2.0049, "2.00"),
        (0.004, "0.00"),
        (7, "7.00"),
        ("1,234.5", "1234.50"),
    ],
)
def test_amounts_are_rounded_half_up_to_cents(tmp_path: Path, amount: Any, price: str) -> None:
    read = ocds.read(file_of(tmp_path, release(bid("a", amount))))
    assert [format(offer.price, "f") for offer in read.tenders[0].offers] == [price]


def test_a_second_bid_takes_the_place_of_the_first_and_comes_later() -> None:
    tender = ocds.tender_of(release(bid("a", 5), bid("b", 4), bid("a", 4)))
    assert [(o.bidder, o.price) for o in tender.standing] == [("b", Decimal("4.00")), ("a", Decimal("4.00"))]
    assert report.expected(tender) == ("failed_few_bidders", None)


def test_of_equal_lowest_prices_the_earlier_submission_should_win() -> None:
    tender = ocds.tender_of(release(bid("a", 9), bid("b", 4.001), bid("c", 4), bid("d", 4.004)))
    assert report.expected(tender) == ("awarded", "b")


def test_bids_the_file_calls_disqualified_cannot_win_and_withdrawn_ones_do_not_stand() -> None:
    tender = ocds.tender_of(
        release(bid("a", 1, status="disqualified"), bid("b", 4), bid("c", 5), bid("d", 2, status="withdrawn"))
    )
    assert report.expected(tender) == ("awarded", "b")
    assert [offer.bidder for offer in tender.standing] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "broken",
    [
        "no json", "[1, 2", "null", "17", {"bids": {"details": []}}, {"ocid": "x"}, {"ocid": 5, "bids": {"details": []}},
        {"ocid": "x", "bids": []}, {"ocid": "x", "bids": {"details": "none"}}, release(bid("a", None)), release("bid"),
        release({"tenderers": [], "value": {"amount": 1}}), release(bid("a", -1)), release(bid("a", "1e99")),
        release(bid("a", True)), release(bid("", 3)), release(bid({"id": 1}, 3)), '{"ocid":"x","bids":{"details":[{"tenderers":[{"id":"a"}],"value":{"amount":NaN}}]}}',
    ],
)  # fmt: skip
def test_a_release_that_cannot_be_played_is_skipped_with_its_reason(tmp_path: Path, broken: Any) -> None:
    read = ocds.read(file_of(tmp_path, broken, release(bid("a", 3), ocid="good")))
    assert [tender.ocid for tender in read.tenders] == ["good"]
    assert len(read.skipped) >= 1 and all(one.reason for one in read.skipped)


def test_one_unreadable_bid_is_left_out_and_named(tmp_path: Path) -> None:
    read = ocds.read(file_of(tmp_path, release(bid("a", 3), bid("b", "much"))))
    assert len(read.tenders[0].offers) == 1
    assert "bids.details[1]" in read.tenders[0].left_out[0]


def test_an_ocid_is_played_once(tmp_path: Path) -> None:
    read = ocds.read(file_of(tmp_path, release(), release()))
    assert (len(read.tenders), read.skipped[0].reason) == (1, "this ocid was played already")


@pytest.mark.parametrize("packed", [True, False])
def test_packages_records_and_lines_are_read_packed_or_plain(tmp_path: Path, packed: bool) -> None:
    one, two = release(bid("a", 3), ocid="1"), release(bid("a", 3), ocid="2")
    for lines in (
        [one, two], [{"releases": [one, two]}], [{"records": [{"compiledRelease": one}, {"compiledRelease": two}]}],
        [json.dumps([one, two], indent=1)],
    ):  # fmt: skip
        read = ocds.read(file_of(tmp_path, *lines, packed=packed))
        assert [tender.ocid for tender in read.tenders] == ["1", "2"], lines


def test_the_limit_counts_releases(tmp_path: Path) -> None:
    read = ocds.read(file_of(tmp_path, release(ocid="1"), "broken", release(ocid="3")), limit=2)
    assert ([tender.ocid for tender in read.tenders], len(read.skipped)) == (["1"], 1)


def test_names_are_made_fit_for_the_register() -> None:
    tender = ocds.tender_of(release({**bid("a\n\x00b", 3)}, ocid="\ud800", tender={"title": "x" * 500}))
    assert tender.offers[0].name == "a b"
    assert len(tender.title) <= 100
    tender.title.encode("utf-8")


def test_another_outcome_than_the_file_demands_is_a_problem() -> None:
    play = Play(ocds.tender_of(release(bid("a", 3), bid("b", 2), bid("c", 1))), 1, outcome="awarded", winner="a")
    report.judge(play)
    assert "should be awarded c" in play.problem
    made = report.make([play], [], 1.0)
    assert made["verify"]["ok"] is False and made["totals"]["problems"][0]["ocid"] == "x-1"


def test_a_suite_nobody_knows_is_refused_and_those_there_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit, match="2"):
        parser.parse_args(["--ocds", "none", "--suite", "GM-9"])
    assert "GM-1" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["--ocds", str(tmp_path / "gone"), "--archives", str(tmp_path / "a")])) == 2
    assert "gone" in capsys.readouterr().err
