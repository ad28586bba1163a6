"""Closing at the deadline. A job that is late delays the list, never the deadline: rules compare times themselves."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.bidding import commands, queries


@job(seconds=0.2)
def when_bidding_closes() -> int:
    """Close every lot whose deadline has passed; one that is held (an objection not answered) keeps no other waiting."""
    closed = 0
    for lot in queries.due():
        try:
            commands.close_bidding(actor=SYSTEM, key="", lot=lot)
            closed += 1
        except Refused:
            continue
    return closed
