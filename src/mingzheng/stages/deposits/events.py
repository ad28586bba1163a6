"""What happened to one bidder's deposit in one lot. All in the dealing's sealed stream: payers are secret (BZ-07)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from mingzheng.kernel.event import event


@event("deposits.account-opened", stream="dealing")
class AccountOpened:
    """A virtual account number for this one deposit."""

    dealing: UUID
    lot: UUID
    account: str
    amount: Decimal


@event("deposits.deposit-received", stream="dealing")
class DepositReceived:
    """Money came in; `enough` says whether the sum now reaches the amount asked for."""

    dealing: UUID
    lot: UUID
    credit: str
    amount: Decimal
    payer_name: str
    payer_account: str
    received_at: datetime
    enough: bool
    in_time: bool


@event("deposits.guarantee-lodged", stream="dealing")
class GuaranteeLodged:
    """A guarantee the issuer confirms stands in for money."""

    dealing: UUID
    lot: UUID
    number: str
    issuer: str
    amount: Decimal
    valid_until: datetime


@event("deposits.refund-entitled", stream="dealing")
class RefundEntitled:
    """The deposit is to go back: to whom is fixed by where it came from; by which rule, until when, who must act first."""

    dealing: UUID
    lot: UUID
    refund: UUID
    principal: Decimal
    because: str
    rule: str
    due: datetime
    needs_confirmation: bool


@event("deposits.release-entitled", stream="dealing")
class ReleaseEntitled:
    """The guarantee is to be given back as an instrument; no money is owed, so none is named."""

    dealing: UUID
    lot: UUID
    refund: UUID
    number: str
    issuer: str
    because: str
    rule: str
    due: datetime
    needs_confirmation: bool


@event("deposits.refund-confirmed", stream="dealing")
class RefundConfirmed:
    """The procuring entity confirmed one refund or release of the winner's (RG-7.6.2)."""

    dealing: UUID
    lot: UUID
    refund: UUID


@event("deposits.refund-sent", stream="dealing")
class RefundSent:
    """The bank took the refund order: principal and interest to the original account."""

    dealing: UUID
    lot: UUID
    refund: UUID
    serial: str
    principal: Decimal
    interest: Decimal
    sent_at: datetime


@event("deposits.guarantee-released", stream="dealing")
class GuaranteeReleased:
    """The guarantee is given back; no money moves."""

    dealing: UUID
    lot: UUID
    refund: UUID
    number: str
