"""`mingzheng conformance` believes no claim that a test does not show."""

import argparse
import json
from pathlib import Path

import pytest
from checkouts import Checkout

from mingzheng.site.conformance import command, table


def conformance(checkout: Checkout, *options: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(["--table", str(checkout.table), *options]))


def test_a_met_clause_with_a_passing_test_is_believed(checkout: Checkout) -> None:
    assert conformance(checkout.claims(RG_1="met", RG_2="open").shows({"RG-1": {"test_a": "passed"}})) == 0


def test_a_met_clause_without_a_test_is_an_error(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    assert conformance(checkout.claims(RG_1="met").shows({})) == 1
    assert "RG-1 is called met, but no test carries it" in capsys.readouterr().out


@pytest.mark.parametrize("result", ["failed", "skipped"])
def test_a_met_clause_with_a_test_that_did_not_pass_is_an_error(
    checkout: Checkout, result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.claims(RG_1="met").shows({"RG-1": {"test_a": "passed", "test_b": result}})
    assert conformance(checkout) == 1
    assert f"RG-1 is called met, but test_b {result}" in capsys.readouterr().out


@pytest.mark.parametrize("state", ["open", "partly"])
def test_a_failing_test_of_a_clause_not_called_met_is_no_false_claim(checkout: Checkout, state: str) -> None:
    assert conformance(checkout.claims(RG_1=state).shows({"RG-1": {"test_a": "failed"}})) == 0


def test_a_device_clause_called_met_needs_a_test_too(checkout: Checkout) -> None:
    assert conformance(checkout.claims(RG_1="device met").shows({})) == 1


def test_missing_results_prove_nothing(checkout: Checkout) -> None:
    assert conformance(checkout.claims(RG_1="met")) == 1
    assert conformance(checkout.claims(RG_1="open")) == 0


def test_a_test_that_carries_a_clause_the_table_lacks_is_an_error(checkout: Checkout) -> None:
    assert conformance(checkout.claims(RG_1="open").shows({"RG-9": {"test_a": "passed"}})) == 1


def test_results_that_are_broken_are_named_and_not_believed(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.claims(RG_1="met").shows({"RG-1": {"test_a": "passed"}})
    checkout.results.write_text(checkout.results.read_text()[:-9])
    assert conformance(checkout) == 1
    assert str(checkout.results) in capsys.readouterr().err


def test_json_has_the_agreed_shape_and_nothing_else_is_on_stdout(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.claims(RG_1="met", RG_2="device outside", RG_3="met")
    checkout.shows({"RG-1": {"test_a": "passed"}, "RG-3": {"test_b": "skipped"}}, commit="c0ffee")
    assert conformance(checkout, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["commit"] == "c0ffee"
    assert told["clauses"] == [
        {"id": "RG-1", "kind": "software", "state": "met", "tests": ["test_a"], "passed": True},
        {"id": "RG-2", "kind": "device", "state": "outside", "tests": [], "passed": None},
        {"id": "RG-3", "kind": "software", "state": "met", "tests": ["test_b"], "passed": False},
    ]
    counted = {"clauses": 3, "met": 2, "partly": 0, "open": 0, "outside": 1, "tested": 2, "passed": 1, "wrong": 1}
    assert counted.items() <= told["totals"].items()
    assert told["totals"]["kinds"]["software"] == {"met": 2, "partly": 0, "open": 0, "outside": 0}


def test_the_tables_count_by_seed_and_by_area(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    assert conformance(checkout.claims(RG_1="open", RG_2="partly", ZB_1="open")) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    assert ["RG", "2", "0", "1", "1", "0", "0", "0"] in rows
    assert ["ZB", "1", "0", "0", "1", "0", "0", "0"] in rows
    assert ["opening", "3", "0", "1", "2", "0", "0", "0"] in rows


def test_suggest_lists_passing_clauses_that_nobody_called_met(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.claims(RG_1="open", RG_2="partly", RG_3="open", RG_4="met")
    passed, failed = {"test_a": "passed"}, {"test_b": "failed"}
    checkout.shows({"RG-1": passed, "RG-2": passed, "RG-3": passed | failed, "RG-4": passed})
    assert conformance(checkout, "--suggest") == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert listed == ["RG-1", "RG-2"]


@pytest.mark.parametrize(
    ("states", "problem"),
    [
        ({"RG_1": "outside"}, "outside is for device and organisation clauses only"),
        ({"RG_1": "done"}, "state 'done' is none of met, partly, open, outside"),
        ({"RG_1": "robot open"}, "kind 'robot' is none of software, device, organisation"),
        ({"XX_1": "open"}, "the id must begin with one of RG, GF, ZB, LN, SD"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused(
    checkout: Checkout, states: dict[str, str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert conformance(checkout.claims(**states)) == 1
    assert problem in capsys.readouterr().err


def test_a_clause_that_stands_in_the_table_twice_is_refused(checkout: Checkout) -> None:
    checkout.claims(RG_1="open")
    checkout.table.write_text(checkout.table.read_text() * 2)
    with pytest.raises(table.Wrong, match="RG-1: stands in the table twice"):
        table.load(checkout.table)


def test_partly_needs_a_note(checkout: Checkout) -> None:
    checkout.claims(RG_1="partly")
    checkout.table.write_text(checkout.table.read_text().replace("note: why", "note: ''"))
    with pytest.raises(table.Wrong, match="partly needs a note"):
        table.load(checkout.table)


def test_the_table_is_found_from_the_installed_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert table.place() == table.CHECKOUT / "docs" / "conformance.yaml"


def test_our_own_table_holds_the_676_clauses_of_the_five_standards() -> None:
    clauses = list(table.load(table.place()).values())
    by_seed = {seed: sum(clause.seed == seed for clause in clauses) for seed in table.SEEDS}
    by_kind = {kind: sum(clause.kind == kind for clause in clauses) for kind in table.KINDS}
    assert by_seed == {"RG": 89, "GF": 176, "ZB": 95, "LN": 190, "SD": 126}
    assert by_kind == {"software": 444, "device": 71, "organisation": 161}
    assert [clause.seed for clause in clauses] == sorted((clause.seed for clause in clauses), key=table.SEEDS.index)


def test_every_summary_of_our_table_is_its_own_and_short() -> None:
    summaries = [clause.summary for clause in table.load(table.place()).values()]
    assert len(set(summaries)) == len(summaries)
    assert not [summary for summary in summaries if not 6 <= len(summary.split()) <= 16]
