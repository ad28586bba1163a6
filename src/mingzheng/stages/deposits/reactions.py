"""What the end of a lot means for deposits."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reaction
from mingzheng.stages.deposits import commands
from mingzheng.stages.procedures.events import LotTerminated


@reaction(LotTerminated)
def refund_all_when_terminated(event: LotTerminated, entry: Entry, key: str) -> None:
    """终止招标: everybody's deposit goes back with interest (招标投标法实施条例 31)."""
    commands.refund_after_termination(actor=SYSTEM, key=key, lot=event.lot)
