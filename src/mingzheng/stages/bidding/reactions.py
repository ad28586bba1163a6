"""As soon as a notice is out, the lot's sealing parameters are fixed."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reaction
from mingzheng.stages.bidding import commands
from mingzheng.stages.tendering.events import NoticePublished


@reaction(NoticePublished)
def fix_terms_when_announced(event: NoticePublished, entry: Entry, key: str) -> None:
    """Everybody seals for the same holders from the first hour."""
    commands.fix_sealing_terms(actor=SYSTEM, key=key, lot=event.lot)
