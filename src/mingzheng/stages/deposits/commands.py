"""Paying, lodging, receiving and giving back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mingzheng.kernel import ports
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.money import yuan
from mingzheng.kernel.wording import label
from mingzheng.ledger import vault
from mingzheng.ledger.writing import command
from mingzheng.stages.deposits import changes, events, models, queries, rules
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import queries as tendering


def _dealing(actor: Actor, fields: dict[str, Any]) -> UUID | None:
    found = tendering.dealing(fields["lot"], actor.organisation) if actor.organisation else None
    return found.id if found else None


def _begun(actor: Actor, lot: UUID) -> models.Deposit:
    """The deposit row of the actor's dealing, locked; made at the first act."""
    assert actor.organisation is not None
    dealing = tendering.dealing(lot, actor.organisation)
    if dealing is None:
        raise rules.NOT_ENROLLED()
    tender = tendering.tender(lot)
    if not tender.deposit_amount:
        raise rules.NO_DEPOSIT_ASKED()
    models.Deposit.objects.get_or_create(dealing=dealing.id, defaults={"lot": lot, "wanted": tender.deposit_amount})
    return models.Deposit.objects.select_for_update().get(pk=dealing.id)


@act(by={"bidder"}, phases=("announced",), evidence=_dealing)
def open_account(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """The bidder asks for its own virtual account number for this deposit."""
    row = _begun(actor, lot)
    if "transfer" not in tendering.tender(lot).deposit_ways:
        raise rules.WAY_NOT_ALLOWED()
    if row.account:
        return []
    row.account = ports.get("bank").open_account(str(row.dealing))
    row.account_tag, row.way = vault.tag("account", row.account), "transfer"
    row.save()
    return [events.AccountOpened(dealing=row.dealing, lot=lot, account=row.account, amount=row.wanted)]


@act(by={"bidder"}, phases=("announced",), binds=True, evidence=_dealing)
def lodge_guarantee(*, actor: Actor, at: datetime, lot: UUID, number: str, issuer: str) -> events.GuaranteeLodged:
    """The bidder lodges a guarantee; the issuer is asked at once (BZ-03, BZ-07)."""
    row, tender = _begun(actor, lot), tendering.tender(lot)
    if "guarantee" not in tender.deposit_ways:
        raise rules.WAY_NOT_ALLOWED()
    deadline = procedures.clock(lot, "bid_deadline")
    assert deadline is not None
    needed = deadline.due + timedelta(days=tender.bid_validity_days)
    found = ports.get("bank").verify_guarantee(number, issuer)
    owner = parties.organisation(procedures.lot(lot).procuring_entity).name
    rules.own_guarantee(found.applicant, actor.organisation_name, found.beneficiary, owner)
    rules.good_guarantee(found.state, found.amount, found.valid_until, row.wanted, needed)
    if queries.guarantees_elsewhere(actor.organisation, row.dealing, number, issuer):
        raise rules.GUARANTEE_USED()
    row.way, row.guarantee_number, row.guarantee_issuer, row.guarantee_until = (
        "guarantee",
        number,
        issuer,
        found.valid_until,
    )
    row.secured_at = row.secured_at or at
    row.save()
    return events.GuaranteeLodged(
        dealing=row.dealing,
        lot=lot,
        number=number,
        issuer=issuer,
        amount=yuan(found.amount),
        valid_until=found.valid_until,
    )


@command(by={"system"})
def record_credit(
    *, actor: Actor, at: datetime, number: int, credit: str, account: str, amount: str, payer_name: str,
    payer_account: str, received_at: datetime,
) -> list[Any]:  # fmt: skip
    """The bank reports money; it counts for the deposit whose account it came to, at the bank's time."""
    models.BankCursor.objects.get_or_create(pk=1)
    cursor = models.BankCursor.objects.select_for_update().get(pk=1)
    if number <= cursor.number:
        return []
    cursor.number = number
    cursor.save()
    row = models.Deposit.objects.select_for_update().filter(account_tag=vault.tag("account", account)).first()
    if row is None:
        return []  # not one of ours: the bank's own reconciliation deals with it
    row.received, row.paid_at = row.received + yuan(amount), received_at
    models.Credit.objects.create(
        deposit=row, credit=credit, payer_name=payer_name, payer_account=payer_account, amount=yuan(amount),
        received_at=received_at,
    )  # fmt: skip
    deadline = procedures.clock(row.lot, "bid_deadline")
    in_time = deadline is None or received_at <= deadline.due
    enough = row.received >= row.wanted
    if enough and in_time and row.secured_at is None:
        row.secured_at = received_at
    row.save()
    late = row.refunds.exists()
    received = events.DepositReceived(
        dealing=row.dealing, lot=row.lot, credit=credit, amount=yuan(amount), payer_name=payer_name,
        payer_account=payer_account, received_at=received_at, enough=enough, in_time=in_time,
    )  # fmt: skip
    return [received, *(changes.give_back(row, "ready", label("退还开始后到账"), rules.LAW57, at) if late else [])]


@act(by={"procuring_entity", "agency"}, owner=True, binds=True, after_end=True)
def confirm_refund(*, actor: Actor, at: datetime, lot: UUID, dealing: UUID) -> list[Any]:
    """The owner confirms the winner's refund, and the release of its guarantee; only then is it sent (RG-7.6.2)."""
    found = models.Refund.objects.select_for_update().filter(deposit=dealing, deposit__lot=lot, state="waiting")
    rows = list(found.order_by("entitled_at", "id"))
    if not rows:
        raise rules.NOT_CONFIRMABLE()
    for row in rows:
        row.state, row.confirmed_at, row.next_try = "ready", at, at
        row.save()
    changes.fix_interest([row for row in rows if row.way == "transfer"], at)
    return [events.RefundConfirmed(dealing=dealing, lot=lot, refund=row.id) for row in rows]


@command(by={"system"})
def send_refund(*, actor: Actor, at: datetime, refund: UUID) -> list[Any]:
    """Order one refund at the bank: principal and interest, to the account it came from; safe to repeat.

    A guarantee is given back as it is: nothing is ordered.
    """
    row = models.Refund.objects.select_for_update().select_related("deposit").filter(pk=refund, state="ready").first()
    if row is None:
        return []
    deposit = row.deposit
    if row.way == "guarantee":
        row.state, row.sent_at = "sent", at
        row.save()
        return [
            events.GuaranteeReleased(
                dealing=deposit.dealing, lot=deposit.lot, refund=row.id, number=deposit.guarantee_number
            )
        ]
    paid = row.credits.order_by("received_at", "id")[0]
    receipt = ports.get("bank").refund(
        order=str(row.id), credit=paid.credit, to_account=paid.payer_account, principal=row.principal,
        interest=row.interest,
    )  # fmt: skip
    row.state, row.sent_at, row.serial = "sent", at, receipt.serial
    row.save()
    return [
        events.RefundSent(
            dealing=deposit.dealing, lot=deposit.lot, refund=row.id, serial=receipt.serial, principal=row.principal,
            interest=row.interest, sent_at=receipt.at,
        )
    ]  # fmt: skip


@command(by={"system"})
def put_off_refund(*, actor: Actor, at: datetime, refund: UUID) -> None:
    """The bank did not take the order: it is tried again with growing pauses, at most half a day (no event: transport)."""
    row = models.Refund.objects.select_for_update().filter(pk=refund, state="ready").first()
    if row is not None:
        row.tries += 1
        row.next_try = at + timedelta(minutes=min(2**row.tries, 720))
        row.save()


@act(by={"system"}, after_end=True)
def refund_after_termination(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """After a termination everybody's deposit goes back with interest (招标投标法实施条例 31)."""
    return changes.entitle_refunds(lot, because=label("招标终止"), rule="招标投标法实施条例 31", at=at)
