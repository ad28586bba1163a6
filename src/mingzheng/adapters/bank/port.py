"""What the program asks of a bank: an account number for each deposit, what came in, refunds to where it came from.

Inputs are plain values so that a stage needs no class of ours; answers are frozen dataclasses.
Sources: 招标投标法实施条例 26, 57 (interest, original account); RG-7.6.1-2, RG-7.6.2-2 (refund to origin).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

#: A refund is first taken in, then on its way, then booked at the payer's bank, or it came back.
REFUND_STATES = ("accepted", "sent", "booked", "returned")


class BankUnavailable(Exception):
    """The bank did not answer, or answered something that is not its protocol. Try again later; nothing is known."""


class RefundRefused(Exception):
    """The bank will never carry out this order. `reason` is a stable code: `unknown-credit`, `not-the-payer`,
    `more-than-paid`, `order-changed` (the number was used before for something else), `not-an-amount`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that arrived. `number` counts up from 1 within the bank and is the cursor of `incoming`.

    Payer name and account stay out of `repr`: before the opening they may stand in no log (国办发〔2024〕21号).
    """

    id: str
    number: int
    account: str
    reference: str
    amount: Decimal
    at: datetime
    payer_name: str = field(repr=False)
    payer_account: str = field(repr=False)
    remark: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RefundReceipt:
    """The bank's answer to a refund order. `amount` = principal + interest, in yuan; `serial` is the bank's own number."""

    order: str
    serial: str
    state: str
    principal: Decimal
    interest: Decimal
    amount: Decimal
    at: datetime
    to_name: str = field(repr=False)
    to_account: str = field(repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GuaranteeFacts:
    """What the issuer says of a guarantee. `state`: valid, expired, cancelled, claimed, unknown."""

    number: str
    issuer: str
    state: str
    amount: Decimal = Decimal("0.00")
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    beneficiary: str = ""
    reference: str = ""
    applicant: str = field(default="", repr=False)


class Bank(Protocol):
    """The deposit bank. Every method may raise `BankUnavailable`."""

    def open_account(self, reference: str) -> str:
        """The virtual sub-account number that belongs to `reference` (one deposit of one bidder); same reference,
        same number."""

    def incoming(self, since: int = 0) -> list[Credit]:
        """Credits with `number` above `since`, in order."""

    def refund(
        self, *, order: str, credit: str, to_account: str, principal: Decimal, interest: Decimal
    ) -> RefundReceipt:
        """Send `principal` and `interest` (yuan) back to the account that paid `credit`. Idempotent by `order`.

        Raises `RefundRefused` when `to_account` is not the payer's, or more than was paid would go back.
        """

    def refund_state(self, order: str) -> RefundReceipt | None:
        """Where a refund stands; None for an order the bank never accepted."""

    def verify_guarantee(self, number: str, issuer: str) -> GuaranteeFacts:
        """What the issuer says of a guarantee; `state` is `unknown` when it knows no such number."""
