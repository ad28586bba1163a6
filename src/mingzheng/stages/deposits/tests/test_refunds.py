"""Deposits go back: to whom they came from, with interest, the winner's after the owner's word."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import OperationalError
from tests import journey
from tests.played import played

from mingzheng.adapters.bank.port import RefundRefused
from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.award import queries as award
from mingzheng.stages.deposits import commands, jobs, models, queries, rules
from mingzheng.stages.tendering import queries as tendering

kept_awarded, awarded = played("awarded")


def _dealing(world, login):
    return tendering.dealing(world.lot, world.cast.by_login(login).organisation).id


def _sent(world, login):
    entries = stream_entries(stored_stream(f"dealing:{_dealing(world, login)}"))
    return [one.event for one in entries if one.kind == "deposits.refund-sent"]


def _sign(world):
    world.clock.forward(days=7)
    world.cast.owner.do("award.offer_contract", lot=world.lot)
    assert world.cast.by_login("yi").organisation == award.award(world.lot).winner
    world.cast.by_login("yi").do("award.sign_contract", lot=world.lot, contract=award.award(world.lot).contract)


def _interest(world, login):
    """By hand: whole days at the configured yearly rate over 360, half up to the cent."""
    paid = queries.deposit(_dealing(world, login))
    days = (world.clock.moment.astimezone(clock.UTC8).date() - paid.paid_at.astimezone(clock.UTC8).date()).days
    exact = paid.received * Decimal(settings.MINGZHENG_DEPOSIT_RATE) * days / 360
    assert days > 20
    return exact.quantize(Decimal("0.01"), "ROUND_HALF_UP")


@pytest.mark.clause("RG-7.6.1-1", "RG-7.6.1-2")
def test_a_losers_deposit_goes_back_by_itself_with_interest_to_the_account_it_came_from_and_nowhere_else(awarded):
    world, bank = awarded, ports.get("bank")
    _sign(world)
    before = queries.deposit(_dealing(world, "jia"))
    assert (before.refund_state, before.received) == ("ready", tendering.tender(world.lot).deposit_amount)
    world.settle("send_refunds")
    (sent,) = _sent(world, "jia")
    assert (sent.principal, sent.interest) == (before.received, _interest(world, "jia"))
    paid = bank.refund_state(str(sent.refund))
    assert paid.to_account == journey.payer_account(world.cast.by_login("jia"))
    assert paid.amount == sent.principal + sent.interest
    row = models.Credit.objects.get(deposit=_dealing(world, "jia"))
    with pytest.raises(RefundRefused):
        bank.refund(
            order="another",
            credit=row.credit,
            to_account="6222000000000000",
            principal=row.amount,
            interest=Decimal(0),
        )
    again = bank.refund(
        order=str(sent.refund),
        credit=row.credit,
        to_account=row.payer_account,
        principal=sent.principal,
        interest=sent.interest,
    )
    assert again.serial == sent.serial
    assert commands.send_refund(actor=SYSTEM, key="pushed again", refund=sent.refund).events == ()
    assert len(_sent(world, "jia")) == 1
    released = [
        one.event
        for one in stream_entries(stored_stream(f"dealing:{_dealing(world, 'bing')}"))
        if one.kind == "deposits.guarantee-released"
    ]
    assert [one.number for one in released] == [journey.guarantee_number(world, "bing")]


@pytest.mark.clause("RG-7.6.2-1", "RG-7.6.2-2")
def test_the_winners_deposit_waits_for_the_owner_and_then_goes_back_by_itself(awarded):
    world = awarded
    _sign(world)
    waiting = queries.deposit(_dealing(world, "yi"))
    assert (waiting.refund_state, waiting.holder) == ("waiting", "招标人")
    assert (waiting.received, waiting.interest) == (tendering.tender(world.lot).deposit_amount, _interest(world, "yi"))
    world.settle("send_refunds")
    refund = models.Refund.objects.get(deposit=_dealing(world, "yi"))
    assert commands.send_refund(actor=SYSTEM, key="too early", refund=refund.id).events == ()
    assert ports.get("bank").refund_state(str(refund.id)) is None
    assert _sent(world, "yi") == []
    world.cast.owner.do("deposits.confirm_refund", lot=world.lot, dealing=_dealing(world, "yi"))
    world.settle("send_refunds")
    (sent,) = _sent(world, "yi")
    done = ports.get("bank").refund_state(str(refund.id))
    assert done.to_account == journey.payer_account(world.cast.by_login("yi"))
    assert (done.serial, done.principal) == (sent.serial, waiting.received)
    assert queries.deposit(_dealing(world, "yi")).refund_state == "sent"


def test_a_refund_the_bank_does_not_take_waits_and_holds_up_no_other(awarded, monkeypatch):
    world, bank = awarded, ports.get("bank")
    _sign(world)
    world.cast.owner.do("deposits.confirm_refund", lot=world.lot, dealing=_dealing(world, "yi"))
    order = str(models.Refund.objects.get(deposit=_dealing(world, "jia")).id)
    real = bank.refund

    def refuse(**wanted):
        if wanted["order"] == order:
            raise RefundRefused("closed-today")
        return real(**wanted)

    monkeypatch.setattr(bank, "refund", refuse)
    world.settle("send_refunds")
    assert (_sent(world, "jia"), len(_sent(world, "yi"))) == ([], 1)
    monkeypatch.setattr(bank, "refund", real)
    world.settle("send_refunds")
    assert _sent(world, "jia") == []  # not before its pause is over
    world.clock.forward(minutes=20)
    world.settle("send_refunds")
    assert len(_sent(world, "jia")) == 1


def test_interest_counts_days_of_the_centres_calendar_not_of_another_zone():
    morning = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # one in the morning of 2 March in China
    evening = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # eleven in the evening of the same day
    assert rules.interest(Decimal(800000), Decimal("0.0005"), morning, evening) == 0
    assert rules.interest(
        Decimal(800000), Decimal("0.0005"), morning, datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    ) == Decimal("1.11")


def test_only_the_owner_confirms_a_refund_and_only_once(awarded):
    _sign(awarded)
    dealing = _dealing(awarded, "yi")
    assert (
        awarded.cast.by_login("yi").refused("deposits.confirm_refund", lot=awarded.lot, dealing=dealing).code
        == "access.not-yours"
    )
    awarded.cast.owner.do("deposits.confirm_refund", lot=awarded.lot, dealing=dealing)
    assert (
        awarded.cast.owner.refused("deposits.confirm_refund", lot=awarded.lot, dealing=dealing).code
        == rules.NOT_CONFIRMABLE.code
    )


def test_a_database_that_does_not_answer_puts_no_refund_off(awarded, monkeypatch):
    world, bank = awarded, ports.get("bank")
    _sign(world)
    real = bank.refund

    def lost(**wanted):
        raise OperationalError("gone")

    monkeypatch.setattr(bank, "refund", lost)
    with pytest.raises(OperationalError):
        jobs.send_refunds()
    monkeypatch.setattr(bank, "refund", real)
    world.settle("send_refunds")
    assert len(_sent(world, "jia")) == 1
