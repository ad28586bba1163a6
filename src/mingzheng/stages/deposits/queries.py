"""What others may know of a deposit."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from mingzheng.stages.deposits import models


@dataclass(frozen=True, slots=True)
class DepositFacts:
    """One bidder's deposit: its way, money, and where its refund is: who holds it, since when, by which rule."""

    dealing: UUID
    lot: UUID
    way: str
    amount: Decimal
    received: Decimal
    state: str
    account: str
    paid_at: datetime | None
    payer_account: str
    guarantee_number: str
    guarantee_issuer: str
    refund_state: str
    refund_due: datetime | None
    refund_because: str
    refund_rule: str
    holder: str
    since: datetime | None
    interest: Decimal
    sent_at: datetime | None


HOLDERS = {"waiting": "招标人", "ready": "交易中心", "sent": "银行"}


def _facts(row: models.Deposit) -> DepositFacts:
    refund = getattr(row, "refund", None) if models.Refund.objects.filter(deposit=row).exists() else None
    state = "secured" if row.secured_at else ("partly" if row.received else "waiting")
    return DepositFacts(
        dealing=row.dealing, lot=row.lot, way=row.way, amount=row.wanted, received=row.received, state=state,
        account=row.account, paid_at=row.paid_at, payer_account=row.payer_account,
        guarantee_number=row.guarantee_number, guarantee_issuer=row.guarantee_issuer,
        refund_state=refund.state if refund else "", refund_due=refund.due if refund else None,
        refund_because=refund.because if refund else "", refund_rule=refund.rule if refund else "",
        holder=HOLDERS.get(refund.state, "") if refund else "",
        since=(refund.sent_at or refund.confirmed_at or refund.entitled_at) if refund else None,
        interest=refund.interest if refund else Decimal("0.00"), sent_at=refund.sent_at if refund else None,
    )  # fmt: skip


def deposit(dealing: UUID) -> DepositFacts | None:
    """The deposit of a dealing, None when nothing was begun."""
    row = models.Deposit.objects.filter(pk=dealing).first()
    return _facts(row) if row else None


def secured(dealing: UUID, at: datetime) -> bool:
    """Whether the full deposit or a good guarantee was there by `at`."""
    return models.Deposit.objects.filter(pk=dealing, secured_at__lte=at).exists()


def of_lot(lot: UUID) -> list[DepositFacts]:
    """All deposits of a lot (staff and owner after closing only: the caller asks the rule)."""
    return [_facts(row) for row in models.Deposit.objects.filter(lot=lot).order_by("dealing")]


def refunds_ready(at: datetime) -> list[UUID]:
    """Refunds to send now."""
    return list(models.Refund.objects.filter(state="ready", next_try__lte=at).values_list("id", flat=True)[:100])


def bank_cursor() -> int:
    row = models.BankCursor.objects.filter(pk=1).first()
    return row.number if row else 0
