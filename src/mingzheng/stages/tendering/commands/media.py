"""What came back from the statutory media. Sending itself is a job; here its outcome becomes a fact."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.reading import last_kind
from mingzheng.ledger.writing import command
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act, as_owner
from mingzheng.stages.tendering import changes, events, models
from mingzheng.stages.tendering.commands.drafting import OWNERS

CLOSING = "archiving.file-closed"  # the last entry of a lot's stream, written by a later stage


def _waiting(submission: int, *states: str) -> models.Submission | None:
    return models.Submission.objects.select_for_update().filter(pk=submission, state__in=states).first()


@command(by={"system"})
def receive_receipt(
    *, actor: Actor, at: datetime, submission: int, reference: str, url: str, digest: str, received_at: datetime
) -> list[Any]:
    """A medium confirmed a paper; its digest is compared with ours at once."""
    row = _waiting(submission, "queued")
    if row is None:
        return []
    row.digest = issuing.issued(row.document).digest  # the sealed file, where papers are sealed
    same = digest == row.digest
    row.state, row.reference, row.url, row.theirs = "received" if same else "differs", reference, url, digest
    row.received_at, row.next_try = received_at, None
    row.save()
    received = events.MediaReceived(
        lot=row.lot, document=row.document, medium=row.medium, reference=reference, url=url, ours=row.digest,
        theirs=digest, same=same, received_at=received_at,
    )  # fmt: skip
    return _into_the_lot(row, [received] if same else [received, _differs(row, at)])


@command(by={"system"})
def record_refusal(*, actor: Actor, at: datetime, submission: int, reason: str) -> list[Any]:
    """A medium refused a paper; the owner is told."""
    row = _waiting(submission, "queued")
    if row is None:
        return []
    row.state, row.reason, row.next_try = "refused", reason, None
    row.save()
    lot = procedures.lot(row.lot)
    changes.tell_owner(
        lot, topic="media", title=say("{project}：{medium}未予发布", project=lot.procedure_name, medium=row.medium), text=reason, at=at,
        link=f"/lots/{lot.id}/tender",
    )  # fmt: skip
    refused = events.MediaRefused(lot=row.lot, document=row.document, medium=row.medium, reason=reason)
    return _into_the_lot(row, [refused])


@command(by={"system"})
def retry_submission(*, actor: Actor, at: datetime, submission: int) -> None:
    """A medium did not answer: try again with growing pauses (transport, no event)."""
    row = _waiting(submission, "queued")
    if row is not None:
        row.tries += 1
        row.next_try = at + timedelta(minutes=min(2**row.tries, 120))
        row.save()


@command(by={"system"})
def compare_copy(*, actor: Actor, at: datetime, submission: int, theirs: str) -> list[Any]:
    """Keep the outcome of reading a medium's copy back; another content than ours is an alert (GF-6.4.1-2)."""
    row = _waiting(submission, "received", "differs")
    if row is None:
        return []
    same, known = theirs == row.digest, theirs == row.theirs
    row.compared_at, row.theirs, row.state = at, theirs, "received" if same else "differs"
    row.save()
    return [] if same or known else _into_the_lot(row, [_differs(row, at)])


def _into_the_lot(row: models.Submission, told: list[Any]) -> list[Any]:
    """These events; after the file was closed one for the centre instead: nothing follows a closing entry."""
    spine.lock(row.lot)  # closing a file takes the exclusive lock
    if last_kind(f"lot:{row.lot}") != CLOSING:
        return told
    return [
        events.MediaToldLate(
            lot=row.lot, document=row.document, medium=row.medium, outcome=row.state, reference=row.reference,
            ours=row.digest, theirs=row.theirs,
        )
    ]  # fmt: skip


def _differs(row: models.Submission, at: datetime) -> events.MediaCopyDiffers:
    """The alert goes to the owner and to the person of the centre responsible for the procedure."""
    lot = procedures.lot(row.lot)
    title = say("{project}：媒介内容不一致", project=lot.procedure_name)
    text = say("{medium}所载内容与本平台发布的不一致，请立即核对。", medium=row.medium)
    changes.tell_owner(lot, topic="media", title=title, text=text, at=at, link=f"/lots/{lot.id}/tender")
    staff = procedures.procedure(lot.procedure).service_responsible
    if staff is not None:
        notify(to=[Recipient(person=staff)], topic="media", title=title, text=text, at=at, lot=lot.id)
    return events.MediaCopyDiffers(
        lot=row.lot, document=row.document, medium=row.medium, reference=row.reference, ours=row.digest,
        theirs=row.theirs,
    )  # fmt: skip


@act(by=OWNERS | {"centre_staff"}, binds=True)
def send_again(*, actor: Actor, at: datetime, lot: UUID, document: UUID) -> list[Any]:
    """Commission the media again with a paper one of them refused: the owner, or the centre for it."""
    if not actor.has("centre_staff"):
        as_owner(procedures.lot(lot), actor, at)
    rows = models.Submission.objects.select_for_update().filter(lot=lot, document=document, state="refused")
    media = tuple(row.medium for row in rows)
    digest = rows[0].digest if rows else ""
    rows.update(state="queued", next_try=at, tries=0, reason="")
    return [events.MediaCommissioned(lot=lot, document=document, digest=digest, media=media)] if media else []
