"""档案查询: ask, decide, look; every look is recorded."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.archiving import catalogue, events, models, queries, rules
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures


@command(by={"*"})
def file_inquiry(
    *, actor: Actor, at: datetime, lot: UUID, items: list[int], purpose: str, on_paper_for: str = ""
) -> events.InquiryFiled:
    """Ask to see lines of a closed file; the archivist files one for somebody at the counter with `on_paper_for`."""
    if actor.person is None:
        raise rules.NOT_APPROVED()
    if queries.file(lot) is None:
        raise rules.NO_FILE()
    known = {one.number for one in queries.items(lot)}
    if not purpose.strip() or not items or not set(items) <= known:
        raise rules.NO_PURPOSE()
    number = f"CX-{at:%Y}-{spine.next_serial(f'inquiry-{at:%Y}'):05d}"
    row = models.Inquiry.objects.create(
        number=number, lot=lot, items=sorted(set(items)), purpose=purpose, inquirer=actor.person,
        on_paper_for=on_paper_for if actor.has("archivist") else "", filed_at=at,
    )  # fmt: skip
    notify(
        to=[Recipient(person=one.id) for one in parties.people_with("archivist")], topic="inquiry-filed",
        title=say("档案查询 {number}", number=number), text=f"{procedures.lot(lot).procedure_name}：{purpose}", at=at, link="/archives/inquiries",
    )  # fmt: skip
    return events.InquiryFiled(
        person=actor.person, inquiry=row.id, number=number, lot=lot, items=tuple(row.items), purpose=purpose
    )


@command(by={"archivist"}, binds=True)
def decide_inquiry(
    *, actor: Actor, at: datetime, inquiry: UUID, approve: bool, valid_until: datetime | None = None, answer: str = ""
) -> events.InquiryDecided:
    """Approve until a time, or refuse with a reason; the person who asked is told."""
    row = models.Inquiry.objects.select_for_update().filter(pk=inquiry, state="filed").first()
    if row is None:
        raise rules.NOT_APPROVED()
    if (approve and (valid_until is None or valid_until <= at)) or (not approve and not answer.strip()):
        raise rules.NO_ANSWER()
    row.state, row.decided_by, row.decided_at = "approved" if approve else "refused", actor.person, at
    row.valid_until, row.answer = valid_until if approve else None, answer
    row.save()
    notify(
        to=[Recipient(person=row.inquirer)], topic="inquiry-decided", title=say("档案查询 {number}：{outcome}", number=row.number, outcome=say("已批准") if approve else say("未批准")),
        text=answer or say("可在有效期内查看批准的目录项。"), at=at, link="/archives/inquiries",
    )  # fmt: skip
    assert actor.person is not None
    return events.InquiryDecided(
        person=row.inquirer,
        inquiry=row.id,
        approved=approve,
        valid_until=row.valid_until,
        answer=answer,
        archivist=actor.person,
    )


@command(by={"*"})
def open_item(*, actor: Actor, at: datetime, inquiry: UUID, number: int) -> events.ItemOpened:
    """See one approved line: recorded before it is shown; a line that does not match its digest is not delivered."""
    found = queries.inquiry(inquiry)
    if actor.person is None or found is None or not found.open_to(actor.person, number, at):
        raise rules.NOT_APPROVED()
    item = queries.item(found.lot, number)
    assert item is not None and found.decided_by is not None
    if item.medium != "paper" and catalogue.damage(item) is not None:
        raise rules.DAMAGED(lot=found.lot, number=number, found=catalogue.damage(item))
    return events.ItemOpened(
        person=actor.person, inquiry=inquiry, lot=found.lot, number=number, digest=item.digest, purpose=found.purpose,
        approver=found.decided_by,
    )  # fmt: skip
