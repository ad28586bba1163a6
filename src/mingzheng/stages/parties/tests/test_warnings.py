"""Security warnings and the access log."""

import pytest
from django.test import Client

from mingzheng.ledger import reading, sequencing
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import queries
from mingzheng.stages.parties.tests.conftest import do, enter, whose

pytestmark = pytest.mark.django_db


@pytest.mark.clause("SD-3.6.3-4")
def test_a_bulk_view_of_experts_a_download_by_staff_and_a_conflicting_grant_each_raise_one_warning(people):
    client = enter("secadmin")
    for number in range(1, 5):
        client.get(f"/admin-security?q=expert{number}")
    assert queries.warnings() == []
    for number in (4, 5, 6):
        client.get(f"/admin-security?q=expert{number}")
    assert [w.kind for w in queries.warnings()] == ["sensitive_data_use"]

    enter("archivist").get(f"/lots/{whose('jia')}/archive.zip")
    assert [w.kind for w in queries.warnings()] == ["leak_channel", "sensitive_data_use"]

    fields = {"person": str(whose("witness")), "organisation": str(organisation_id("centre")), "role": "audit_admin"}
    assert do(client, "parties.grant_role", fields, "secadmin").json()["refused"] == "parties.roles-conflict"
    sequencing.settle()
    for _ in range(2):
        reading.follow()
    found = queries.warnings()
    assert sorted(w.kind for w in found) == ["leak_channel", "role_grant", "sensitive_data_use"]
    assert {w.person for w in found} == {whose("secadmin"), whose("archivist")}
    page = enter("auditor").get("/admin-audit").content.decode()
    for label in ("敏感数据使用", "易泄露渠道", "角色权限分配"):
        assert label in page


def test_every_request_of_a_supervisor_is_in_the_access_log(people):
    client = enter("supervisor")
    client.get("/account?tab=1")
    client.get("/admin-audit")
    lines = [(line.method, line.path) for line in queries.access_log(whose("supervisor"))]
    assert lines[:2] == [("GET", "/admin-audit"), ("GET", "/account?tab=1")]
    assert all(line.address == "127.0.0.1" and line.at for line in queries.access_log(whose("supervisor")))
    assert enter("auditor").get("/admin-audit?q=supervisor").context["accesses"]


def test_nobody_reads_what_a_bidder_or_an_expert_opened_but_themselves(people):
    client = enter("jia")
    client.get("/account")
    assert client.get("/account").context["accesses"]
    enter("expert1").get("/account")
    auditor = enter("auditor")
    for login in ("jia", "expert1"):
        assert auditor.get(f"/admin-audit?q={login}").context["accesses"] == []


def test_the_public_leaves_no_access_log(people):
    before = len(queries.access_log(whose("jia")))
    Client().get("/login")
    assert len(queries.access_log(whose("jia"))) == before


def test_the_access_log_is_kept_three_years_and_failures_half_an_hour(people, clock, real):
    from mingzheng.stages.parties.jobs import sweep

    enter("staff").get("/account")
    Client().post("/login/password", {"login": "nobody-here", "password": "x", "code": "1"})
    kept = len(queries.access_log(whose("staff")))
    clock.forward(days=3 * 365 - 1)
    real.forward(minutes=29)
    sweep()
    assert len(queries.access_log(whose("staff"))) == kept
    real.forward(minutes=2)
    clock.forward(days=2)
    assert sweep() >= kept + 1
    assert queries.access_log(whose("staff")) == []
