"""The hall opens by itself when bidding has closed with enough bidders."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reaction
from mingzheng.stages.bidding.events import BiddingClosed
from mingzheng.stages.opening import commands


@reaction(BiddingClosed)
def open_hall_when_bidding_closed(event: BiddingClosed, entry: Entry, key: str) -> None:
    """At the deadline, no hand needed (GF-6.5.2)."""
    if event.enough:
        commands.open_hall(actor=SYSTEM, key=key, lot=event.lot)
