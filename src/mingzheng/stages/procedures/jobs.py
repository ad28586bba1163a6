"""Registrations whose promised time has passed."""

from mingzheng.kernel import clock
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.stages.procedures import commands, queries


@job(seconds=5.0)
def note_overdue() -> int:
    """Alert once for every registration that waits longer than promised."""
    found = [one for one in queries.waiting_registrations() if one.overdue(clock.now()) and not one.told_overdue]
    for one in found:
        commands.note_overdue(actor=SYSTEM, key=f"overdue:{one.procedure}:{one.promised}", procedure=one.procedure)
    return len(found)
