"""The local default: messages go into an encrypted journal, where the demo and the tests can see who got what.

Form: docs/formats/outbox.md. Addresses ending in `.invalid` and telephone numbers that are none fail, as they would
outside, so that "could not be delivered" can be played.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mingzheng.adapters.messages.port import STATES, WAYS, Delivery
from mingzheng.adapters.storage.journal import SealedJournal
from mingzheng.kernel import clock

_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")
_MAILBOX = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message in the outbox. Who and what stay out of `repr`."""

    id: str
    way: str
    at: datetime
    state: str
    address: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


class Outbox:
    """All ways of one deployment over one journal."""

    def __init__(self, folder: Path | str, key: Path | str) -> None:
        self._journal = SealedJournal(Path(folder) / "outbox.jsonl", key)

    @classmethod
    def of_state(cls, state: Path | str) -> Outbox:
        """The outbox of a deployment's state folder."""
        return cls(Path(state) / "messages", Path(state) / "keys" / "outbox.key")

    def __repr__(self) -> str:
        return f"Outbox({self._journal!r})"

    def messengers(self) -> dict[str, OutboxMessenger]:
        """One messenger for each way, by its name."""
        return {way: OutboxMessenger(self, way) for way in WAYS}

    def messages(self, *, way: str = "", address: str = "") -> list[Sent]:
        """What was sent, oldest first, with the state it has now."""
        records = self._journal.records()
        return [
            _sent(record, records)
            for record in records
            if record["is"] == "message" and way in ("", record["way"]) and address in ("", record["address"])
        ]

    def take(self, way: str, id: str, address: str, subject: str, text: str, *, carried: bool = True) -> Delivery:
        """Write one message down, once. Not `carried`: it is still `queued`, somebody else will carry it."""
        with self._journal.writing() as journal:
            before = _found(journal.records(), way, id)
            if before is not None:
                return _delivery(before, journal.records())
            state, reason = _first_state(way, address)
            if state == "delivered" and not carried:
                state = "queued"
            record = {
                "is": "message",
                "id": id,
                "way": way,
                "at": clock.text(clock.now()),
                "address": address,
                "subject": subject,
                "text": text,
                "state": state,
                "reason": reason,
            }
            return _delivery(journal.append(record), journal.records())

    def mark(self, way: str, id: str, state: str, reason: str = "") -> Delivery:
        """Note a new state. LookupError for a message that is not there, ValueError for a state that is none."""
        if state not in STATES:
            raise ValueError(state)
        with self._journal.writing() as journal:
            record = _found(journal.records(), way, id)
            if record is None:
                raise LookupError(id)
            at = clock.text(clock.now())
            journal.append({"is": "state", "id": id, "way": way, "at": at, "state": state, "reason": reason})
            return _delivery(record, journal.records())

    def state(self, way: str, id: str) -> Delivery | None:
        """What is known of one message."""
        records = self._journal.records()
        record = _found(records, way, id)
        return None if record is None else _delivery(record, records)


class OutboxMessenger:
    """A `Messenger` over the outbox. A call waits (`queued`) until somebody logs it with `log_call`."""

    def __init__(self, outbox: Outbox, way: str) -> None:
        self.way = way
        self._outbox = outbox

    def __repr__(self) -> str:
        return f"OutboxMessenger({self.way!r})"

    def send(self, *, id: str, address: str, subject: str, text: str) -> Delivery:
        """See `Messenger`."""
        return self._outbox.take(self.way, id, address, subject, text)

    def state(self, id: str) -> Delivery | None:
        """See `Messenger`."""
        return self._outbox.state(self.way, id)

    def mark_read(self, id: str) -> Delivery:
        """The person opened the message."""
        return self._outbox.mark(self.way, id, "read")

    def log_call(self, id: str, *, reached: bool, words: str) -> Delivery:
        """Somebody telephoned: who was reached, and what was said."""
        return self._outbox.mark(self.way, id, "read" if reached else "failed", words)


def _first_state(way: str, address: str) -> tuple[str, str]:
    if way == "in_site" and not address:
        return "failed", "no such person"
    if way == "email" and (not _MAILBOX.fullmatch(address) or address.endswith(".invalid")):
        return "failed", "no such mailbox"
    if way in ("sms", "call") and not _PHONE.fullmatch(address):
        return "failed", "no telephone number"
    return ("queued", "") if way == "call" else ("delivered", "")


def _found(records: list[dict[str, Any]], way: str, id: str) -> dict[str, Any] | None:
    return next((r for r in records if r["is"] == "message" and (r["way"], r["id"]) == (way, id)), None)


def _latest(record: dict[str, Any], records: list[dict[str, Any]]) -> dict[str, Any]:
    later = [r for r in records if r["is"] == "state" and (r["way"], r["id"]) == (record["way"], record["id"])]
    return later[-1] if later else record


def _delivery(record: dict[str, Any], records: list[dict[str, Any]]) -> Delivery:
    latest = _latest(record, records)
    return Delivery(
        id=record["id"],
        way=record["way"],
        state=latest["state"],
        at=clock.parse(latest["at"]),
        address=record["address"],
        reason=latest["reason"],
    )


def _sent(record: dict[str, Any], records: list[dict[str, Any]]) -> Sent:
    return Sent(
        id=record["id"],
        way=record["way"],
        at=clock.parse(record["at"]),
        state=_latest(record, records)["state"],
        address=record["address"],
        subject=record["subject"],
        text=record["text"],
    )
