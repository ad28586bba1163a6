"""Sessions: hidden in the database, fresh with every login, ended by time."""

import pytest
from django.db import connection
from django.test import Client

from mingzheng.kernel.actor import SYSTEM
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import commands, queries
from mingzheng.stages.parties.tests.conftest import enter, key_of, post, proof, whose

pytestmark = pytest.mark.django_db


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_the_database_holds_neither_session_keys_nor_who_is_logged_in(people):
    client = enter("jia")
    key = client.cookies["mz_session"].value
    with connection.cursor() as cursor:
        cursor.execute("select session_key, session_data from django_session")
        stored = repr(cursor.fetchall())
    assert key not in stored
    assert str(whose("jia")) not in stored


def test_a_login_gets_a_fresh_session_key(people):
    client = Client()
    body = proof(client, key_of("jia"))
    before = client.cookies["mz_session"].value
    assert post(client, "/login/certificate", body).status_code == 200
    assert client.cookies["mz_session"].value != before
    planted = Client()
    planted.cookies["mz_session"] = before
    assert planted.get("/account").status_code == 302


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_sessions_end_after_an_hour_of_rest_and_after_twelve_hours_at_all(people, real):
    client = enter("jia")
    real.forward(minutes=59)
    assert client.get("/account").status_code == 200
    real.forward(minutes=61)
    assert client.get("/account").status_code == 302
    assert queries.login_history(whose("jia"))[0].outcome == "idle"
    client = enter("yi")
    for _ in range(15):
        real.forward(minutes=47)
        assert client.get("/account").status_code == 200
    real.forward(minutes=47)
    assert client.get("/account").status_code == 302
    assert queries.login_history(whose("yi"))[0].outcome == "too-old"


def test_a_jump_of_the_demo_clock_logs_nobody_out(people, clock):
    client = enter("jia")
    clock.forward(days=25)
    assert client.get("/account").status_code == 200


def test_logging_out_ends_the_session_for_a_copied_cookie_too(people):
    client = enter("jia")
    copy = Client()
    copy.cookies["mz_session"] = client.cookies["mz_session"].value
    assert copy.get("/account").status_code == 200
    assert client.post("/logout").status_code == 302
    assert copy.get("/account").status_code == 302
    assert queries.login_history(whose("jia"))[0].outcome == "left"


def test_somebody_of_two_organisations_chooses_one_after_a_password_login(people, real):
    commands.add_person(actor=SYSTEM, organisation=organisation_id("ding"), name="兼任", login="both", roles=["bidder"])
    person = queries.person_by_login("both")
    from mingzheng.ledger.writing import acting_as
    from mingzheng.stages.parties import models

    with acting_as("test"):
        row = models.Membership.objects.get(person=person, role="member")
        for role in ("member", "bidder"):
            models.Membership.objects.create(
                person_id=person, organisation_id=organisation_id("wu"), role=role, granted_at=row.granted_at
            )
    secret = people["jia"].totp_secret
    commands.set_password(actor=SYSTEM, person=person, password=people["jia"].password)
    commands.begin_totp(actor=SYSTEM, person=person, secret=secret)
    commands.confirm_totp(actor=SYSTEM, person=person)
    import pyotp

    client = Client()
    answer = client.post(
        "/login/password",
        {"login": "both", "password": people["jia"].password, "code": pyotp.TOTP(secret).at(real())},
    )
    assert answer["Location"] == "/login/organisation"
    assert len(client.get("/login/organisation").context["houses"]) == 2
    client.post("/login/organisation", {"organisation": str(organisation_id("wu"))})
    assert client.get("/account").context["actor"].organisation == organisation_id("wu")
    assert client.post("/login/organisation", {"organisation": str(organisation_id("jia"))}).status_code == 409


def test_after_one_login_the_pages_open_without_a_second(people):
    client = enter("water")
    for path in ("/account", "/authorisations", "/account"):
        assert client.get(path).status_code == 200
