"""A guarantee counts once, for the bidder it was written for; whoever guesses another's number learns nothing."""

from datetime import timedelta

import pytest
from tests import journey
from tests.played import played

from mingzheng.kernel import ports
from mingzheng.stages.deposits import queries
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db
kept_announced, announced = played("announced")
ISSUER = "云州银行"


def _written(world, number, **named):
    ports.get("bank").issue_guarantee(
        number=number, issuer=ISSUER, amount=tendering.tender(world.lot).deposit_amount,
        valid_until=world.deadline + timedelta(days=400), **named,
    )  # fmt: skip


def _told(refused):
    return refused.code, refused.facts, refused.kind.status


def test_anothers_guarantee_is_answered_like_one_nobody_wrote(announced):
    world, jia, yi = announced, announced.cast.bidder, announced.cast.rival
    journey.enrol(world, jia, yi)
    owner = parties.organisation(procedures.lot(world.lot).procuring_entity).name
    _written(world, "BH-1", applicant=jia.organisation_name, beneficiary=owner)
    _written(world, "BH-2", applicant=yi.organisation_name, beneficiary="另一家招标人")
    act = {"lot": world.lot, "issuer": ISSUER}
    jia.do("deposits.lodge_guarantee", number="BH-1", **act)
    nothing = yi.refused("deposits.lodge_guarantee", number="BH-0", **act)
    assert _told(yi.refused("deposits.lodge_guarantee", number="BH-1", **act)) == _told(nothing)
    assert _told(yi.refused("deposits.lodge_guarantee", number="BH-2", **act)) == _told(nothing)
    dealing = tendering.dealing(world.lot, yi.organisation).id
    assert not queries.secured(dealing, world.clock())


def test_one_guarantee_does_not_secure_two_lots_of_the_same_bidder(announced):
    world, jia = announced, announced.cast.bidder
    journey.enrol(world, jia)
    _written(world, "BH-1")
    jia.do("deposits.lodge_guarantee", lot=world.lot, number="BH-1", issuer=ISSUER)
    jia.do("deposits.lodge_guarantee", lot=world.lot, number="BH-1", issuer=ISSUER)  # the same again is no other lot
    journey.register(world, name="另一个项目")
    journey.announce(world)
    journey.enrol(world, jia)
    refused = jia.refused("deposits.lodge_guarantee", lot=world.lot, number="BH-1", issuer=ISSUER)
    assert refused.code == "deposits.guarantee-used"
