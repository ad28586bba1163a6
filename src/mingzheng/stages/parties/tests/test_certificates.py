"""A further certificate for a person: before the last one ends, after a loss, by whom, and what stays as it was."""

import pytest
from django.conf import settings
from django.test import Client

from mingzheng.adapters.crypto.keyfile import PersonKey, open_key_file
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import commands, queries, rules
from mingzheng.stages.parties.tests.conftest import do, enter, enter_by_password, key_of, member, post, proof, whose

pytestmark = pytest.mark.django_db


def made(login, *, name="", **more):
    """A fresh key with a certificate of the deployment's authority, in the name of this person and its house."""
    one = member(login)
    return PersonKey(
        *ports.get("certificates").authority.issue_with_key(
            **{
                "subject_name": name or one.name, "organisation_name": one.house.name, "organisation_code": one.house.code,
                "person_id": str(whose(login)), "at": kernel_clock.now(), **more,
            }
        )
    )  # fmt: skip


def try_in(key):
    client = Client()
    return post(client, "/login/certificate", proof(client, key))


def colleague_of_jia():
    """A second person in the first bidder's house, without a certificate."""
    happened = commands.add_person(
        actor=SYSTEM, organisation=organisation_id("jia"), name="同事新", login="jia2", roles=["bidder"]
    )
    return happened.events[0].person


def test_a_person_renews_with_the_old_certificate_which_stays_good_until_it_is_put_out_of_use(people):
    fresh, client = made("jia"), enter("jia")
    answer = do(client, "parties.enrol_certificate", {"certificate": fresh.certificate}, "jia")
    assert answer.status_code == 200, answer.content
    assert try_in(key_of("jia")).status_code == 200
    assert try_in(fresh).status_code == 200
    assert "parties.certificate-enrolled" in [line.what for line in queries.login_history(whose("jia"))]

    old = key_of("jia").fingerprint
    text = ports.get("certificates").act_text("bidding.submit_bid", {"lot": "x"}, "nonce-0001")
    from mingzheng.adapters.crypto import acts

    signature = acts.sign_text(key_of("jia").private.reveal(), text)
    ended = do(enter("jia"), "parties.revoke_certificate", {"fingerprint": old, "reason": "换发"}, nonce="nonce-0002")
    assert ended.status_code == 200
    assert try_in(key_of("jia")).json()["refused"] == "certificate.revoked"
    assert try_in(fresh).status_code == 200
    acts.verify_act(text, signature, queries.certificate(old).pem)  # what was signed with it before is signed


def test_enrolling_is_signed_and_needs_a_certificate_login(people):
    fresh = made("jia")
    unsigned = do(enter("jia"), "parties.enrol_certificate", {"certificate": fresh.certificate})
    assert unsigned.json()["refused"] == "access.bad-signature"
    by_password = Client()
    enter_by_password("jia", by_password)
    refused = do(by_password, "parties.enrol_certificate", {"certificate": fresh.certificate})
    assert refused.json()["refused"] == "access.needs-certificate"
    page = by_password.get("/certificates")
    assert page.context["why"].code == "access.needs-certificate"
    assert "data-why" in page.content.decode()


def test_after_a_loss_a_colleague_or_the_account_office_enrols_what_names_the_person(people):
    lost = colleague_of_jia()
    named = made("jia", name="同事新", person_id=str(lost))
    fields = {"person": str(lost), "certificate": named.certificate}
    assert do(enter("yi"), "parties.enrol_certificate", fields, "yi").json()["refused"] == "access.not-yours"
    own = {"person": str(lost), "certificate": made("jia").certificate}  # nobody acts in a colleague's name
    answer = do(enter("jia"), "parties.enrol_certificate", own, "jia", "nonce-0002")
    assert answer.json()["refused"] == "parties.certificate-of-another-person"
    assert do(enter("jia"), "parties.enrol_certificate", fields, "jia", "nonce-0003").status_code == 200
    assert try_in(named).status_code == 200

    office = enter("secadmin")
    theirs = {"person": str(whose("yi")), "organisation": str(organisation_id("yi"))}
    wrong = theirs | {"certificate": made("yi", name="别人").certificate}
    answer = do(office, "parties.enrol_certificate", wrong, "secadmin", "nonce-0004")
    assert answer.json()["refused"] == "parties.certificate-of-another-person"
    house = made("yi", name=member("yi").house.name)  # an organisation's own certificate
    right = theirs | {"certificate": house.certificate}
    assert do(office, "parties.enrol_certificate", right, "secadmin", "nonce-0005").status_code == 200
    assert try_in(house).status_code == 200


def test_nobody_of_the_centre_but_the_account_office_enrols_for_others(people):
    fields = {"person": str(whose("witness")), "certificate": made("witness").certificate}
    for login in ("staff", "operator"):
        assert do(enter(login), "parties.enrol_certificate", fields, login).json()["refused"] == "access.not-yours"


def test_the_page_lists_own_and_colleagues_certificates_and_tells_in_time_that_the_last_one_ends(people, clock):
    colleague_of_jia()
    client = enter("jia")
    page = client.get("/certificates")
    assert [one["mine"] for one in page.context["certificates"]] == [True]
    assert page.context["ending"] is None
    assert [name for _, name in page.context["colleagues"]] == ["同事新（jia2）"]
    last = queries.certificate(key_of("jia").fingerprint).not_after
    days = settings.MINGZHENG_CERTIFICATE_NOTICE_DAYS
    clock.set(last)
    clock.forward(days=-days, seconds=-1)
    assert enter("jia").get("/certificates").context["ending"] is None
    clock.forward(seconds=1)
    client = enter("jia")
    assert client.get("/certificates").context["ending"] == last
    assert "证书快到期了" in client.get("/account").content.decode()
    assert "登记新的数字证书" in client.get("/desk").content.decode()
    do(client, "parties.enrol_certificate", {"certificate": made("jia").certificate}, "jia")
    assert client.get("/certificates").context["ending"] is None
    assert "colleagues" not in enter("expert1").get("/certificates").context


def test_a_demos_counter_makes_a_key_file_that_can_be_enrolled(people):
    client = enter("expert1")
    short = client.post("/certificates/demo", {"key_password": "short"})
    assert (short.status_code, short.context["refused"].code) == (422, "key.password-too-short")
    answer = client.post("/certificates/demo", {"key_password": "a password of mine"})
    assert answer["Content-Disposition"].startswith('attachment; filename="expert1-')
    fresh = open_key_file(answer.content.decode(), "a password of mine")
    assert do(client, "parties.enrol_certificate", {"certificate": fresh.certificate}, "expert1").status_code == 200
    assert try_in(fresh).status_code == 200


def test_outside_a_demo_there_is_no_such_counter(people, settings):
    client = enter("jia")
    settings.SIMULATED = False
    assert client.post("/certificates/demo", {"key_password": "a password of mine"}).status_code == 404
    assert "demo-counter" not in client.get("/certificates").content.decode()


def test_a_name_is_compared_without_regard_to_width_and_spaces():
    rules.may_enrol_for_another("张 三", "张三", "甲公司", by_account_office=False)
    rules.may_enrol_for_another("Ｌｉ Ｍｉｎｇ", "Li Ming", "甲公司", by_account_office=False)
