"""The trail of an account."""

import pytest
from django.db import DatabaseError, connection, transaction

from mingzheng.ledger import reading, sequencing
from mingzheng.ledger.writing import COMMANDS
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import queries
from mingzheng.stages.parties.tests.conftest import do, enter, key_of, whose

pytestmark = pytest.mark.django_db


def sequence() -> None:
    sequencing.settle()
    while reading.advance(reading.READERS["trail"]):
        pass


@pytest.mark.clause("ZB-4.4.1-a-2", "ZB-4.4.2", "GF-9.7-4")
def test_a_query_by_account_returns_every_login_and_operation_with_time_address_and_object(people, clock):
    client = enter("witness")
    clock.forward(minutes=1)
    refused = do(
        client,
        "parties.grant_role",
        {"person": str(whose("staff")), "organisation": str(organisation_id("centre")), "role": "witness"},
    )
    assert refused.status_code == 403
    do(client, "parties.begin_totp", {}, nonce="nonce-0002")
    clock.forward(minutes=1)
    client.post("/logout")
    sequence()
    audit = enter("auditor")
    page = audit.get("/admin-audit?q=witness")
    lines = queries.trail(whose("witness"))
    latest = [(line.what, line.outcome) for line in reversed(lines)][-4:]
    assert latest == [
        ("parties.logged-in", ""), ("parties.grant_role", "access.not-yours"), ("parties.totp-begun", ""),
        ("parties.logged-out", "left"),
    ]  # fmt: skip
    assert all(line.at and line.object == f"person:{whose('witness')}" for line in lines)
    assert [line.address for line in lines[:4]] == ["127.0.0.1"] * 4
    assert len(page.context["lines"]) == len(lines)
    assert not [act for act in COMMANDS if "trail" in act or act.startswith(("ledger.delete", "ledger.update"))]
    for change in ("update ledger_entry set text = ''", "delete from ledger_entry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_trail_drawn_again_is_the_same(people):
    enter("witness").post("/logout")
    sequence()
    before = queries.trail(whose("witness"))
    reading.rebuild("trail")
    assert queries.trail(whose("witness")) == before


def test_nobody_but_the_audit_administrator_opens_the_trail(people):
    for login in ("sysadmin", "secadmin", "staff", "supervisor", "jia"):
        assert enter(login).get("/admin-audit?q=witness").status_code == 403
    assert enter("auditor").get("/admin-security").status_code == 403
    assert enter("auditor").get("/admin-system").status_code == 403
    assert enter("secadmin").get("/admin-system").status_code == 403


def test_a_bidders_refused_business_is_not_in_its_trail(people):
    """A refused bid in the trail would tell the audit administrator who bids."""
    client = enter("jia")
    do(client, "procedures.suspend_lot", {"lot": str(whose("jia")), "reason": "x", "basis": "x"}, "jia")
    sequence()
    assert not [line for line in queries.trail(whose("jia")) if not line.what.startswith("parties.")]


def test_bidders_and_experts_are_found_by_exact_name_only(people):
    page = enter("secadmin").get("/admin-security").content.decode()
    for login in ("jia", "yi", "expert1", "expert7"):
        assert people[login].name not in page
    found = enter("secadmin").get("/admin-security?q=jia").content.decode()
    assert people["jia"].name in found
    assert key_of("jia").fingerprint in found
