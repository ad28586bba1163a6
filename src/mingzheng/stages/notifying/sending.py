"""Handing one delivery to the outside world."""

from datetime import datetime, timedelta
from uuid import UUID

from mingzheng.kernel import ports
from mingzheng.stages.notifying import models, rules
from mingzheng.stages.parties import queries as parties


def send(row: models.Delivery, at: datetime) -> None:
    """Send through the `messages` port by channel; after the last try the delivery has failed and staff may call."""
    person = parties.person(UUID(row.message.person))
    address = person.email if row.channel == "email" else person.phone
    row.tries += 1
    row.changed_at = at
    try:
        if not address:
            raise ValueError("no address")
        sent = ports.get("messages")[row.channel].send(
            id=str(row.pk), address=address, subject=row.message.title, text=row.message.text
        )
        row.state, row.address, row.reference, row.next_try = sent.state, address, sent.carrier_reference, None
        row.facts = {"reason": sent.reason} if sent.reason else {}
    except Exception as error:  # whatever the carrier does wrong, the delivery stays on the list
        row.facts = {"error": type(error).__name__}
        if row.tries >= rules.TRIES or not address:
            row.state, row.next_try = "failed", None
        else:
            row.next_try = at + timedelta(minutes=2**row.tries)
    row.save()
