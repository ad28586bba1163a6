"""Entitlements to refunds, given inside the act that ends the need for the deposit."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings

from mingzheng.stages.deposits import events, models, rules
from mingzheng.stages.procedures import packs, periods
from mingzheng.stages.procedures import queries as procedures


def interest_until(row: models.Deposit, at: datetime) -> Decimal:
    """Interest on the money held, fixed when nothing more stands in the way: a repeated order must say the same sum."""
    if row.paid_at is None or not row.received:
        return Decimal("0.00")
    return rules.interest(row.received, Decimal(settings.MINGZHENG_DEPOSIT_RATE), row.paid_at, at)


def entitle_refunds(
    lot: UUID, *, because: str, rule: str, at: datetime, dealings: list[UUID] | None = None,
    needs_confirmation: bool = False,
) -> list[Any]:  # fmt: skip
    """Entitle deposits of these dealings (None: all of the lot) to go back; who has a refund already keeps it."""
    rows = models.Deposit.objects.filter(lot=lot, refund=None).exclude(secured_at=None, received=0)
    if dealings is not None:
        rows = rows.filter(pk__in=dealings)
    due = periods.deposit_refund(packs.pinned(procedures.lot(lot).pack), contract_signed=at, at=at).due or at
    happened: list[Any] = []
    for row in rows.order_by("dealing"):
        refund = models.Refund.objects.create(
            deposit=row, state="waiting" if needs_confirmation else "ready", because=because, rule=rule,
            entitled_at=at, due=due, next_try=at, interest=interest_until(row, at),
        )  # fmt: skip
        happened.append(
            events.RefundEntitled(
                dealing=row.dealing, lot=lot, refund=refund.id, principal=row.received, because=because, rule=rule,
                due=due, needs_confirmation=needs_confirmation,
            )
        )  # fmt: skip
    return happened
