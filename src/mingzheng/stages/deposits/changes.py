"""Entitlements to refunds, given inside the act that ends the need for the deposit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.stages.deposits import events, models
from mingzheng.stages.procedures import packs, periods
from mingzheng.stages.procedures import queries as procedures


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
            entitled_at=at, due=due, next_try=at,
        )  # fmt: skip
        happened.append(
            events.RefundEntitled(
                dealing=row.dealing, lot=lot, refund=refund.id, principal=row.received, because=because, rule=rule,
                due=due, needs_confirmation=needs_confirmation,
            )
        )  # fmt: skip
    return happened
