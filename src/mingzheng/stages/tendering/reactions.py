"""What the end or the suspension of a lot asks for."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reaction
from mingzheng.stages.procedures.events import LotFailed, LotSuspended, LotTerminated
from mingzheng.stages.tendering import commands


@reaction(LotTerminated)
def announce_when_terminated(event: LotTerminated, entry: Entry, key: str) -> None:
    """终止公告."""
    commands.announce_ending(actor=SYSTEM, key=key, lot=event.lot, reason=event.reason, basis=event.basis)


@reaction(LotFailed)
def announce_when_failed(event: LotFailed, entry: Entry, key: str) -> None:
    """流标公告."""
    commands.announce_ending(actor=SYSTEM, key=key, lot=event.lot, reason=event.cause, basis=event.rule)


@reaction(LotSuspended)
def prepare_when_suspended(event: LotSuspended, entry: Entry, key: str) -> None:
    """暂停公告."""
    commands.prepare_suspension(actor=SYSTEM, key=key, lot=event.lot, reason=event.reason, basis=event.basis)
