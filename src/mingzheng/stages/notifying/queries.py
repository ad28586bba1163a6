"""A person's messages, and for staff the delivery states of a lot's messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from mingzheng.ledger import vault
from mingzheng.stages.notifying import models
from mingzheng.stages.notifying.wording import said
from mingzheng.stages.parties import queries as parties


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


def states(lot: UUID) -> list[dict[str, Any]]:
    """Per message and person of a lot: topic, recipient and the state on each channel, for staff after closing."""
    rows = (
        models.Message.objects.filter(lot_tag=vault.tag("lot", lot)).prefetch_related("deliveries").order_by("at", "id")
    )
    return [
        {
            "message": row.id, "topic": row.topic, "title": said(row.title, row.told.get("title", {})), "at": row.at, "read_at": row.read_at,
            "person": parties.person(UUID(row.person)),
            "channels": {d.channel: d.state for d in row.deliveries.all()},
            "undelivered": not any(d.state in ("delivered", "read", "called") for d in row.deliveries.all()),
        }
        for row in rows
    ]  # fmt: skip


def to_call(lot: UUID) -> list[dict[str, Any]]:
    """Messages of a lot whose SMS or e-mail failed and that were neither read nor called about: staff telephone these."""
    return [
        one for one in states(lot)
        if "failed" in one["channels"].values() and one["read_at"] is None and one["channels"].get("call") != "called"
    ]  # fmt: skip
