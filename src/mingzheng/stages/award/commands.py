"""Publishing candidates, hearing objections, deciding, informing, contracting."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.wording import label
from mingzheng.stages.award import changes, events, models, queries, rules
from mingzheng.stages.deposits import changes as deposits
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import packs, periods
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.procedures.kinds import kind
from mingzheng.stages.tendering import changes as media
from mingzheng.stages.tendering import queries as tendering

OWNERS = {"procuring_entity", "agency"}


def _dealing(actor: Actor, fields: dict[str, Any]) -> UUID | None:
    found = tendering.dealing(fields["lot"], actor.organisation) if actor.organisation else None
    return found.id if found else None


def _result(lot: UUID) -> models.Result:
    row = models.Result.objects.select_for_update().filter(pk=lot).first()
    if row is None:
        raise rules.NOTHING_DECIDED()
    return row


@act(by=OWNERS, owner=True, binds=True, phases=("evaluated",), changes_lot=True)
def publish_candidates(*, actor: Actor, at: datetime, lot: UUID, ends: datetime | None = None) -> list[Any]:
    """Publish the candidates as the signed report ranks them; nothing is typed in (GS-01 to GS-03, RG-7.5.1)."""
    report, facts = evaluation.report(lot), procedures.lot(lot)
    if report is None or not report.ranking:
        raise rules.NO_REPORT()
    pack = packs.pinned(facts.pack)
    period = periods.publicity(pack, published=at)
    until = ends or period.ends
    length = periods.publicity_length(pack, published=at, ends=until, mandatory=facts.mandatory)
    if not length.ok:
        raise rules.PUBLICITY_SHORT(explanation=length.explanation, earliest=length.earliest)
    start = periods.publicity_start(pack, report_received=report.finished_at, at=at, mandatory=facts.mandatory)
    listed = changes.candidates(report)
    document, filed = changes.file_publicity(lot, report, actor, at, until)
    models.Result.objects.create(lot=lot, candidates=listed, published_at=at, publicity=document.id)
    spine.reach(lot, "publicity", at)
    published = events.CandidatesPublished(
        lot=lot, procedure=facts.procedure, candidates=tuple(listed), rejected=report.rejected, ends=until,
        document=document.id, document_digest=document.digest, findings=(length.record(), start.record()),
    )  # fmt: skip
    clock = spine.start_clock(
        lot, "publicity_ends", until, at, because=period.explanation, rule="GS-02", provisional=not period.certain
    )
    return [*filed, published, *clock, *media.send_to_media(lot, document.id, at)]


@act(by={"bidder"}, binds=True, phases=("publicity",), evidence=_dealing, kept_sealed=True)
def object_to_result(*, actor: Actor, at: datetime, lot: UUID, text: str) -> list[Any]:
    """A bidder objects during the publicity; the award is held until the answer (GS-04)."""
    line = next((b for b in opening.opened_bids(lot) if b.bidder == actor.organisation), None)
    if line is None:
        raise rules.NOT_A_BIDDER()
    ends, facts = procedures.clock(lot, "publicity_ends"), procedures.lot(lot)
    if ends is None or at >= ends.due:
        raise rules.OUTSIDE_PUBLICITY()
    if not text:
        raise rules.ANSWER_NEEDED()
    due = periods.objection_answer(packs.pinned(facts.pack), received=at, at=at).due or at
    row = models.Objection.objects.create(lot=lot, dealing=line.dealing, text=text, raised_at=at, answer_due=due)
    notify(
        to=[Recipient(organisation=facts.procuring_entity), *([Recipient(organisation=facts.agency)] if facts.agency else [])],
        topic="objection", title=say("收到对评标结果的异议"), text=say("{project}：请在 {due} 前答复。", project=facts.procedure_name, due=f"{due:%Y-%m-%d %H:%M}"),
        at=at, lot=lot, link=f"/lots/{lot}/award",
    )  # fmt: skip
    held = spine.hold(
        lot,
        "award.decide_award",
        by="对评标结果的异议尚未答复",
        lifted_by="招标人在系统内答复异议",
        at=at,
        subject=row.id,
    )
    digest = digests.of(text.encode())
    return [
        events.ObjectionFiled(dealing=line.dealing, lot=lot, objection=row.id, text=text),
        events.ObjectionRaised(lot=lot, objection=row.id, text_digest=digest, answer_due=due),
        *held,
    ]


@act(by=OWNERS, owner=True, binds=True, phases=("publicity",))
def answer_objection(
    *, actor: Actor, at: datetime, lot: UUID, objection: UUID, answer: str, upheld: bool = False
) -> list[Any]:
    """The owner answers inside the system; an objection that is not upheld frees the award, an upheld one keeps holding it."""
    row = models.Objection.objects.select_for_update().filter(pk=objection, lot=lot, answered_at=None).first()
    if row is None:
        raise rules.OBJECTION_CLOSED()
    if not answer:
        raise rules.ANSWER_NEEDED()
    row.answer, row.upheld, row.answered_at = answer, upheld, at
    row.save()
    notify(
        to=[Recipient(organisation=tendering.dealing_by_id(row.dealing).organisation)], topic="objection-answer",
        title=say("异议已答复"), text=answer, at=at, lot=lot, link=f"/lots/{lot}/award",
    )  # fmt: skip
    answered = events.ObjectionAnswered(lot=lot, objection=row.id, answer=answer, upheld=upheld)
    return [answered, *([] if upheld else spine.lift(lot, row.id, at, "异议已答复，不成立"))]


@act(by={"centre_staff"}, binds=True, phases=("publicity", "awarded"))
def confirm_publicity(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """Staff confirm the end of the publicity; not before it has ended (RG-7.5.2-1)."""
    row, ends = _result(lot), procedures.clock(lot, "publicity_ends")
    assert ends is not None and actor.person is not None
    rules.publicity_over(at, ends.due)
    if row.confirmed_at is not None:
        return []
    row.confirmed_at = at
    row.save()
    return [events.PublicityConfirmed(lot=lot, staff=actor.person)]


@act(by=OWNERS, owner=True, binds=True, phases=("publicity",), changes_lot=True)
def decide_award(
    *, actor: Actor, at: datetime, lot: UUID, bid: UUID | None = None, reason: str = ""
) -> events.AwardDecided:
    """定标: after the publicity, the first candidate, or another with a legal reason (GS-02, GS-05)."""
    row, ends, facts = _result(lot), procedures.clock(lot, "publicity_ends"), procedures.lot(lot)
    assert ends is not None
    rules.publicity_over(at, ends.due)
    chosen = next((c for c in row.candidates if bid is None or c["bid"] == str(bid)), None)
    if chosen is None:
        raise rules.NOT_A_CANDIDATE()
    rules.may_choose(chosen["rank"], reason)
    line = next(b for b in opening.opened_bids(lot) if str(b.bid) == chosen["bid"])
    row.winner, row.winner_name, row.bid, row.dealing = line.bidder, line.bidder_name, line.bid, line.dealing
    row.amount, row.decided_at = line.price, at
    row.save()
    spine.stop_clock(lot, "publicity_ends")
    spine.reach(lot, "awarded", at)
    return events.AwardDecided(
        lot=lot, procedure=facts.procedure, winner=line.bidder, winner_name=line.bidder_name, bid=line.bid,
        amount=line.price, rank=chosen["rank"], reason=reason, label=kind(facts.kind).label("supplier"),
    )  # fmt: skip


@act(by=OWNERS, owner=True, binds=True, phases=("awarded",))
def issue_notices(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """The award notice to the winner and the result to all others, in one act and at one moment (GS-07)."""
    row, facts = _result(lot), procedures.lot(lot)
    if row.notices_at is not None:
        return []
    due = periods.contract_signing(packs.pinned(facts.pack), notice_issued=at, at=at)
    assert due.due is not None
    notice, announcement, informed, filed = changes.file_notices(lot, queries.award(lot), actor, at, due.due)
    row.notices_at, row.award_notice, row.announcement = at, notice.id, announcement.id
    row.save()
    issued = events.NoticesIssued(
        lot=lot, procedure=facts.procedure, award_notice=notice.id, award_notice_digest=notice.digest,
        result_announcement=announcement.id, informed=tuple(informed), contract_due=due.due,
    )  # fmt: skip
    clock = spine.start_clock(
        lot, "contract_due", due.due, at, because=due.explanation, rule="GS-09", provisional=due.provisional
    )
    return [*filed, issued, *clock, *media.send_to_media(lot, announcement.id, at)]


@act(by=OWNERS, owner=True, binds=True, phases=("awarded",))
def offer_contract(*, actor: Actor, at: datetime, lot: UUID, terms: list[str] | None = None) -> list[Any]:
    """The owner signs the contract; its price, scope and periods are those of bid and documents (招标投标法 46)."""
    row = _result(lot)
    if row.notices_at is None:
        raise rules.NOTHING_DECIDED()
    document, filed = changes.file_contract(lot, queries.award(lot), actor, at, terms or [])
    row.contract, row.contract_digest = document.id, document.digest
    row.save()
    assert row.amount is not None
    offered = events.ContractOffered(lot=lot, document=document.id, document_digest=document.digest, amount=row.amount)
    return [*filed, offered]


@act(by={"bidder"}, binds=True, phases=("awarded",), changes_lot=True, evidence=_dealing)
def sign_contract(*, actor: Actor, at: datetime, lot: UUID, contract: UUID) -> list[Any]:
    """The winner signs this very offer; deposits go back: the others' at once, the winner's after the owner's confirmation (BZ-06, RG-7.6)."""
    row, facts = _result(lot), procedures.lot(lot)
    if row.winner != actor.organisation:
        raise rules.NOT_THE_WINNER()
    if row.contract is None or row.amount is None:
        raise rules.NO_OFFER()
    if row.contract != contract:
        raise rules.CONTRACT_CHANGED()
    due = procedures.clock(lot, "contract_due")
    row.contract_signed_at = at
    row.save()
    spine.stop_clock(lot, "contract_due")
    spine.reach(lot, "contracted", at)
    signed = events.ContractSigned(
        lot=lot, procedure=facts.procedure, document=row.contract, document_digest=row.contract_digest,
        amount=row.amount, signed_at=at, in_time=due is None or at <= due.due,
    )  # fmt: skip
    losers = [b.dealing for b in opening.opened_bids(lot) if b.dealing != row.dealing]
    assert row.dealing is not None
    rule = "招标投标法实施条例 57"
    return [
        signed,
        *deposits.entitle_refunds(lot, dealings=losers, because=label("合同已签订，退还未中标人"), rule=rule, at=at),
        *deposits.entitle_refunds(
            lot,
            dealings=[row.dealing],
            because=label("合同已签订，退还中标人"),
            rule=rule,
            at=at,
            needs_confirmation=True,
        ),
    ]
