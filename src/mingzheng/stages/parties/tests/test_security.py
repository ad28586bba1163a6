"""Attacks on the pages of parties."""

import pytest
from django.test import Client

from mingzheng.stages.parties import queries
from mingzheng.stages.parties.tests.conftest import enter, new_house

pytestmark = pytest.mark.django_db
PAGES = {
    "/account": None, "/authorisations": {"water", "agency"}, "/admin-system": {"sysadmin", "operator"},
    "/admin-security": {"secadmin"}, "/admin-audit": {"auditor"},
}  # fmt: skip


@pytest.mark.clause("GF-4.2.2-4", "ZB-4.4.2", "GF-9.7-4")
def test_every_page_opens_for_its_roles_alone(people):
    logins = (
        "water",
        "agency",
        "jia",
        "expert1",
        "staff",
        "witness",
        "supervisor",
        "sysadmin",
        "secadmin",
        "auditor",
        "operator",
    )
    for login in logins:
        client = enter(login)
        for path, allowed in PAGES.items():
            expected = 200 if allowed is None or login in allowed else 403
            assert client.get(path).status_code == expected, (login, path)
    for path in PAGES:
        assert Client().get(path)["Location"].startswith("/login?next=")


@pytest.mark.clause("GF-4.2.2-4")
def test_posts_without_the_csrf_token_change_nothing(people):
    client = Client(enforce_csrf_checks=True)
    for path in ("/login/password", "/logout", "/register", "/act/parties.register_organisation"):
        assert client.post(path, {"login": "jia"}).status_code == 403


@pytest.mark.clause("GF-4.2.2-4")
def test_markup_in_names_is_shown_as_text(people):
    _, person = new_house(9, "procuring_entity", address="<script>alert(1)</script>")
    from mingzheng.ledger.writing import acting_as
    from mingzheng.stages.parties import models

    with acting_as("test"):
        models.Person.objects.filter(pk=person).update(name="<script>alert(2)</script>")
    page = enter("secadmin").get("/admin-security").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(2)" in page
    typed = Client().get('/login?next="><script>alert(3)</script>').content.decode()
    assert "<script>alert" not in typed


@pytest.mark.clause("GF-4.2.2-4")
def test_sql_in_search_fields_finds_nothing_and_breaks_nothing(people):
    known = len(queries.people_with("member"))
    for text in ("' or '1'='1", "jia'; drop table parties_person; --", "%", "\\"):
        assert enter("secadmin").get("/admin-security", {"q": text}).context["people"] == []
        assert enter("auditor").get("/admin-audit", {"q": text}).context["lines"] == []
    assert enter("secadmin").get("/admin-security", {"q": "\x00"}).status_code == 400  # no form sends it
    assert len(queries.people_with("member")) == known


@pytest.mark.clause("GF-4.2.2-4")
def test_pages_forbid_foreign_scripts_frames_and_sniffing(people):
    answer = enter("jia").get("/account")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    cookie = enter("jia").cookies["mz_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
