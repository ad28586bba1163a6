"""What others may know of a deposit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from mingzheng.kernel.wording import label
from mingzheng.stages.deposits import models
from mingzheng.stages.tendering import queries as tendering


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """One way back: money to the account it came from (its last four digits), or the guarantee as an instrument."""

    id: UUID
    way: str
    state: str
    principal: Decimal
    interest: Decimal
    account_end: str
    due: datetime
    because: str
    rule: str
    holder: str
    since: datetime
    sent_at: datetime | None


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
    guarantee_number: str
    guarantee_issuer: str
    guarantee_until: datetime | None
    refund_state: str
    refund_due: datetime | None
    refund_because: str
    refund_rule: str
    holder: str
    since: datetime | None
    interest: Decimal
    sent_at: datetime | None
    refunds: tuple[RefundFacts, ...]


HOLDERS = {"waiting": label("招标人"), "ready": label("交易中心"), "sent": label("银行")}


def _refund(row: models.Refund) -> RefundFacts:
    paid = min(row.credits.all(), key=lambda one: (one.received_at, one.id), default=None)
    return RefundFacts(
        row.id, row.way, row.state, row.principal, row.interest, paid.payer_account[-4:] if paid else "", row.due,
        row.because, row.rule, HOLDERS[row.state], row.sent_at or row.confirmed_at or row.entitled_at, row.sent_at,
    )  # fmt: skip


def _facts(row: models.Deposit) -> DepositFacts:
    """The deposit as one thing: where several ways back stand differently, the one that is furthest behind speaks."""
    refunds = tuple(
        _refund(one) for one in sorted(row.refunds.all(), key=lambda one: (one.entitled_at, one.way, one.id))
    )
    behind = min(refunds, key=lambda one: list(HOLDERS).index(one.state), default=None)
    state = "secured" if row.secured_at else ("partly" if row.received else "waiting")
    return DepositFacts(
        dealing=row.dealing, lot=row.lot, way=row.way, amount=row.wanted, received=row.received, state=state,
        account=row.account, paid_at=row.paid_at, guarantee_number=row.guarantee_number,
        guarantee_issuer=row.guarantee_issuer, guarantee_until=row.guarantee_until,
        refund_state=behind.state if behind else "", refund_due=behind.due if behind else None,
        refund_because=behind.because if behind else "", refund_rule=behind.rule if behind else "",
        holder=behind.holder if behind else "", since=behind.since if behind else None,
        interest=sum((one.interest for one in refunds), Decimal("0.00")), sent_at=behind.sent_at if behind else None,
        refunds=refunds,
    )  # fmt: skip


def deposit(dealing: UUID) -> DepositFacts | None:
    """The deposit of a dealing, None when nothing was begun."""
    return deposits_of([dealing]).get(dealing)


def deposits_of(dealings: Iterable[UUID]) -> dict[UUID, DepositFacts]:
    """The deposits of many dealings at once; a dealing without one is not there."""
    rows = models.Deposit.objects.filter(pk__in=set(dealings)).prefetch_related("refunds__credits")
    return {row.dealing: _facts(row) for row in rows}


def guarantees_elsewhere(organisation: UUID | None, dealing: UUID, number: str, issuer: str) -> bool:
    """Whether the same organisation has this guarantee in another dealing and not back yet. Of others' nobody asks."""
    others = {one.id for one in tendering.dealings_of(organisation)} - {dealing}
    held = models.Deposit.objects.filter(pk__in=others).exclude(refunds__way="guarantee", refunds__state="sent")
    return any((one.guarantee_number, one.guarantee_issuer) == (number, issuer) for one in held)


def secured(dealing: UUID, at: datetime) -> bool:
    """Whether the full deposit or a good guarantee was there by `at`."""
    return models.Deposit.objects.filter(pk=dealing, secured_at__lte=at).exists()


def of_lot(lot: UUID) -> list[DepositFacts]:
    """All deposits of a lot (staff and owner after closing only: the caller asks the rule)."""
    return [
        _facts(row)
        for row in models.Deposit.objects.filter(lot=lot).order_by("dealing").prefetch_related("refunds__credits")
    ]


def refunds_ready(at: datetime) -> list[UUID]:
    """Refunds to send now."""
    return list(models.Refund.objects.filter(state="ready", next_try__lte=at).values_list("id", flat=True)[:100])


def bank_cursor() -> int:
    row = models.BankCursor.objects.filter(pk=1).first()
    return row.number if row else 0
