"""异议与投诉: objections to notice and documents go to the owner, complaints to supervision; the centre assists, never decides."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as procedures_changes
from mingzheng.stages.procedures import periods
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import changes, checks, events, models, papers, queries, rules
from mingzheng.stages.tendering.commands.dealing import in_dealing
from mingzheng.stages.tendering.commands.drafting import OWNERS


def _digest(text: str) -> str:
    return digests.of(text.encode())


@act(by={"bidder"}, phases=("announced",), binds=True, while_suspended=True, evidence=in_dealing, kept_sealed=True)
def object_to_documents(*, actor: Actor, at: datetime, lot: UUID, text: str, subject: str = "documents") -> list[Any]:
    """Object to notice or documents; in time it holds the opening until answered (招标投标法实施条例 22, YY-02)."""
    found = queries.dealing(lot, actor.organisation)
    if found is None:
        raise rules.NOT_ENROLLED()
    if not text or subject not in ("notice", "documents"):
        raise rules.REASON_MISSING()
    facts, running = procedures.lot(lot), procedures.clock(lot, "bid_deadline")
    assert running is not None
    pack = checks.pack_of(facts)
    in_time = periods.objection_to_documents(pack, at=at, bid_deadline=running.due).ok
    due = periods.objection_answer(pack, received=at, at=at).due or at
    row = models.Case.objects.create(
        lot=lot, kind="objection", subject=subject, party=str(actor.organisation), person=str(actor.person), text=text,
        digest=_digest(text), phase=facts.phase, in_time=in_time, filed_at=at, forwarded_to="procuring_entity",
        forwarded_at=at, due=due,
    )  # fmt: skip
    changes.tell_owner(
        facts, topic="objection", title=say("{project}：收到对{subject}的异议", project=facts.procedure_name, subject=say(rules.SUBJECTS[subject])),
        text=say("请在 {due} 前在系统内答复；答复前不开标。", due=papers.moment(due)) if in_time else say("提出时间已超过规定期限，请核对后答复。"),
        at=at, link=f"/lots/{lot}/cases", channels=("in_site", "sms"),
    )  # fmt: skip
    held = (
        procedures_changes.hold(
            lot, "bidding.close_bidding", by="对招标文件的异议尚未答复", lifted_by="招标人答复异议", at=at, subject=row.id
        )
        if in_time else []
    )  # fmt: skip
    return [
        events.ObjectionMade(dealing=found.id, case=row.id, subject=subject, text=text, digest=row.digest),
        events.ObjectionReceived(
            lot=lot, case=row.id, in_time=in_time, answer_due=due, forwarded_to=facts.procuring_entity
        ),
        *held,
    ]


@act(by=OWNERS, owner=True, binds=True, while_suspended=True)
def answer_document_objection(*, actor: Actor, at: datetime, lot: UUID, case: UUID, answer: str) -> list[Any]:
    """The owner answers an objection inside the system; without an answer it cannot be closed (RG-7.7.1-4)."""
    if not answer:
        raise rules.ANSWER_NEEDED()
    row = _case(case, "objection", "open")
    if row.lot != lot:
        raise rules.NO_SUCH_CASE()
    _close(row, answer, at)
    return [
        events.ObjectionAnswered(lot=lot, case=row.id, answer=answer),
        *procedures_changes.lift(lot, row.id, at, "已答复"),
    ]


@act(by={"bidder", "procuring_entity", "agency"}, binds=True, while_suspended=True, after_end=True)
def file_complaint(
    *, actor: Actor, at: datetime, lot: UUID, subject: str, text: str, known: date | None = None
) -> events.ComplaintFiled:
    """Complain to the supervision department; forwarded at once, a late one is marked, never lost (YY-04, GF-6.4.2-1)."""
    if not text or subject not in rules.SUBJECTS:
        raise rules.REASON_MISSING()
    assert actor.organisation is not None
    facts = procedures.lot(lot)
    pack = checks.pack_of(facts)
    start = datetime.combine(known, time(), clock.UTC8) if known else at
    in_time = pack.check("YY-04", start=start, at=at).ok
    due = pack.check("YY-05", start=at, at=at).due or at
    row = models.Case.objects.create(
        lot=lot, kind="complaint", subject=subject, party=str(actor.organisation), person=str(actor.person), text=text,
        digest=_digest(text), phase=facts.phase, in_time=in_time, filed_at=at, forwarded_to="supervision",
        forwarded_at=at, due=due,
    )  # fmt: skip
    notify(
        to=[Recipient(person=one.id) for one in parties.people_with("supervisor")], topic="complaint",
        title=say("{project}：收到投诉", project=facts.procedure_name), text=say("请在 {due} 前决定是否受理。", due=papers.moment(due)), at=at, lot=lot, link="/cases",
    )  # fmt: skip
    return events.ComplaintFiled(
        organisation=actor.organisation, case=row.id, lot=lot, subject=subject, digest=row.digest, in_time=in_time,
        forwarded_at=at,
    )  # fmt: skip


@command(by={"supervisor"}, binds=True)
def take_complaint(
    *, actor: Actor, at: datetime, case: UUID, accepted: bool, reason: str = ""
) -> events.ComplaintTaken:
    """Supervision takes a complaint or refuses it with a reason; the complainant is told either way (YY-05)."""
    if not accepted and not reason:
        raise rules.REASON_FOR_REFUSAL()
    row = _case(case, "complaint", "open")
    due = checks.pack_of(procedures.lot(row.lot)).check("YY-06", start=at, at=at).due if accepted else None
    row.state, row.reason, row.due = "taken" if accepted else "refused", reason, due or row.due
    row.closed_at = None if accepted else at
    row.save()
    _tell_party(row, "投诉已受理" if accepted else f"投诉不予受理：{reason}", at)
    return events.ComplaintTaken(
        organisation=UUID(row.party), case=row.id, accepted=accepted, reason=reason, decision_due=due
    )


@command(by={"supervisor"}, binds=True)
def ask_assistance(*, actor: Actor, at: datetime, case: UUID, text: str) -> events.AssistanceAsked:
    """Supervision asks the centre to look into something: a task for the person responsible (RG-7.7.2)."""
    if not text:
        raise rules.REASON_MISSING()
    row = _case(case, "complaint", "open", "taken")
    staff = procedures.procedure(procedures.lot(row.lot).procedure).service_responsible
    entry = models.Assistance.objects.create(case=row, asked=text, asked_at=at)
    people = [staff] if staff else [one.id for one in parties.people_with("centre_staff")]
    notify(
        to=[Recipient(person=one) for one in people], topic="assistance", title=say("监督部门请求协助核查"), text=text, at=at,
        lot=row.lot, link="/cases",
    )  # fmt: skip
    return events.AssistanceAsked(
        organisation=UUID(row.party), case=row.id, assistance=entry.pk, text=text, staff=staff
    )


@command(by={"centre_staff"}, binds=True)
def give_assistance(
    *, actor: Actor, at: datetime, case: UUID, text: str, attachment: str = "", task: int | None = None
) -> events.AssistanceGiven:
    """Staff write what they found and the digest of what they supply, answering a request or of their own accord."""
    if not text:
        raise rules.REASON_MISSING()
    if attachment and not digests.PATTERN.fullmatch(attachment):
        raise rules.WRONG_DIGEST()
    assert actor.person is not None
    row = _case(case, "complaint", "open", "taken")
    waiting = row.assistance.filter(pk=task, given_at=None).first() if task else None
    entry = waiting or models.Assistance(case=row)
    entry.text, entry.attachment, entry.staff, entry.given_at = text, attachment, actor.person, at
    entry.save()
    return events.AssistanceGiven(
        organisation=UUID(row.party), case=row.id, assistance=entry.pk, text=text, attachment=attachment,
        staff=actor.person,
    )  # fmt: skip


@command(by={"supervisor"}, binds=True)
def decide_complaint(*, actor: Actor, at: datetime, case: UUID, decision: str) -> events.ComplaintDecided:
    """Supervision's written decision, resting on at least one assistance entry, delivered to the complainant (YY-06)."""
    if not decision:
        raise rules.ANSWER_NEEDED()
    row = _case(case, "complaint", "taken")
    rested = tuple(row.assistance.exclude(given_at=None).order_by("pk").values_list("pk", flat=True))
    if not rested:
        raise rules.ASSISTANCE_NEEDED()
    _close(row, decision, at)
    return events.ComplaintDecided(organisation=UUID(row.party), case=row.id, decision=decision, assistance=rested)


def _case(case: UUID, kind: str, *states: str) -> models.Case:
    row = models.Case.objects.select_for_update().filter(pk=case, kind=kind, state__in=states).first()
    if row is None:
        raise rules.NO_SUCH_CASE()
    return row


def _close(row: models.Case, answer: str, at: datetime) -> None:
    row.state, row.answer, row.closed_at = "closed", answer, at
    row.save()
    _tell_party(row, answer, at)


def _tell_party(row: models.Case, text: str, at: datetime) -> None:
    """Delivery to whoever filed it, with the delivery and reading states every message has."""
    notify(
        to=[Recipient(person=UUID(row.person))], topic=f"{row.kind}-answer",
        title=say("{project}：{what}", project=procedures.lot(row.lot).procedure_name, what=say("异议答复") if row.kind == "objection" else say("投诉办理")),
        text=text, at=at, lot=row.lot, link=f"/lots/{row.lot}/cases", channels=("in_site", "sms"),
    )  # fmt: skip
