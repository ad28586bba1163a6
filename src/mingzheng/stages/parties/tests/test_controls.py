"""The checklist of network protection names real evidence."""

import ast
from datetime import date
from pathlib import Path

import pytest

from mingzheng.stages.parties.tests.conftest import do, enter
from mingzheng.stages.parties.web.controls import CLAUSES, CONTROLS, GROUPS

ROOT = Path(__file__).parents[5]


def marks_of(reference: str) -> set[str]:
    """The clause ids that the named test carries (KeyError-like failure when there is no such test)."""
    file, name = reference.split("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    found = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    calls = [one for one in found.decorator_list if isinstance(one, ast.Call)]
    return {a.value for one in calls for a in one.args if isinstance(a, ast.Constant)}


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_every_control_names_tests_that_exist_and_count_for_its_clauses():
    assert {control.group for control in CONTROLS} == set(GROUPS)
    for control in CONTROLS:
        assert control.tests
        for reference in control.tests:
            assert set(CLAUSES) <= marks_of(reference), reference


@pytest.mark.clause("ZB-4.4.2")
def test_the_checklist_shows_each_control_with_its_evidence_and_the_date_of_the_certificate(people):
    client = enter("sysadmin")
    fields = {
        "number": "CP-2026-001", "level": 3, "body": "云州网络安全测评中心", "issued": "2026-01-15", "valid_until": "2027-01-14",
    }  # fmt: skip
    assert do(client, "parties.record_assessment", fields, "sysadmin").status_code == 200
    page = client.get("/admin-system")
    text = page.content.decode()
    for control in CONTROLS:
        assert control.label in text
        assert control.tests[0].split("::")[1] in text
    assert page.context["assessments"][0]["issued"] == date(2026, 1, 15)
    assert "2026-01-15" in text
    again = do(client, "parties.record_assessment", fields, "sysadmin", "nonce-0002")
    assert again.json()["refused"] == "parties.assessment-known"
    wrong = do(client, "parties.record_assessment", fields | {"number": "x", "level": 9}, "sysadmin", "nonce-0003")
    assert wrong.json()["refused"] == "parties.assessment-wrong"


def test_only_the_system_administrator_records_an_assessment(people):
    fields = {"number": "CP", "level": 3, "body": "x", "issued": "2026-01-15", "valid_until": "2027-01-14"}
    for login in ("secadmin", "auditor", "staff"):
        assert do(enter(login), "parties.record_assessment", fields, login).json()["refused"] == "access.not-yours"
