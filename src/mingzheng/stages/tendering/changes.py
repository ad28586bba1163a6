"""What later stages' commands do here inside their own transaction: papers for the statutory media, word to bidders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import ports
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import events, models, queries, rules


def media_names() -> tuple[str, ...]:
    """The statutory media of this deployment."""
    return tuple(ports.get("media"))


def send_to_media(lot: UUID, document: UUID, at: datetime) -> list[Any]:
    """Commission every statutory medium with a paper of the lot; a job sends it and its receipt becomes an entry.

    Only papers of a lot can be sent, and lots exist only after registration was completed (GF-6.4.1-1).
    """
    paper = procedures.document(document)
    if paper.lot != lot or not paper.public:
        raise rules.NOT_A_PAPER()
    media = media_names()
    models.Submission.objects.bulk_create(
        models.Submission(
            lot=lot, document=document, medium=medium, digest=paper.digest, commissioned_at=at, next_try=at
        )
        for medium in media
    )
    return [events.MediaCommissioned(lot=lot, document=document, digest=paper.digest, media=media)] if media else []


def tell_holders(
    lot: UUID, *, topic: str, title: str, text: str, at: datetime, link: str = "",
    channels: tuple[str, ...] = ("in_site", "sms"),
) -> None:  # fmt: skip
    """Word to exactly those who took the documents; who they are and how many stays in hidden rows (招标投标法 22)."""
    notify(
        to=[Recipient(organisation=one) for one in queries.holders(lot)],
        topic=topic, title=title, text=text, at=at, lot=lot, link=link, channels=channels,
    )  # fmt: skip


def tell_owner(
    lot: procedures.LotFacts, *, topic: str, title: str, text: str, at: datetime, link: str = "",
    channels: tuple[str, ...] = ("in_site",),
) -> int:  # fmt: skip
    """Word to the procuring entity, its agency and the host; returns how many persons."""
    to = [Recipient(organisation=one) for one in (lot.procuring_entity, lot.agency) if one is not None]
    host = procedures.parts(lot.id).get("host")
    if host is not None:
        to.append(Recipient(person=host[0]))
    return notify(to=to, topic=topic, title=title, text=text, at=at, lot=lot.id, link=link, channels=channels)


def open_dealing(
    lot: UUID, organisation: UUID, organisation_name: str, contact: dict[str, str], at: datetime, by: str
) -> tuple[models.Dealing, list[Any]]:
    """The dealing of a bidder in a lot, begun if there is none yet."""
    tag = queries.dealing_tag(lot, organisation)
    row = models.Dealing.objects.select_for_update().filter(tag=tag).first()
    if row is not None:
        return row, []
    row = models.Dealing.objects.create(
        lot=lot, tag=tag, organisation=str(organisation), organisation_name=organisation_name, contact=contact,
        enrolled_at=at,
    )  # fmt: skip
    begun = events.Enrolled(
        dealing=row.id, lot=lot, organisation=organisation, organisation_name=organisation_name, contact=contact, by=by
    )
    return row, [begun]


__all__ = ["media_names", "open_dealing", "send_to_media", "tell_holders", "tell_owner"]
