"""Entitlements to refunds, given inside the act that ends the need for the deposit."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from mingzheng.stages.deposits import events, models, rules
from mingzheng.stages.procedures import packs, periods
from mingzheng.stages.procedures import queries as procedures


def fix_interest(refunds: list[models.Refund], at: datetime) -> None:
    """Interest on the money of one deposit, fixed when nothing more stands in the way: a repeated order must say the
    same sum. It is rounded once for all accounts together and split so that not a cent is lost or made."""
    rate = Decimal(settings.MINGZHENG_DEPOSIT_RATE)
    exact = [
        sum((rules.exact_interest(c.amount, rate, c.received_at, at) for c in one.credits.all()), Decimal(0))
        for one in refunds
    ]
    for one, share in zip(refunds, rules.split(exact), strict=True):
        one.interest = share
        one.save()


def entitle_refunds(
    lot: UUID, *, because: str, rule: str, at: datetime, dealings: list[UUID] | None = None,
    needs_confirmation: bool = False,
) -> list[Any]:  # fmt: skip
    """Entitle deposits of these dealings (None: all of the lot) to go back; what has a way back already keeps it."""
    rows = models.Deposit.objects.filter(lot=lot)
    if dealings is not None:
        rows = rows.filter(pk__in=dealings)
    state = "waiting" if needs_confirmation else "ready"
    return [one for row in rows.order_by("dealing") for one in give_back(row, state, because, rule, at)]


def give_back(row: models.Deposit, state: str, because: str, rule: str, at: datetime) -> list[Any]:
    """A refund to each account that paid and has nothing back yet, and the guarantee's release."""
    due = periods.deposit_refund(packs.pinned(procedures.lot(row.lot).pack), contract_signed=at, at=at).due or at
    common: dict[str, Any] = {
        "state": state, "because": because, "rule": rule, "entitled_at": at, "due": due, "next_try": at,
    }  # fmt: skip
    told: dict[str, Any] = {"dealing": row.dealing, "lot": row.lot, "because": because, "rule": rule, "due": due}
    waits, money = state == "waiting", []
    happened: list[Any] = []
    for credits in _by_account(row).values():
        principal = sum((one.amount for one in credits), Decimal(0))
        refund = models.Refund.objects.create(deposit=row, way="transfer", principal=principal, **common)
        models.Credit.objects.filter(pk__in=[one.pk for one in credits]).update(refund=refund)
        money.append(refund)
        happened.append(events.RefundEntitled(refund=refund.id, principal=principal, needs_confirmation=waits, **told))
    fix_interest(money, at)
    if row.guarantee_number and not row.refunds.filter(way="guarantee").exists():
        refund = models.Refund.objects.create(deposit=row, way="guarantee", **common)
        happened.append(
            events.ReleaseEntitled(
                refund=refund.id, number=row.guarantee_number, issuer=row.guarantee_issuer,
                needs_confirmation=waits, **told,
            )
        )  # fmt: skip
    return happened


def _by_account(row: models.Deposit) -> dict[str, list[models.Credit]]:
    """Payments without a way back by paying account, in the order they came."""
    found: dict[str, list[models.Credit]] = {}
    for one in row.credits.filter(refund=None).order_by("received_at", "id"):
        found.setdefault(one.payer_account, []).append(one)
    return found
