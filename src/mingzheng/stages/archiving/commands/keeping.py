"""Keeping closed files: originals on shelves, how long, damage, and disposal by two others after the time is over."""

import shutil
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import command
from mingzheng.stages.archiving import events, models, queries, rules
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import kinds
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act


@act(by={"archivist", "centre_staff"}, binds=True, after_end=True, while_suspended=True)
def register_item(
    *, actor: Actor, at: datetime, lot: UUID, category: str, title: str, medium: str, digest: str, extent: str, shelf: str = "",
    reference: str = "",
) -> events.ItemRegistered:  # fmt: skip
    """Add a paper original (with its shelf and the digest of its scan) or a recording to an open file (GF-6.6.1)."""
    if models.File.objects.filter(pk=lot).exists():
        raise rules.ALREADY_CLOSED()
    wrong = [
        name for name, bad in (
            ("category", category not in rules.CATEGORIES), ("title", not title), ("extent", not extent),
            ("medium", medium not in ("paper", "recording")), ("shelf", medium == "paper" and not shelf),
            ("digest", not digests.PATTERN.fullmatch(digest)),
        ) if bad
    ]  # fmt: skip
    if wrong:
        raise rules.BAD_ITEM(field=wrong[0])
    number = len(stream_entries(f"lot:{lot}")) + 1
    models.Item.objects.create(
        lot=lot, category=category, title=title, medium=medium, source="manual", event=f"lot:{lot}/{number}", made_at=at,
        extent=extent, digest=digest, reference=reference, shelf=shelf,
    )  # fmt: skip
    return events.ItemRegistered(
        lot=lot, category=category, title=title, medium=medium, shelf=shelf, extent=extent, digest=digest
    )


@command(by={"archivist"}, binds=True)
def set_retention(*, actor: Actor, at: datetime, kind: str, years: int) -> events.RetentionSet:
    """Keep files of a kind longer; fewer years than the rules and profiles ask for are refused (LN-7.2.5, GD-03)."""
    if kind not in kinds.names():
        raise rules.BAD_ITEM(field="kind")
    least, rule = queries.least_years(kind, kinds.pack_for(kind).pin, tuple(kinds.profiles_in_force()))
    if years < least:
        raise rules.TOO_SHORT(least=least, rule=rule)
    models.Retention.objects.update_or_create(kind=kind, defaults={"years": years, "set_at": at})
    return events.RetentionSet(kind=kind, years=years, least=least, rule=rule)


@command(by={"archivist"}, binds=True)
def shelve_volume(*, actor: Actor, at: datetime, procedure: UUID, room: str) -> events.VolumeShelved:
    """Say where the paper part of a volume stands."""
    row = models.Volume.objects.select_for_update().filter(procedure=procedure).first()
    if row is None:
        raise rules.NO_FILE()
    if not room.strip():
        raise rules.BAD_ITEM(field="room")
    row.room = room
    row.save()
    return events.VolumeShelved(procedure=procedure, volume=row.id, room=room)


@command(by={"system"})
def record_damage(*, actor: Actor, at: datetime, lot: UUID, number: int, found: str) -> events.DamageFound | None:
    """An item does not hash to its catalogue line any more: recorded, and every archivist is told."""
    item = queries.item(lot, number)
    if item is None:
        return None
    facts = procedures.lot(lot)
    notify(
        to=[Recipient(person=one.id) for one in parties.people_with("archivist")], topic="archive-damaged",
        title=say("{project}：档案第 {number} 项与指纹不一致", project=facts.procedure_name, number=number),
        text=say("{title}。目录指纹 {digest}，现在 {found}。", title=item.title, digest=item.digest, found=found or say("缺失")),
        at=at, lot=lot, link=f"/lots/{lot}/file",
    )  # fmt: skip
    return events.DamageFound(lot=lot, number=number, title=item.title, digest=item.digest, found=found)


@command(by={"system"})
def note_checked(*, actor: Actor, at: datetime, lot: UUID) -> None:
    """A file's items were hashed again (no event: what differs has its own)."""
    models.File.objects.filter(pk=lot).update(checked_at=at)


def _retained(lot: UUID, at: datetime) -> models.File:
    row = models.File.objects.select_for_update().filter(pk=lot).first()
    if row is None:
        raise rules.NO_FILE()
    assert row.retain_until is not None
    if at < row.retain_until:
        raise rules.RETAINED(until=clock.text(row.retain_until)[:10])
    return row


@command(by={"archivist"}, binds=True)
def propose_disposal(*, actor: Actor, at: datetime, lot: UUID, reason: str) -> events.DisposalProposed:
    """Ask for the disposal of a file whose retention has ended; before that day it is refused and recorded (RG-7.8.3)."""
    row = _retained(lot, at)
    assert actor.person is not None and row.retain_until is not None
    if not reason.strip():
        raise rules.BAD_ITEM(field="reason")
    models.Disposal.objects.get_or_create(
        lot=lot, defaults={"reason": reason, "proposed_by": actor.person, "proposed_at": at}
    )
    return events.DisposalProposed(lot=lot, reason=reason, retained_until=row.retain_until)


@command(by={"archivist", "supervisor", "security_admin"}, binds=True)
def approve_disposal(*, actor: Actor, at: datetime, lot: UUID) -> events.DisposalApproved:
    """Approve a disposal; the second of two different approvers destroys the package, this record stays (SD-3.5.4)."""
    file = _retained(lot, at)
    row = models.Disposal.objects.select_for_update().filter(lot=lot, done_at=None).first()
    if row is None:
        raise rules.NOT_PROPOSED()
    assert actor.person is not None
    rules.may_approve(row.proposed_by, map(UUID, row.approvals), actor.person)
    row.approvals = [*row.approvals, str(actor.person)]
    destroyed = len(row.approvals) >= 2
    if destroyed:
        row.done_at, file.state = at, "disposed"
        if file.path:
            shutil.rmtree(file.path, ignore_errors=True)
        file.save()
    row.save()
    return events.DisposalApproved(lot=lot, approver=actor.person, destroyed=destroyed, manifest=file.manifest)
