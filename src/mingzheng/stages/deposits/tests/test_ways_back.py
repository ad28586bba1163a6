"""Money goes back to each account it came from, to the cent; a guarantee goes back as what it is."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from tests import journey
from tests.played import played
from tests.walls.looking import visitor

from mingzheng.kernel import clock, ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.award import queries as award
from mingzheng.stages.deposits import models, queries, rules
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db
kept_awarded, awarded = played("awarded", "awarded", three_bids={"guarantee": ("yi",)})

YUAN = st.decimals(min_value=Decimal("0"), max_value=Decimal("900000000"), places=6)


@given(st.lists(YUAN, max_size=12))
def test_shares_are_whole_cents_that_make_up_the_rounded_sum_and_none_is_a_cent_off(exact):
    shares = rules.split(exact)
    assert len(shares) == len(exact)
    assert sum(shares, Decimal(0)) == sum(exact, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    for share, wanted in zip(shares, exact, strict=True):
        assert share == share.quantize(Decimal("0.01"))
        assert abs(share - wanted) <= Decimal("0.01")


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 400)), min_size=1, max_size=6),
    st.decimals("0", "0.05", places=4),
)
def test_the_interest_of_several_payments_is_what_one_rounding_of_all_gives(paid, rate):
    back = datetime(2026, 9, 1, 9, 0, tzinfo=clock.UTC8)
    exact = [rules.exact_interest(Decimal(c) / 100, rate, back - timedelta(days=days), back) for c, days in paid]
    assert sum(rules.split(exact), Decimal(0)) == rules.cents(sum(exact, Decimal(0)))
    if len(paid) == 1:
        assert rules.split(exact) == [
            rules.interest(Decimal(paid[0][0]) / 100, rate, back - timedelta(days=paid[0][1]), back)
        ]


@given(st.lists(st.integers(0, 10**9), max_size=6), st.randoms())
def test_the_order_of_payments_changes_no_sum(cents, random):
    exact = [Decimal(c) / 1000 for c in cents]
    shuffled = list(exact)
    random.shuffle(shuffled)
    assert sum(rules.split(exact), Decimal(0)) == sum(rules.split(shuffled), Decimal(0))


def _dealing(world, login):
    return tendering.dealing(world.lot, world.cast.by_login(login).organisation).id


def _told(world, login, *kinds):
    entries = stream_entries(stored_stream(f"dealing:{_dealing(world, login)}"))
    return [one.event for one in entries if one.kind in kinds]


def _paid_from_two_accounts(world):
    """Jia pays a third from one account, then the rest from another and, later, one cent more from the first."""
    cast, bank = world.cast, ports.get("bank")
    jia = cast.by_login("jia")
    journey.enrol(world, *cast.bidders[:3])
    journey.pay(world, *cast.bidders[1:3])
    account = jia.do("deposits.open_account", lot=world.lot).event.account
    wanted = tendering.tender(world.lot).deposit_amount
    third = (wanted / 3).quantize(Decimal("0.01"))
    parts = (("6222000000000001", third), ("6222000000000002", wanted - third), ("6222000000000001", Decimal("0.01")))
    for number, (payer, amount) in enumerate(parts):
        bank.pay(account=account, payer_name=f"{jia.organisation_name} {number}", payer_account=payer, amount=amount)
        world.settle("deposits.jobs.read_bank")
        world.clock.forward(days=1)
    return wanted, third


@pytest.mark.clause("RG-7.6.1-2")
def test_a_deposit_paid_from_two_accounts_goes_back_to_each_what_came_from_it(lot_at):
    world = lot_at("announced")
    wanted, third = _paid_from_two_accounts(world)
    assert queries.deposit(_dealing(world, "jia")).state == "secured"
    world.cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    world.clock.forward(days=3)
    world.settle("refund_all_when_terminated", "send_refunds")
    sent = _told(world, "jia", "deposits.refund-sent")
    bank = ports.get("bank")
    back = {bank.refund_state(str(one.refund)).to_account: one for one in sent}
    assert set(back) == {"6222000000000001", "6222000000000002"}
    assert back["6222000000000001"].principal == third + Decimal("0.01")
    assert back["6222000000000002"].principal == wanted - third
    assert sum(one.principal for one in sent) == wanted + Decimal("0.01")
    began = models.Refund.objects.filter(deposit=_dealing(world, "jia")).values_list("entitled_at", flat=True)[0]
    rate = Decimal(settings.MINGZHENG_DEPOSIT_RATE)
    exact = [
        rules.exact_interest(one.amount, rate, one.received_at, began)
        for one in models.Credit.objects.filter(deposit=_dealing(world, "jia"))
    ]
    assert len(exact) == 3
    assert sum(one.interest for one in sent) == rules.cents(sum(exact, Decimal(0))) > 0


def test_money_that_comes_after_refunds_began_goes_back_too(lot_at):
    world = lot_at("announced")
    _paid_from_two_accounts(world)
    account = queries.deposit(_dealing(world, "jia")).account
    world.cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    world.settle("send_refunds")
    ports.get("bank").pay(account=account, payer_name="甲", payer_account="6222000000000003", amount=Decimal("7.00"))
    world.settle("deposits.jobs.read_bank", "send_refunds")
    last = _told(world, "jia", "deposits.refund-sent")[-1]
    assert last.principal == Decimal("7.00")
    assert ports.get("bank").refund_state(str(last.refund)).to_account == "6222000000000003"


@pytest.mark.clause("RG-7.6.2-2")
def test_the_winners_guarantee_is_shown_and_released_as_an_instrument_not_as_money(awarded):
    world = awarded
    world.clock.forward(days=7)
    world.cast.owner.do("award.offer_contract", lot=world.lot)
    world.cast.by_login("yi").do("award.sign_contract", lot=world.lot, contract=award.award(world.lot).contract)
    (entitled,) = _told(world, "yi", "deposits.refund-entitled", "deposits.release-entitled")
    assert (entitled.number, entitled.needs_confirmation) == (journey.guarantee_number(world, "yi"), True)
    assert not hasattr(entitled, "principal")
    (way,) = queries.deposit(_dealing(world, "yi")).refunds
    assert (way.way, way.state, way.principal) == ("guarantee", "waiting", 0)

    text = visitor(world.cast.owner).get(f"/lots/{world.lot}/refunds").content.decode()
    money, instruments = text.split('id="instruments"')
    assert (
        journey.guarantee_number(world, "yi") in instruments
        and "等待招标人确认解除" in instruments
        and "确认解除" in instruments
    )
    assert world.cast.by_login("yi").organisation_name not in money
    assert "0.00" not in instruments

    world.settle("send_refunds")
    assert _told(world, "yi", "deposits.guarantee-released") == []
    world.cast.owner.do("deposits.confirm_refund", lot=world.lot, dealing=_dealing(world, "yi"))
    world.settle("send_refunds")
    assert [one.number for one in _told(world, "yi", "deposits.guarantee-released")] == [
        journey.guarantee_number(world, "yi")
    ]
    assert _told(world, "yi", "deposits.refund-sent") == []
