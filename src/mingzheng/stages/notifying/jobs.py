"""Sending what waits."""

from mingzheng.kernel import clock
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.stages.notifying import commands, models


@job(seconds=1.0)
def send_messages() -> int:
    """Every second: deliveries whose time has come."""
    if not models.Delivery.objects.filter(state="queued", next_try__lte=clock.now()).exists():
        return 0
    commands.send_due(actor=SYSTEM)
    return 1
