"""A failed lot is tendered again: found from its page, filled in, and linked both ways."""

import pytest
from tests import journey
from tests.journey import REGISTRATION
from tests.walls import looking

from mingzheng.stages.procedures import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(lot_at):
    """A lot its owner terminated, and its agency."""
    world = lot_at("announced")
    world.cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    world.settle()
    world.kept["failed"] = world.lot
    return world


def lot_page(world, player, lot):
    return looking.visitor(player).get(f"/lots/{lot}").content.decode()


def test_the_agency_finds_it_on_the_lots_page_and_the_form_is_filled_in(failed):
    earlier = failed.kept["failed"]
    address = f"/procedures/new?retender_of={earlier}"
    assert address in lot_page(failed, failed.cast.agency, earlier)
    assert address not in lot_page(failed, failed.cast.bidder, earlier)
    form = looking.visitor(failed.cast.agency).get(address)
    assert form.context["again"].id == earlier
    text = form.content.decode()
    for said in (REGISTRATION["name"], REGISTRATION["approval"], "土建及安装", "186000000", f'value="{earlier}"'):
        assert said in text


def test_the_new_lot_and_the_failed_one_link_to_each_other(failed):
    earlier = failed.kept["failed"]
    journey.register(failed, retender_of=earlier, name="云州市第二污水处理厂扩建工程（第二次）")
    later = failed.lot
    assert queries.lot(later).retender_of == earlier
    link_back, link_on = f'原标段：<a href="/lots/{earlier}">', f'已重新招标：<a href="/lots/{later}">'
    assert link_back in lot_page(failed, failed.cast.agency, later)
    here = lot_page(failed, failed.cast.agency, earlier)
    assert link_on in here
    assert "/procedures/new?retender_of=" not in here
    procedure = looking.visitor(failed.cast.agency).get(f"/procedures/{failed.procedure}").content.decode()
    assert link_back in procedure
    public = looking.visitor(None).get(f"/lots/{earlier}").content.decode()
    assert str(later) not in public, "a registration is nobody's business before its notice"
    journey.announce(failed)
    assert link_on in looking.visitor(None).get(f"/lots/{earlier}").content.decode()
    assert link_back in looking.visitor(None).get(f"/lots/{later}").content.decode()


def test_a_running_lot_anothers_lot_and_no_lot_are_refused_by_form_and_act_alike(lot_at, failed):
    cast, earlier = failed.cast, failed.kept["failed"]
    journey.register(failed)
    running = failed.lot
    lots = [{"name": "一标段", "estimate": journey.ESTIMATE, "retender_of": str(running)}]
    refused = cast.owner.refused("procedures.submit_registration", content=REGISTRATION, lots=lots)
    assert refused.code == "procedures.not-retenderable"
    form = looking.visitor(cast.agency).get(f"/procedures/new?retender_of={running}")
    assert (form.context["again"], form.context["refused"].code) == (None, "procedures.not-retenderable")

    school = cast.by_login("school")
    lots[0]["retender_of"] = str(earlier)
    assert (
        school.refused("procedures.submit_registration", content=REGISTRATION, lots=lots).code
        == "procedures.no-such-lot"
    )
    form = looking.visitor(school).get(f"/procedures/new?retender_of={earlier}")
    assert (form.context["again"], form.context["refused"].code) == (None, "procedures.not-owner")
    lots[0]["retender_of"] = "x"
    assert (
        cast.owner.refused("procedures.submit_registration", content=REGISTRATION, lots=lots).code
        == "input.not-understood"
    )
    assert looking.visitor(cast.owner).get("/procedures/new?retender_of=x").context["again"] is None
