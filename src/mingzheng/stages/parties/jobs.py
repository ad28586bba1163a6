"""Timers: what has outlived its time is swept away."""

from importlib import import_module

from django.conf import settings

from mingzheng.kernel import clock
from mingzheng.kernel.job import job
from mingzheng.ledger.writing import acting_as
from mingzheng.stages.parties import changes


@job(seconds=3600)
def sweep() -> int:
    """Expired web sessions, old failures, and lines of the access log past their retention."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    with acting_as("parties.sweep"):
        return changes.sweep(clock.now(), clock.real())
