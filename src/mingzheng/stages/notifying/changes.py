"""Writing messages inside the transaction of the act they tell of: no act without its message, no message without its act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.ledger import vault
from mingzheng.stages.notifying import models
from mingzheng.stages.notifying.wording import kept
from mingzheng.stages.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, or everybody of an organisation."""

    person: UUID | None = None
    organisation: UUID | None = None


def notify(
    *, to: Iterable[Recipient], topic: str, title: str, text: str, at: datetime, lot: UUID | None = None, link: str = "",
    channels: tuple[str, ...] = ("in_site",),
) -> int:  # fmt: skip
    """Write one message a person; jobs send it. Returns how many persons. In-site counts as delivered at once."""
    people: dict[UUID, None] = {}
    for one in to:
        if one.person is not None:
            people[one.person] = None
        if one.organisation is not None:
            people.update(dict.fromkeys(member.id for member in parties.members(one.organisation)))
    for person in people:
        row = models.Message.objects.create(
            person_tag=vault.tag("person", person), person=str(person), topic=topic, title=title, text=text, link=link,
            at=at, told={"title": kept(title), "text": kept(text)}, lot_tag=vault.tag("lot", lot) if lot else "", lot=str(lot) if lot else "",
        )  # fmt: skip
        for channel in channels:
            in_site = channel == "in_site"
            models.Delivery.objects.create(
                message=row, channel=channel, state="delivered" if in_site else "queued", changed_at=at,
                next_try=None if in_site else at,
            )  # fmt: skip
    return len(people)
