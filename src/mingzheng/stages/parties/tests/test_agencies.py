"""Agencies act only while authorised."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.refusal import Refused
from mingzheng.site.demo.parties import organisation_id, system_actor
from mingzheng.stages.parties import commands, queries
from mingzheng.stages.parties.tests.conftest import do, enter, new_house, whose

pytestmark = pytest.mark.django_db


def test_an_authorisation_counts_in_its_time_and_scope_and_not_a_second_longer(people, clock):
    house, _ = new_house(1, "agency")
    water, one, other = organisation_id("water"), uuid4(), uuid4()
    start = kernel_clock.now() + timedelta(hours=1)
    commands.authorise_agency(
        actor=system_actor("water"),
        agency=house,
        procedure=one,
        valid_from=start,
        valid_until=start + timedelta(days=1),
    )
    assert not queries.may_act_for(house, water, one, start - timedelta(seconds=1))
    assert queries.may_act_for(house, water, one, start)
    assert not queries.may_act_for(house, water, other, start)
    assert not queries.may_act_for(house, water, None, start)
    assert not queries.may_act_for(house, organisation_id("jia"), one, start)
    assert not queries.may_act_for(house, water, one, start + timedelta(days=1))


def test_a_revoked_authorisation_is_gone_at_once(people):
    water, agency = organisation_id("water"), organisation_id("agency")
    at = kernel_clock.now()
    queries.require_authorised(agency, water, None, at)
    client = enter("water")
    fields = {"authorisation": str(queries.authorisations(principal=water)[0].id), "reason": "合同终止"}
    assert do(client, "parties.revoke_authorisation", fields, "water").status_code == 200
    with pytest.raises(Refused) as refused:
        queries.require_authorised(agency, water, None, kernel_clock.now())
    assert refused.value.code == "parties.not-authorised"
    assert (
        do(client, "parties.revoke_authorisation", fields, "water", "nonce-0002").json()["refused"]
        == "parties.authorisation-gone"
    )


def test_a_double_click_authorises_once(people):
    client = enter("water")
    house, _ = new_house(2, "agency")
    fields = {"agency": str(house), "valid_until": "2027-01-01T00:00:00+08:00"}
    first = do(client, "parties.authorise_agency", fields, "water")
    again = do(client, "parties.authorise_agency", fields, "water")
    assert (first.json()["again"], again.json()["again"]) == (False, True)
    assert len(queries.authorisations(agency=house)) == 1
    assert [o.id for o in queries.principals_of(house, kernel_clock.now())] == [organisation_id("water")]


def test_only_the_procuring_entity_itself_authorises_and_only_agencies(people):
    fields = {"agency": str(organisation_id("agency")), "valid_until": "2027-01-01T00:00:00+08:00"}
    assert do(enter("agency"), "parties.authorise_agency", fields, "agency").json()["refused"] == "access.not-yours"
    wrong = fields | {"agency": str(organisation_id("jia"))}
    assert do(enter("water"), "parties.authorise_agency", wrong, "water").json()["refused"] == "parties.not-an-agency"
    past = fields | {"valid_until": "2026-03-01T00:00:00+08:00"}
    answer = do(enter("water"), "parties.authorise_agency", past, "water", "nonce-0002")
    assert answer.json()["refused"] == "parties.period-wrong"


def test_another_procuring_entity_cannot_take_it_back(people):
    house, person = new_house(3, "procuring_entity")
    theirs = queries.authorisations(principal=organisation_id("water"))[0].id
    with pytest.raises(Refused) as refused:
        commands.revoke_authorisation(
            actor=queries.actor_for(person, house, "system"), authorisation=theirs, reason="x"
        )
    assert refused.value.code == "parties.authorisation-gone"
    assert whose("water")
