"""The pytest plugin: which marked tests ran for which clause, alone and under xdist."""

import json

import pytest
from checkouts import Checkout

MIXED = """
@clause("RG-1", "RG-2")
def test_good(): pass

@clause("RG-2")
def test_bad(): assert False

@clause("RG-3")
@pytest.mark.skip
def test_not_run(): pass

@clause("RG-4")
@pytest.mark.xfail
def test_expected_to_fail(): assert False

@pytest.fixture
def breaks():
    yield
    raise RuntimeError

@clause("RG-5")
def test_breaks_afterwards(breaks): pass

def test_of_no_clause(): pass
"""
SHOWN = {
    "RG-1": {"tests/test_it.py::test_good": "passed"},
    "RG-2": {"tests/test_it.py::test_good": "passed", "tests/test_it.py::test_bad": "failed"},
    "RG-3": {"tests/test_it.py::test_not_run": "skipped"},
    "RG-4": {"tests/test_it.py::test_expected_to_fail": "skipped"},
    "RG-5": {"tests/test_it.py::test_breaks_afterwards": "failed"},
}
FIVE = {"RG_1": "open", "RG_2": "open", "RG_3": "open", "RG_4": "open", "RG_5": "open", "RG_6": "open"}


@pytest.mark.parametrize("workers", [(), ("-n", "2", "--dist", "loadgroup")], ids=["alone", "xdist"])
def test_a_run_of_everything_writes_every_result_by_clause(checkout: Checkout, workers: tuple[str, ...]) -> None:
    ran = checkout.claims(**FIVE).tests(MIXED).pytest(*workers)
    assert checkout.shown() == SHOWN, ran.stdout
    assert "clauses: 5 have tests here, 1 of them all passed" in ran.stdout


def test_the_file_has_the_agreed_shape(checkout: Checkout) -> None:
    checkout.claims(RG_1="open").tests("@clause('RG-1')\ndef test_a(): pass").pytest()
    assert json.loads(checkout.results.read_text()) == {
        "commit": None,
        "clauses": {"RG-1": [{"test": "tests/test_it.py::test_a", "result": "passed"}]},
    }


def test_a_test_of_a_group_is_named_without_its_group(checkout: Checkout) -> None:
    checkout.claims(RG_1="open").tests("@pytest.mark.xdist_group('one')\n@clause('RG-1')\ndef test_a(): pass")
    checkout.pytest("-n", "2", "--dist", "loadgroup")
    assert checkout.shown() == {"RG-1": {"tests/test_it.py::test_a": "passed"}}


def test_a_test_whose_worker_was_lost_is_not_passed(checkout: Checkout) -> None:
    checkout.claims(RG_1="open").tests("import os\n@clause('RG-1')\ndef test_a(): os._exit(3)\ndef test_b(): pass")
    checkout.pytest("-n", "2")
    assert checkout.shown()["RG-1"]["tests/test_it.py::test_a"] == "failed"


def test_nothing_of_an_earlier_run_stays(checkout: Checkout) -> None:
    checkout.claims(RG_1="open", RG_2="open").shows({"RG-2": {"tests/test_it.py::test_gone": "passed"}})
    checkout.tests("@clause('RG-1')\ndef test_a(): pass").pytest()
    assert list(checkout.shown()) == ["RG-1"]


def test_a_run_of_a_part_leaves_the_results_of_all_alone(checkout: Checkout) -> None:
    checkout.claims(RG_1="open").tests("@clause('RG-1')\ndef test_a(): assert False\ndef test_b(): pass").pytest()
    checkout.pytest("tests/test_it.py::test_b")
    checkout.pytest("-k", "test_b")
    assert checkout.shown() == {"RG-1": {"tests/test_it.py::test_a": "failed"}}


def test_a_run_of_all_marked_tests_counts_as_a_run_of_everything(checkout: Checkout) -> None:
    checkout.claims(RG_1="open").tests("@clause('RG-1')\ndef test_a(): pass\ndef test_b(): assert False")
    assert checkout.pytest("-m", "clause").returncode == 0
    assert checkout.shown() == {"RG-1": {"tests/test_it.py::test_a": "passed"}}


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(
    ("ids", "problem"),
    [
        ("'RG-1','RG-2','RG-3','RG-4','RG-5','RG-6'", "carries 6 clauses; a test carries one to 5"),
        ("", "carries 0 clauses"),
        ("'RG-9'", "there is no clause 'RG-9'"),
    ],
    ids=["six", "none", "unknown"],
)
def test_a_wrong_marker_stops_the_run(checkout: Checkout, ids: str, problem: str, workers: tuple[str, ...]) -> None:
    ran = checkout.claims(**FIVE).tests(f"@clause({ids})\ndef test_a(): pass").pytest(*workers)
    assert ran.returncode not in (0, 5)
    assert problem in ran.stdout
    assert "INTERNAL" not in ran.stdout + ran.stderr


def test_ids_of_class_and_test_count_together(checkout: Checkout) -> None:
    checkout.claims(**FIVE).tests(
        "@clause('RG-1','RG-2','RG-3')\nclass TestIt:\n  @clause('RG-4','RG-5','RG-6')\n  def test_a(self): pass"
    )
    assert "carries 6 clauses" in checkout.pytest().stdout


def test_run_first_runs_the_marked_tests_and_keeps_stdout_for_the_json(checkout: Checkout) -> None:
    checkout.claims(RG_1="met", RG_2="open").tests(
        "@clause('RG-1')\ndef test_a(): print('noise')\ndef test_b(): assert False"
    )
    ran = checkout.conformance("--run", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["clauses"][0] == {
        "id": "RG-1",
        "kind": "software",
        "state": "met",
        "tests": ["tests/test_it.py::test_a"],
        "passed": True,
    }


def test_tests_that_cannot_be_run_prove_nothing(checkout: Checkout) -> None:
    checkout.claims(RG_1="met").shows({"RG-1": {"test_a": "passed"}}).tests("import a_module_that_is_not_there")
    ran = checkout.conformance("--run", "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["clauses"][0]["passed"] is None
