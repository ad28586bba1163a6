"""The second way in: password and authenticator, for reading and drafts."""

import pyotp
import pytest
from django.test import Client

from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.refusal import Refused
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import queries, rules
from mingzheng.stages.parties.tests.conftest import do, enter, enter_by_password, whose

pytestmark = pytest.mark.django_db


def test_password_login_reads_and_binds_nothing(people, real):
    client = Client()
    assert enter_by_password("water", client).status_code == 302
    assert client.get("/authorisations").status_code == 200
    fields = {"agency": str(organisation_id("agency")), "valid_until": "2027-01-01T00:00:00+08:00"}
    answer = do(client, "parties.authorise_agency", fields)
    assert (answer.status_code, answer.json()["refused"]) == (403, "access.needs-certificate")
    assert (
        do(client, "parties.set_password", {"password": "another-2026"}).json()["refused"] == "access.needs-certificate"
    )


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_password_and_code_are_both_needed(people, real):
    for password, code in (("wrong-password-1", ""), ("", "000000"), ("", " ")):
        answer = enter_by_password("jia", Client(), password=password, code=code)
        assert answer.status_code == 403
        assert answer.context["refused"].code == "parties.login-failed"


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_a_code_is_good_once(people, real):
    assert enter_by_password("jia", Client()).status_code == 302
    assert enter_by_password("jia", Client()).status_code == 403
    real.forward(seconds=31)
    assert enter_by_password("jia", Client()).status_code == 302


@pytest.mark.clause("GF-4.2.2-4", "ZB-4.4.2", "GF-9.7-4")
def test_five_failures_in_fifteen_minutes_lock_the_password_way_for_fifteen(people, real):
    for _ in range(5):
        assert enter_by_password("jia", Client(), password="wrong-password-1").status_code == 403
    locked = enter_by_password("jia", Client())
    assert (locked.status_code, locked.context["refused"].code) == (429, "parties.login-locked")
    assert enter("jia").get("/account").status_code == 200
    real.forward(minutes=14, seconds=59)
    assert enter_by_password("jia", Client()).status_code == 429
    real.forward(seconds=2)
    assert enter_by_password("jia", Client()).status_code == 302


def test_an_unknown_name_is_answered_and_locked_exactly_like_a_known_one(people, real):
    known = [enter_by_password("jia", Client(), password="wrong-password-1") for _ in range(6)]
    unknown = [
        Client().post("/login/password", {"login": "stranger", "password": "wrong-password-1", "code": "123456"})
        for _ in range(6)
    ]
    for one, other in zip(known, unknown, strict=True):
        assert one.status_code == other.status_code
        assert one.context["refused"].code == other.context["refused"].code
    assert len(queries.strangers()) == 6


def test_failures_spread_over_more_than_fifteen_minutes_lock_nobody(people, real):
    for _ in range(9):
        assert enter_by_password("jia", Client(), password="wrong-password-1").status_code == 403
        real.forward(minutes=4)
    assert enter_by_password("jia", Client()).status_code == 302


def test_passwords_are_stored_as_scrypt_and_never_shown(people):
    from mingzheng.stages.parties import models

    for row in models.Credential.objects.all():
        assert row.password.startswith("scrypt$")
        assert people["jia"].password not in row.password


@pytest.mark.parametrize("password", ["short-1", "onlyletters", "1234567890", "zhao-2026-zhao"])
def test_weak_passwords_are_refused(password):
    with pytest.raises(Refused):
        rules.check_password(password, "zhao")


def test_a_new_authenticator_counts_only_after_a_code_confirmed_it(people, real):
    client = enter("jia")
    assert do(client, "parties.begin_totp", {}).status_code == 200
    secret = client.get("/account").context["waiting"]
    wrong = do(client, "parties.confirm_totp", {"code": "000000"}, nonce="nonce-0002")
    assert wrong.json()["refused"] == "parties.totp-wrong"
    assert enter_by_password("jia", Client()).status_code == 302  # the old one still counts
    code = pyotp.TOTP(secret).at(kernel_clock.real())
    assert do(client, "parties.confirm_totp", {"code": code}, nonce="nonce-0003").status_code == 200
    real.forward(seconds=31)
    assert enter_by_password("jia", Client()).status_code == 403
    assert enter_by_password("jia", Client(), code=pyotp.TOTP(secret).at(kernel_clock.real())).status_code == 302
    assert queries.totp_waiting(whose("jia")) == ""
