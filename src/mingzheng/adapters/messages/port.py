"""Sending word to a person: in the site, by e-mail, by SMS, or by a telephone call that somebody logs.

Sources: GF-6.6 (notices by SMS, telephone log or message), RG-7.1; one delivery state per person and way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

WAYS = ("in_site", "email", "sms", "call")
#: `queued` here, `sent` to the carrier, `delivered` to the device or mailbox, `read` by the person, or `failed`.
STATES = ("queued", "sent", "delivered", "failed", "read")


class MessengerUnavailable(Exception):
    """The carrier could not be reached; the message stays queued and may be sent again under the same id."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where one message to one person stands. `address` is a mailbox, a telephone number or a person's id."""

    id: str
    way: str
    state: str
    at: datetime
    address: str = field(repr=False)
    reason: str = ""
    carrier_reference: str = ""


class Messenger(Protocol):
    """One way of sending. Idempotent by `id`: what was carried once is not carried again, it is only answered for."""

    way: str

    def send(self, *, id: str, address: str, subject: str, text: str) -> Delivery:
        """Hand the message to the carrier. A message that can never arrive comes back `failed` with a reason;
        `MessengerUnavailable` means: try again."""

    def state(self, id: str) -> Delivery | None:
        """What is known now of a message; None when this id was never sent."""
