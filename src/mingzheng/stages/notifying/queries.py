"""A person's messages, and for staff the delivery states of a lot's messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from mingzheng.ledger import vault
from mingzheng.stages.notifying import models, rules
from mingzheng.stages.notifying.wording import said
from mingzheng.stages.parties import queries as parties

MOST_CALLS = 200  # messages looked through for a desk


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message as its recipient sees it."""

    id: UUID
    topic: str
    title: str
    text: str
    link: str
    at: datetime
    read_at: datetime | None
    lot: UUID | None


def _facts(row: models.Message) -> MessageFacts:
    told = row.told
    return MessageFacts(
        row.id,
        row.topic,
        said(row.title, told.get("title", {})),
        said(row.text, told.get("text", {})),
        row.link,
        row.at,
        row.read_at,
        UUID(row.lot) if row.lot else None,
    )


def inbox(person: UUID, limit: int = 100) -> list[MessageFacts]:
    """Newest first; of one moment the one written last first."""
    rows = models.Message.objects.filter(person_tag=vault.tag("person", person))
    return [_facts(row) for row in rows.annotate(written=Min("deliveries__id")).order_by("-at", "-written")[:limit]]


def unread_count(person: UUID) -> int:
    return models.Message.objects.filter(person_tag=vault.tag("person", person), read_at=None).count()


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One telephone call that staff logged."""

    at: datetime
    reached: bool
    words: str


def states(lot: UUID) -> list[dict[str, Any]]:
    """Per message and person of a lot: topic, recipient and the state on each channel, for staff after closing."""
    rows = (
        models.Message.objects.filter(lot_tag=vault.tag("lot", lot)).prefetch_related("deliveries").order_by("at", "id")
    )
    people: dict[str, parties.PersonFacts] = {}
    for row in rows:
        if row.person not in people:
            people[row.person] = parties.person(UUID(row.person))
    return [_state(row, people[row.person]) for row in rows]


def _state(row: models.Message, person: parties.PersonFacts) -> dict[str, Any]:
    deliveries = sorted(row.deliveries.all(), key=lambda one: one.pk)
    calls = [
        CallFacts(one.changed_at, one.state == "called", str(one.facts.get("words", "")))
        for one in deliveries if one.channel == "call" and "words" in one.facts
    ]  # fmt: skip
    channels = {one.channel: one.state for one in deliveries}
    if any(call.reached for call in calls):  # reached once is reached, whatever was tried after it
        channels["call"] = "called"
    return {
        "message": row.id, "topic": row.topic, "title": said(row.title, row.told.get("title", {})), "at": row.at, "read_at": row.read_at,
        "person": person, "channels": channels, "calls": calls,
        "undelivered": not any(one.state in rules.FINAL for one in deliveries),
    }  # fmt: skip


def to_call(lot: UUID) -> list[dict[str, Any]]:
    """Messages of a lot whose SMS or e-mail failed and that were neither read nor called about: staff telephone these."""
    return [one for one in states(lot) if unreached(one)]


def unreached(state: dict[str, Any]) -> bool:
    """Whether somebody of `states` is to be telephoned."""
    channels = state["channels"]
    return "failed" in channels.values() and state["read_at"] is None and channels.get("call") != "called"


def lots_to_call() -> set[UUID]:
    """Lots with somebody to telephone. Whoever shows them asks whether their recipients may be known yet."""
    failed = models.Message.objects.filter(deliveries__state="failed", read_at=None).exclude(lot_tag="").distinct()
    rows = failed.exclude(deliveries__state="called").order_by("-at")[:MOST_CALLS]
    return {UUID(row.lot) for row in rows}
