"""The time of the opening: word to prepare, word that it cannot take place, another time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.ids import new_id
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import changes, clarification, events, models, papers, rules
from mingzheng.stages.tendering.commands.drafting import OWNERS


@act(by=OWNERS, phases=("announced",), owner=True, binds=True, changes_lot=True)
def postpone_deadline(
    *, actor: Actor, at: datetime, lot: UUID, new_deadline: datetime, reason: str, report: UUID | None = None
) -> list[Any]:
    """Move the deadline, and the opening with it, to a later time for a stated reason (延期)."""
    if not reason:
        raise rules.REASON_MISSING()
    facts, running = procedures.lot(lot), procedures.clock(lot, "bid_deadline")
    assert running is not None
    old = running.due
    rules.in_time(at, old)
    if new_deadline <= old:
        raise rules.NOT_LATER(deadline=old)
    told = clarification.Told([], (f"投标截止时间和开标时间延期。原因：{reason}",), False, new_deadline, reason, {})
    row, filed, sent = clarification.paper(facts, told, old, reason, actor, at)
    models.Unreadiness.objects.filter(lot=lot, settled_at=None).update(settled_at=at)
    changes.tell_holders(
        lot, topic="postponed", title=say("{project}：延期开标", project=facts.procedure_name),
        text=say("投标截止和开标时间改为 {due}。原因：{reason}", due=papers.moment(new_deadline), reason=reason), at=at, link=f"/lots/{lot}/tender",
    )  # fmt: skip
    moved = events.DeadlinePostponed(
        lot=lot, old_deadline=old, new_deadline=new_deadline, reason=reason, document=row.document, because_of=report
    )
    return [moved, *filed, *clarification.move_deadline(lot, new_deadline, reason), *sent]


@act(by={"centre_staff"}, phases=("announced",), binds=True)
def report_unready(
    *, actor: Actor, at: datetime, lot: UUID, cause: str, proposed: datetime | None = None
) -> events.UnreadinessReported:
    """The centre cannot open at the set time: the owner is told to postpone, supervision gets the report (RG-7.3.1)."""
    if not cause:
        raise rules.REASON_MISSING()
    assert actor.person is not None
    facts = procedures.lot(lot)
    row = models.Unreadiness.objects.create(
        id=new_id(), lot=lot, cause=cause, proposed=proposed, handler=actor.person, reported_at=at
    )
    hint = say("建议改至 {due}。", due=papers.moment(proposed)) if proposed else ""
    title = say("{project}：不能按时开标", project=facts.procedure_name)
    text = say("原因：{cause}。{hint}请招标人确定新的开标时间。", cause=cause, hint=hint)
    changes.tell_owner(
        facts, topic="unready", title=title, text=text, at=at, link=f"/lots/{lot}/tender", channels=("in_site", "sms")
    )
    notify(
        to=[Recipient(person=one.id) for one in parties.people_with("supervisor")], topic="unready", title=title,
        text=text, at=at, lot=lot, link=f"/lots/{lot}/tender",
    )  # fmt: skip
    return events.UnreadinessReported(lot=lot, report=row.id, cause=cause, proposed=proposed, handler=actor.person)


@act(by={"system"}, phases=("announced",))
def remind_preparation(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """Tell owner and host a day before the opening to prepare, by message and SMS (GF-6.5.1-2); once for each set time."""
    running = procedures.clock(lot, "bid_deadline")
    row = models.Tender.objects.select_for_update().filter(pk=lot).first()
    if running is None or row is None or row.reminded_for == running.due:
        return []
    if running.due - at > timedelta(hours=rules.lead_hours()):
        return []
    facts = procedures.lot(lot)
    row.reminded_for = running.due
    row.save(update_fields=["reminded_for"])
    persons = changes.tell_owner(
        facts, topic="preparation", title=say("{project}：请做好开标准备", project=facts.procedure_name),
        text=say("将于 {due} 开标，请主持人提前检查证书、网络和设备。", due=papers.moment(running.due)), at=at,
        link=f"/lots/{lot}/hall", channels=("in_site", "sms"),
    )  # fmt: skip
    return [events.PreparationNoticed(lot=lot, opening_at=running.due, persons=persons)]
