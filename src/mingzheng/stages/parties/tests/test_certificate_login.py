"""Logging in with a certificate."""

from datetime import timedelta

import pytest
from django.test import Client

from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import commands, queries
from mingzheng.stages.parties.tests.conftest import do, enter, enter_by_password, key_of, post, proof, whose

pytestmark = pytest.mark.django_db


def try_in(key, client=None, **more):
    client = client or Client()
    return post(client, "/login/certificate", proof(client, key, **more))


def made_by(authority, login: str, **more) -> PersonKey:
    house = queries.organisation(queries.person(whose(login)).organisation)
    subject = {
        "subject_name": login, "organisation_name": house.name, "organisation_code": house.code,
        "person_id": str(whose(login)), "at": kernel_clock.now(),
    }  # fmt: skip
    return PersonKey(*authority.issue_with_key(**(subject | more)))


@pytest.mark.clause("RG-4.1-2")
def test_a_good_certificate_logs_in_and_every_other_way_is_refused_with_its_reason_and_written_down(people, clock):
    own = ports.get("certificates").authority
    client = enter("jia")
    assert client.get("/account").context["actor"].strength == "certificate"

    by_password = Client()
    assert enter_by_password("jia", by_password).status_code == 302
    refused = do(
        by_password, "parties.authorise_agency", {"agency": str(organisation_id("agency")), "valid_until": "2027-01-01"}
    )
    assert refused.status_code == 403
    refused = do(by_password, "parties.enrol_certificate", {"certificate": key_of("jia").certificate})
    assert refused.json()["refused"] == "access.needs-certificate"

    short = made_by(own, "jia", days=1)
    commands.enrol_certificate(
        actor=SYSTEM, certificate=short.certificate, person=whose("jia"), organisation=organisation_id("jia")
    )
    clock.forward(days=2)
    assert try_in(short).json()["refused"] == "certificate.expired"

    commands.revoke_certificate(actor=SYSTEM, fingerprint=key_of("jia").fingerprint, reason="密钥文件遗失")
    assert try_in(key_of("jia")).json()["refused"] == "certificate.revoked"

    stranger = made_by(own, "jia")  # a good certificate nobody enrolled
    assert try_in(stranger).json()["refused"] == "parties.certificate-not-enrolled"
    borrowed = PersonKey(key_of("yi").private, key_of("bing").certificate)  # another party's certificate, the own key
    assert try_in(borrowed).json()["refused"] == "signature.wrong"

    lines = [(line.what, line.outcome) for line in reversed(queries.login_history(whose("jia")))]
    tail = [line for line in lines if line[0] in ("parties.logged-in", "parties.login-refused")]
    assert tail == [
        ("parties.logged-in", ""), ("parties.logged-in", ""),
        ("parties.login-refused", "certificate.expired"), ("parties.login-refused", "certificate.revoked"),
    ]  # fmt: skip
    assert ("parties.login-refused", "signature.wrong") in [
        (line.what, line.outcome) for line in queries.login_history(whose("bing"))
    ]
    assert "parties.certificate-not-enrolled" in [line.outcome for line in queries.strangers()]


def test_a_certificate_of_another_organisation_cannot_be_enrolled(people):
    own = ports.get("certificates").authority
    foreign = made_by(own, "yi")
    client = enter("jia")
    answer = do(client, "parties.enrol_certificate", {"certificate": foreign.certificate}, "jia")
    assert answer.json()["refused"] == "parties.certificate-of-another"


@pytest.mark.clause("SD-3.4.2-2")
def test_certificates_of_two_authorities_log_in_and_a_third_is_refused(people, tmp_path, monkeypatch):
    port = ports.get("certificates")
    second = DemoAuthority.open(tmp_path / "second", kernel_clock.now() - timedelta(days=1))
    third = DemoAuthority.open(tmp_path / "third", kernel_clock.now() - timedelta(days=1))
    monkeypatch.setitem(port.__dict__, "trust", TrustStore([port.authority.certificate, second.certificate]))
    other = made_by(second, "jia")
    commands.enrol_certificate(
        actor=SYSTEM, certificate=other.certificate, person=whose("jia"), organisation=organisation_id("jia")
    )
    assert try_in(key_of("jia")).status_code == 200
    assert try_in(other).status_code == 200
    assert try_in(made_by(third, "jia")).json()["refused"] == "certificate.unknown-authority"
    assert sum(logins for _, logins, _ in queries.authorities()) == 2


def test_a_challenge_is_good_once_for_five_minutes_in_its_own_session(people, real):
    client = Client()
    challenge = client.get("/login/challenge").json()["challenge"]
    body = proof(client, key_of("jia"), challenge)
    assert post(Client(), "/login/certificate", body).json()["refused"] == "parties.challenge-gone"
    assert post(client, "/login/certificate", body).status_code == 200
    assert post(client, "/login/certificate", body).json()["refused"] == "parties.challenge-gone"
    late = Client()
    body = proof(late, key_of("jia"))
    real.forward(minutes=6)
    assert post(late, "/login/certificate", body).json()["refused"] == "parties.challenge-gone"


def test_a_challenge_signed_for_another_address_is_refused(people):
    assert try_in(key_of("jia"), origin="https://imitation.example").json()["refused"] == "signature.wrong"


def test_certificate_login_is_never_locked_out(people, real):
    for _ in range(6):
        enter_by_password("jia", Client(), password="wrong-password-1")
    for _ in range(6):
        assert try_in(PersonKey(key_of("yi").private, key_of("jia").certificate)).json()["refused"] == "signature.wrong"
    assert try_in(key_of("jia")).status_code == 200


def test_a_revoked_certificate_ends_its_open_session(people):
    client = enter("jia")
    commands.revoke_certificate(actor=SYSTEM, fingerprint=key_of("jia").fingerprint, reason="离职")
    assert client.get("/account").status_code == 302
    assert queries.login_history(whose("jia"))[0].outcome == "revoked"


def test_broken_login_posts_are_refused_without_a_fault(people):
    client = Client()
    for body in ({}, {"certificate": 7, "signature": "x"}, {"certificate": "x", "signature": "x"}, [], "x"):
        client.get("/login/challenge")
        assert post(client, "/login/certificate", body).status_code in (403, 422)


def test_login_goes_on_only_to_addresses_of_this_platform(people):
    client = Client()
    answer = post(client, "/login/certificate", proof(client, key_of("jia")) | {"next": "https://elsewhere.example/"})
    assert answer.json()["next"] == "/desk"
    client = Client()
    answer = post(client, "/login/certificate", proof(client, key_of("jia")) | {"next": "/account"})
    assert answer.json()["next"] == "/account"
