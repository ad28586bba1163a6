"""Reading a message and logging a call are acts: both may have to be proven."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.ledger import vault
from mingzheng.ledger.writing import command
from mingzheng.stages.notifying import events, models, rules


@command(by={"member"})
def mark_read(*, actor: Actor, at: datetime, message: UUID) -> list[events.MessageRead]:
    """A person opens a message addressed to them; only the first time counts."""
    assert actor.person is not None
    row = models.Message.objects.select_for_update().filter(
        pk=message, person_tag=vault.tag("person", actor.person)
    ).first()  # fmt: skip
    if row is None:
        raise rules.NOT_YOUR_MESSAGE()
    if row.read_at is not None:
        return []
    row.read_at = at
    row.save()
    row.deliveries.filter(channel="in_site").update(state="read", changed_at=at)
    digest = digests.of(f"{row.title}\n{row.text}".encode())
    return [events.MessageRead(person=actor.person, message=row.id, topic=row.topic, digest=digest)]


@command(by={"centre_staff"})
def log_call(*, actor: Actor, at: datetime, message: UUID, reached: bool, words: str) -> events.CallLogged:
    """Staff log a telephone call about a message that no other channel delivered."""
    assert actor.person is not None
    row = models.Message.objects.select_for_update().filter(pk=message).first()
    if row is None:
        raise rules.NOT_YOUR_MESSAGE()
    models.Delivery.objects.create(
        message=row, channel="call", state="called" if reached else "failed", changed_at=at, facts={"words": words}
    )
    return events.CallLogged(person=UUID(row.person), message=row.id, reached=reached, words=words, staff=actor.person)


@command(by={"system"})
def send_due(*, actor: Actor, at: datetime, limit: int = 50) -> None:
    """Hand due deliveries to the messages port; failures are tried again with growing pauses (no event: transport)."""
    from mingzheng.stages.notifying.sending import send

    rows = models.Delivery.objects.select_for_update(skip_locked=True).filter(state="queued", next_try__lte=at)
    for row in rows.select_related("message")[:limit]:
        send(row, at)
