"""Closing at the deadline. A job that is late delays the list, never the deadline: rules compare times themselves."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.stages.bidding import commands, queries


@job(seconds=0.2)
def when_bidding_closes() -> int:
    """Close every lot whose deadline has passed."""
    lots = queries.due()
    for lot in lots:
        commands.close_bidding(actor=SYSTEM, key="", lot=lot)
    return len(lots)
