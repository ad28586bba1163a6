"""Tenders that end otherwise: too few bidders, all rejected, terminated; a calendar nobody has announced yet."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.conf import settings
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.kernel import clock as kernel_clock
from mingzheng.ledger import proving, sequencing
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import queries as archiving
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.tendering import queries as tendering

kept_announced, announced = played("announced")
kept_opened, opened = played("opened")  # used last: while it is played, the other lot's deadline passes


def _refunds(world, *logins):
    found = {}
    for login in logins:
        stream = stored_stream(f"dealing:{tendering.dealing(world.lot, world.cast.by_login(login).organisation).id}")
        found[login] = [
            one.event
            for one in stream_entries(stream)
            if one.kind in ("deposits.refund-sent", "deposits.guarantee-released")
        ]
    return found


def _failed(world):
    return next(one.event for one in stream_entries(f"lot:{world.lot}") if one.kind == "procedures.lot-failed")


def test_two_bidders_are_too_few_nothing_is_opened_deposits_go_back_and_a_new_tender_names_the_failed_one(announced):
    world = announced
    journey.three_bids(world, *world.cast.bidders[:2], guarantee=())
    world.at(world.deadline)
    world.settle()
    assert (world.facts.standing, world.facts.cause, _failed(world).cause) == ("failed", "few_bidders", "few_bidders")
    assert opening.opening(world.lot) is None
    assert bidding.closing(world.lot).enough is False
    assert {login: len(sent) for login, sent in _refunds(world, "jia", "yi").items()} == {"jia": 1, "yi": 1}
    assert world.cast.agency.refused("opening.start_decryption", lot=world.lot).code == "procedures.lot-ended"
    failed = world.lot
    journey.archive(world)
    assert archiving.file(failed).outcome == "failed"
    journey.register(world, retender_of=failed)
    assert world.facts.retender_of == failed
    journey.announce(world)
    assert world.phase == "announced"


def test_a_lot_without_any_bidder_fails_too(announced):
    announced.at(announced.deadline)
    announced.settle()
    assert (announced.facts.standing, announced.facts.cause) == ("failed", "few_bidders")


def test_a_lot_that_neither_failed_nor_ended_cannot_be_tendered_again(announced):
    with pytest.raises(Exception) as refused:
        journey.register(announced, retender_of=announced.lot)
    assert refused.value.code == "procedures.not-retenderable"


def test_a_terminated_tender_gives_deposits_back_with_interest_and_names_nobody(announced):
    world = announced
    journey.three_bids(world)
    world.clock.forward(days=9)
    world.cast.owner.do("procedures.terminate_lot", lot=world.lot, reason="项目调整", basis="招标投标法实施条例 31")
    world.settle()
    sent = _refunds(world, "jia", "yi", "bing")
    amount = tendering.tender(world.lot).deposit_amount
    interest = (amount * Decimal(settings.MINGZHENG_DEPOSIT_RATE) * 9 / 360).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert [(one.principal, one.interest) for one in (*sent["jia"], *sent["yi"])] == [(amount, interest)] * 2
    assert len(sent["bing"]) == 1
    public = "".join(one.text for one in stream_entries(f"lot:{world.lot}"))
    assert world.cast.bidder.organisation_name not in public
    assert str(world.cast.bidder.organisation) not in public
    for login in ("staff", "water", "supervisor"):
        _, page = looking.fetched(looking.visitor(world.cast.by_login(login)), f"/lots/{world.lot}/refunds")
        assert world.cast.bidder.organisation_name.encode() not in page, login
    world.at(world.deadline)
    world.settle()
    assert bidding.closing(world.lot) is None
    journey.archive(world)
    assert archiving.file(world.lot).outcome == "terminated"


@pytest.mark.clause("GF-6.5.6-1")
def test_a_lot_suspended_in_mid_decryption_goes_on_at_the_same_step_with_the_time_it_had_left(announced):
    world = announced
    journey.three_bids(world)
    journey.close(world)
    journey.decrypt(world, "jia")
    world.clock.forward(minutes=10)
    left = world.due("decryption_ends") - world.clock.moment
    world.cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="机房断电", basis="GF-6.5.6")
    world.clock.forward(days=2)
    offer = world.offers["yi"]
    assert (
        offer.player.refused("opening.release_key", lot=world.lot, bid=offer.bid, content_key=offer.key).code
        == "procedures.lot-suspended"
    )
    world.cast.supervisor.do("procedures.resume_lot", lot=world.lot, decision="供电恢复")
    resumed = next(one for one in stream_entries(f"lot:{world.lot}") if one.kind == "procedures.lot-resumed")
    assert (resumed.event.decision, resumed.actor["person"]) == ("供电恢复", str(world.cast.supervisor.person))
    assert opening.opening(world.lot).phase == "decryption"
    assert world.due("decryption_ends") - world.clock.moment == left
    journey.decrypt(world, "yi", "bing")
    journey.read(world)


def test_a_year_whose_calendar_is_not_announced_is_never_a_reason_to_refuse(world):
    """Played across the turn into 2028: its holidays are unknown, so every period is provisional and nothing is refused."""
    world.clock.set(datetime(2027, 12, 6, 9, 0, tzinfo=kernel_clock.UTC8))
    until = datetime(2029, 1, 1, tzinfo=kernel_clock.UTC8)
    world.cast.owner.do("parties.authorise_agency", agency=world.cast.agency.organisation, valid_until=until)
    for name, step in journey.STEPS[:7]:
        step(world)
        assert world.facts.standing == "running", name
    assert world.clock.moment.year == 2027
    ends = world.due("publicity_ends")
    assert ends > world.clock.moment
    sequencing.settle()
    assert proving.checkpoint(cosigned=False)


def test_when_all_bids_are_rejected_the_lot_fails_with_reasons_and_all_deposits_go_back(opened):
    world = opened
    journey.evaluate(world, reject=("jia", "yi", "bing"))
    world.settle()
    assert (world.facts.standing, world.facts.cause) == ("failed", "all_rejected")
    assert {login: len(sent) for login, sent in _refunds(world, "jia", "yi", "bing").items()} == {
        "jia": 1,
        "yi": 1,
        "bing": 1,
    }
    journey.archive(world)
    assert archiving.file(world.lot).outcome == "failed"
