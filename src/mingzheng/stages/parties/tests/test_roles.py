"""Who may hold which role."""

from itertools import combinations

import pytest

from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.refusal import REFUSALS, Refused
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.site.demo.parties import organisation_id
from mingzheng.stages.parties import commands, queries, rules
from mingzheng.stages.parties.tests.conftest import do, enter, key_of, whose

pytestmark = pytest.mark.django_db


def grant(login: str, house: str, role: str):
    return commands.grant_role(actor=SYSTEM, person=whose(login), organisation=organisation_id(house), role=role)


@pytest.mark.clause("ZB-4.3.1-1", "LN-3.12")
def test_only_staff_of_the_centre_become_witnesses_and_the_grant_is_in_the_ledger(people):
    for login, house in (("agency2", "agency"), ("jia", "jia"), ("supervisor", "housing"), ("expert1", "pool")):
        with pytest.raises(Refused) as refused:
            grant(login, house, "witness")
        assert refused.value.code == "parties.witness-of-centre"
        assert {"ZB-4.3.1-1", "LN-3.12"} <= set(REFUSALS[refused.value.code].source.split("；"))
        assert "witness" not in queries.roles_of(whose(login))
    grant("staff", "centre", "witness")
    last = stream_entries(stored_stream(f"person:{whose('staff')}"))[-1]
    assert (last.kind, last.event.role) == ("parties.role-granted", "witness")
    witness = queries.person(whose("staff"))
    assert "witness" in witness.roles
    assert witness.organisation_name == "云州市公共资源交易中心"


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_a_witness_is_granted_through_the_door_by_the_security_administrator_alone(people):
    fields = {"person": str(whose("staff")), "organisation": str(organisation_id("centre")), "role": "witness"}
    for login in ("sysadmin", "auditor", "agency", "staff"):
        answer = do(enter(login), "parties.grant_role", fields, login)
        assert answer.status_code == 403
        assert answer.json()["refused"] == "access.not-yours"
    assert do(enter("secadmin"), "parties.grant_role", fields).json()["refused"] == "access.bad-signature"
    assert do(enter("secadmin"), "parties.grant_role", fields, "secadmin").status_code == 200
    outside = fields | {"person": str(whose("agency2")), "organisation": str(organisation_id("agency"))}
    answer = do(enter("secadmin"), "parties.grant_role", outside, "secadmin", "nonce-0002")
    assert answer.json()["refused"] == "parties.witness-of-centre"
    assert "ZB-4.3.1-1" in answer.json()["source"]
    assert key_of("secadmin").fingerprint


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_the_three_administrators_are_three_people(people):
    for login, role in (("sysadmin", "security_admin"), ("secadmin", "audit_admin"), ("auditor", "system_admin")):
        with pytest.raises(Refused) as refused:
            grant(login, "centre", role)
        assert refused.value.code == "parties.three-administrators"


def test_the_security_administrator_cannot_give_itself_a_role(people):
    client = enter("secadmin")
    fields = {"person": str(whose("secadmin")), "organisation": str(organisation_id("centre")), "role": "archivist"}
    assert do(client, "parties.grant_role", fields, "secadmin").json()["refused"] == "parties.not-oneself"


def test_a_staff_account_belongs_to_one_registered_operating_body(people):
    with pytest.raises(Refused) as refused:
        commands.add_person(
            actor=SYSTEM, organisation=whose("jia"), name="无主", login="nobody", roles=["centre_staff"]
        )
    assert refused.value.code == "parties.no-such-organisation"
    assert queries.person_by_login("nobody") is None
    with pytest.raises(Refused) as refused:
        grant("staff", "housing", "centre_staff")
    assert refused.value.code in ("parties.role-outside", "parties.not-member")
    for person in queries.people_with("centre_staff"):
        assert [o.kinds for o in queries.organisations_of(person.id)] == [("centre",)]


@pytest.mark.parametrize(
    ("held", "wanted"),
    [("witness", "supervisor"), ("supervisor", "expert"), ("centre_staff", "bidder"), ("agency", "bidder"),
     ("witness", "procuring_entity"), ("expert", "supervisor"), ("audit_admin", "centre_staff")],
)  # fmt: skip
def test_conflicting_roles_of_one_person_are_refused_both_ways_round(held, wanted):
    for one, other in ((held, wanted), (wanted, held)):
        with pytest.raises(Refused) as refused:
            rules.may_combine(one, {other})
        assert refused.value.code in ("parties.roles-conflict", "parties.three-administrators")
        assert REFUSALS[refused.value.code].source


def test_no_role_conflicts_with_itself_or_with_being_a_member():
    for role in rules.ROLES:
        rules.may_combine(role, {role, rules.MEMBER})


def test_every_two_administrators_exclude_each_other():
    for one, other in combinations(sorted(rules.ADMINISTRATORS), 2):
        with pytest.raises(Refused):
            rules.may_combine(one, {other})


def test_the_database_itself_keeps_the_administrators_apart(people):
    from django.db import IntegrityError, transaction

    from mingzheng.ledger.writing import acting_as
    from mingzheng.stages.parties import models

    with pytest.raises(IntegrityError), transaction.atomic(), acting_as("test"):
        models.Membership.objects.create(
            person_id=whose("auditor"), organisation_id=organisation_id("centre"), role="security_admin",
            granted_at=kernel_clock.now(),
        )  # fmt: skip


def test_a_withdrawn_role_is_gone_with_the_next_request(people):
    client = enter("archivist")
    assert "archivist" in client.get("/account").context["actor"].roles
    commands.withdraw_role(
        actor=SYSTEM, person=whose("archivist"), organisation=organisation_id("centre"), role="archivist", reason="调岗"
    )
    assert "archivist" not in client.get("/account").context["actor"].roles
    commands.withdraw_role(
        actor=SYSTEM, person=whose("archivist"), organisation=organisation_id("centre"), role="member", reason="离职"
    )
    assert client.get("/account").status_code == 302


def test_a_trading_party_adds_colleagues_in_its_own_role_and_nobody_else(people):
    client = enter("jia")
    fields = {"organisation": str(organisation_id("jia")), "name": "甲二", "login": "jia2"}
    assert do(client, "parties.add_person", fields).status_code == 200
    assert "bidder" in queries.roles_of(queries.person_by_login("jia2"))
    other = {"organisation": str(organisation_id("yi")), "name": "冒名", "login": "yi9"}
    assert do(client, "parties.add_person", other, nonce="nonce-0002").json()["refused"] == "access.not-yours"
    more = fields | {"login": "jia3", "roles": ["agency"]}
    assert do(client, "parties.add_person", more, nonce="nonce-0003").json()["refused"] == "access.not-yours"
