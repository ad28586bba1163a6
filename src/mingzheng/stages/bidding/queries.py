"""What others may know of bids: one's own at any time, all of them only after closing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.stages.bidding import models, rules
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering


@dataclass(frozen=True, slots=True)
class BidFacts:
    """A sealed bid. `bidder` and `bidder_name` are filled only after closing (or for its own bidder)."""

    id: UUID
    lot: UUID
    dealing: UUID
    number: int
    submitted_at: datetime
    seal: str
    certificate: str
    file_digest: str
    seal_digest: str
    object: str
    size: int
    state: str
    bidder: UUID | None = None
    bidder_name: str = ""


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """The closing of a lot: when, and the bids as the event named them."""

    lot: UUID
    closed_at: datetime
    bids: tuple[dict[str, Any], ...]
    enough: bool


def _facts(row: models.Bid, bidder: UUID | None = None, name: str = "", *, seals: bool = True) -> BidFacts:
    seal, certificate = (row.seal, row.certificate) if seals else ("", "")
    return BidFacts(
        row.id, row.lot, row.dealing, row.number, row.submitted_at, seal, certificate, row.file_digest,
        row.seal_digest, row.object, row.size, row.state, bidder, name,
    )  # fmt: skip


def bid(dealing: UUID) -> BidFacts | None:
    """The current bid of a dealing."""
    row = models.Bid.objects.filter(dealing=dealing, state="submitted").first()
    return _facts(row) if row else None


def bids_of(dealings: Iterable[UUID]) -> dict[UUID, BidFacts]:
    """The current bids of many dealings at once, without their seals."""
    rows = models.Bid.objects.filter(dealing__in=set(dealings), state="submitted").defer("seal", "certificate")
    return {row.dealing: _facts(row, seals=False) for row in rows}


def history(dealing: UUID) -> list[BidFacts]:
    """All bids of a dealing, newest first (for its own bidder)."""
    return [_facts(row) for row in models.Bid.objects.filter(dealing=dealing).order_by("-number")]


def closing(lot: UUID) -> ClosingFacts | None:
    """The closing, None before it."""
    row = models.Closing.objects.filter(pk=lot).first()
    return ClosingFacts(row.lot, row.closed_at, tuple(row.bids), row.enough) if row else None


def closings(lots: Iterable[UUID]) -> dict[UUID, ClosingFacts]:
    """The closings of many lots, of those that have closed."""
    rows = models.Closing.objects.filter(pk__in=list(lots))
    return {row.lot: ClosingFacts(row.lot, row.closed_at, tuple(row.bids), row.enough) for row in rows}


def bids(lot: UUID, *, seals: bool = True) -> list[BidFacts]:
    """Current bids in order of submission; refused before closing. Without `seals` they are not even decrypted."""
    if closing(lot) is None:
        deadline = procedures.clock(lot, "bid_deadline")
        raise rules.NOT_YET_CLOSED(deadline=deadline.due if deadline else "—")
    whose = {one.id: one for one in tendering.dealings(lot)}  # at once: a hall may hold hundreds
    rows = models.Bid.objects.filter(lot=lot, state="submitted").order_by("submitted_at", "id")
    if not seals:
        rows = rows.defer("seal", "certificate")
    return [
        _facts(row, whose[row.dealing].organisation, whose[row.dealing].organisation_name, seals=seals) for row in rows
    ]


def terms(lot: UUID) -> dict[str, Any] | None:
    """The sealing parameters once fixed."""
    row = models.Terms.objects.filter(pk=lot).first()
    return dict(row.terms) if row else None


def taken(bid: UUID) -> bool:
    """Whether a bid id was ever submitted."""
    return models.Bid.objects.filter(pk=bid).exists()


def due() -> list[UUID]:
    """Lots whose deadline has passed and that are not closed."""
    return [lot for lot in procedures.due("bid_deadline", clock.now()) if closing(lot) is None]
