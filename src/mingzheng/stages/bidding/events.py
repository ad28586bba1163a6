"""What happened to bids. Before the deadline only in the dealing's sealed stream; the closing reveals."""

from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("bidding.sealing-terms-fixed", stream="lot")
class SealingTermsFixed:
    """The public sealing parameters of the lot: suite, escrow key, rescue holders and their keys."""

    lot: UUID
    terms: dict[str, Any]


@event("bidding.bid-submitted", stream="dealing")
class BidSubmitted:
    """A sealed bid lies whole at the centre: its seal and the digest of its ciphertext are fixed from now on."""

    dealing: UUID
    lot: UUID
    bid: UUID
    number: int
    seal_digest: str
    file_digest: str
    size: int
    replaces: UUID | None
    rescue_consent: bool


@event("bidding.bid-withdrawn", stream="dealing")
class BidWithdrawn:
    """撤回 before the deadline (招标投标法 29)."""

    dealing: UUID
    lot: UUID
    bid: UUID
    reason: str


@event("bidding.bidding-closed", stream="lot")
class BiddingClosed:
    """投标截止: who bid and when their bids were whole (order of submission), and the heads of all sealed streams.

    bids: number, dealing, bidder, bidder_name, bid, submitted_at, seal_digest, file_digest, size, deposit.
    streams: name, length, head of every sealed stream of the lot.
    """

    lot: UUID
    procedure: UUID
    bids: tuple[dict[str, Any], ...]
    streams: tuple[dict[str, Any], ...]
    enough: bool
