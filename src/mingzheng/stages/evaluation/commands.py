"""Forming the committee, declaring, electing, scoring, signing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.wording import label
from mingzheng.ledger import reading, vault
from mingzheng.ledger.entries import stored_stream
from mingzheng.stages.deposits import changes as deposits
from mingzheng.stages.evaluation import changes, events, models, rules
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import packs
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import queries as tendering

OWNERS = {"procuring_entity", "agency"}
MEMBERS = {"expert", "procuring_entity"}


def _locked(lot: UUID) -> models.Evaluation:
    row = models.Evaluation.objects.select_for_update().filter(pk=lot).first()
    if row is None:
        raise rules.NOT_A_MEMBER()
    return row


def _member(lot: UUID, actor: Actor) -> models.Member:
    """The actor's own seat, locked."""
    tag = vault.tag("person", actor.person)
    row = models.Member.objects.select_for_update().filter(lot=lot, active=True, person_tag=tag).first()
    if actor.person is None or row is None:
        raise rules.NOT_A_MEMBER()
    if row.recused:
        raise rules.RECUSED()
    return row


@act(by=OWNERS, owner=True, binds=True, phases=("opened",), kept_sealed=True)
def form_committee(
    *, actor: Actor, at: datetime, lot: UUID, experts: list[UUID] | None = None, count: int = 5,
    representatives: list[UUID] | None = None, specialties: list[str] | None = None, direct_reason: str = "",
    reason: str = "",
) -> list[Any]:  # fmt: skip
    """Form the committee: experts drawn at random from the pool, or named directly with a legal reason (PW-01 to PW-05)."""
    if models.Evaluation.objects.filter(pk=lot).exists():
        raise rules.ALREADY_FORMED()
    facts, representatives = procedures.lot(lot), representatives or []
    pool, recused = changes.eligible(lot, specialties or [])
    record: dict[str, Any] = {}
    committed: list[Any] = []
    if experts:
        if direct_reason not in rules.DIRECT_REASONS or not reason:
            raise rules.REASON_NEEDED()
        changes.require_free(lot, experts)
        chosen, source = list(experts), "appointed"
    else:
        wanted = count - len(representatives)
        if len(pool) < wanted:
            raise rules.TOO_FEW_EXPERTS(available=len(pool))
        chosen, record, committed = changes.draw_experts(lot, pool, wanted, str(lot), at)
        source = "drawn"
    changes.require_outside(lot, [*chosen, *representatives])
    changes.require_of_the_house(lot, representatives)
    pack = packs.pinned(facts.pack)
    total = len(chosen) + len(representatives)
    size = pack.check("PW-01", mandatory=facts.mandatory, count=total)
    share = pack.check("PW-02", mandatory=facts.mandatory, count=len(chosen), of=total)
    if size.refuses:
        raise rules.SIZE(explanation=size.explanation)
    if share.refuses:
        raise rules.SHARE(explanation=share.explanation)
    method = tendering.tender(lot).method
    models.Evaluation.objects.create(lot=lot, method=method, formed_at=at, draw=record)
    people = [(p, "expert", source) for p in chosen] + [(p, "representative", "appointed") for p in representatives]
    for seat, (person, kind, how) in enumerate(people, start=1):
        models.Member.objects.create(
            lot=lot, seat=seat, person=str(person), person_tag=vault.tag("person", person), kind=kind, source=how
        )
    notify(
        to=[Recipient(person=person) for person, _, _ in people], topic="evaluation-call", title=say("评标通知"),
        text=say("请参加评标：{code}。到席后签到。", code=facts.section_code), at=at, link="/evaluations", channels=("in_site", "sms", "call"),
    )  # fmt: skip
    formed = events.CommitteeFormed(
        committee=lot, lot=lot, method="direct" if experts else "drawn", draw=record, recused=recused, reason=reason or direct_reason,
        members=tuple({"seat": s, "person": str(p), "kind": k, "source": h} for s, (p, k, h) in enumerate(people, start=1)),
        findings=(size.record(), share.record()),
    )  # fmt: skip
    announced = events.CommitteeAnnounced(lot=lot, seats=total, experts=len(chosen), method=formed.method)
    return [formed, announced, *committed]


@act(by=OWNERS, owner=True, binds=True, phases=("opened", "evaluation"), kept_sealed=True)
def replace_member(*, actor: Actor, at: datetime, lot: UUID, seat: int, cause: str, reason: str) -> list[Any]:
    """Replace a member by recusal, desertion or health; the new member is drawn, the former's opinions are void (PW-07).

    A report that counted them is void too: the committee goes back to scoring, and the new member scores first.
    """
    row = _locked(lot)
    if cause not in rules.REPLACEMENT_CAUSES or not reason:
        raise rules.REASON_MISSING()
    former = models.Member.objects.select_for_update().filter(lot=lot, seat=seat, active=True).first()
    if former is None or row.state == "finished":
        raise rules.NOT_A_MEMBER()
    pool, recused = changes.eligible(lot, [])
    if not pool:
        raise rules.TOO_FEW_EXPERTS(available=0)
    chosen, record, committed = changes.draw_experts(lot, pool, 1, f"{lot} {seat}", at)
    former.active = False
    former.save()
    models.Member.objects.create(
        lot=lot,
        seat=seat,
        person=str(chosen[0]),
        person_tag=vault.tag("person", chosen[0]),
        kind=former.kind,
        source="drawn",
    )
    if row.chair == seat:
        row.chair = None
        row.save()
    notify(
        to=[Recipient(person=chosen[0])], topic="evaluation-call", title=say("评标通知"), at=at, link="/evaluations",
        text=say("请参加评标（补抽）。到席后签到。"), channels=("in_site", "sms", "call"),
    )  # fmt: skip
    void = [_scoring_again(row, reason)] if row.state == "signing" else []
    return [
        *void,
        events.MemberReplaced(committee=lot, lot=lot, seat=seat, person=chosen[0], cause=cause, reason=reason),
        events.SeatDrawn(committee=lot, lot=lot, seat=seat, draw=record, recused=recused), *committed,
    ]  # fmt: skip


@act(by=MEMBERS, phases=("opened", "evaluation"))
def sign_in_member(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """A member signs in at the seat."""
    row = _member(lot, actor)
    if row.signed_in_at is not None:
        return []
    row.signed_in_at = at
    row.save()
    return [events.MemberSignedIn(committee=lot, lot=lot, seat=row.seat)]


@act(by=MEMBERS, binds=True, phases=("opened", "evaluation"))
def declare(*, actor: Actor, at: datetime, lot: UUID, recuse: bool = False, reason: str = "") -> events.DeclarationMade:
    """Declare no conflict and secrecy, or stand back with the reason."""
    row = _member(lot, actor)
    if recuse and not reason:
        raise rules.REASON_MISSING()
    row.declared_at, row.recused = at, recuse
    row.save()
    digest = digests.of(rules.DECLARATION.encode())
    return events.DeclarationMade(
        committee=lot, lot=lot, seat=row.seat, recused=recuse, reason=reason, text_digest=digest
    )


@act(by=MEMBERS, phases=("opened", "evaluation"))
def vote_chair(*, actor: Actor, at: datetime, lot: UUID, seat: int) -> events.ChairVoteCast:
    """Vote for the chair; the most votes win, a tie begins a new round (PW-09, LN-7.2.3-1)."""
    evaluation, row = _locked(lot), _member(lot, actor)
    if row.declared_at is None:
        raise rules.DECLARE_FIRST()
    members = list(models.Member.objects.filter(lot=lot, active=True))
    target = next((m for m in members if m.seat == seat), None)
    if target is None:
        raise rules.NOT_A_MEMBER()
    if target.kind == "representative":
        raise rules.REPRESENTATIVE_NO_CHAIR()
    row.vote = seat
    row.save()
    votes = [seat if m.pk == row.pk else m.vote for m in members]
    winner, tie = rules.elected([v for v in votes if v is not None], len(members))
    if tie:
        models.Member.objects.filter(lot=lot, active=True).update(vote=None)
    if winner is not None:
        evaluation.chair = winner
        evaluation.save()
    return events.ChairVoteCast(committee=lot, lot=lot, seat=row.seat, vote=seat, elected=winner, tie=tie)


@act(by=OWNERS, owner=True, binds=True, phases=("opened",), changes_lot=True)
def start_evaluation(*, actor: Actor, at: datetime, lot: UUID) -> events.EvaluationStarted:
    """Start when everybody is present and declared and the chair is elected; the criteria are locked (RG-7.4.2-b)."""
    row, members = _locked(lot), list(models.Member.objects.filter(lot=lot, active=True))
    missing = [
        label
        for label, gone in (
            ("签到", any(m.signed_in_at is None for m in members)),
            ("声明", any(m.declared_at is None or m.recused for m in members)),
            ("推选组长", row.chair is None),
        )
        if gone
    ]
    if missing:
        raise rules.NOT_READY(missing="、".join(missing))
    row.state, row.started_at = "scoring", at
    row.save()
    spine.reach(lot, "evaluation", at)
    return events.EvaluationStarted(lot=lot, seats=len(members), criteria_digest=tendering.tender(lot).criteria_digest)


@act(by=MEMBERS, binds=True, phases=("evaluation",), kept_sealed=True)
def commit_scores(
    *,
    actor: Actor,
    at: datetime,
    lot: UUID,
    scores: dict[str, Any] | None = None,
    opinions: dict[str, Any] | None = None,
) -> list[Any]:
    """Seal one's own scores and opinions; when the last member has, the result follows and the report is drawn up."""
    evaluation, row = _locked(lot), _member(lot, actor)
    if row.committed_at is not None or evaluation.state != "scoring":
        raise rules.ALREADY_COMMITTED()
    if row.declared_at is None:
        raise rules.DECLARE_FIRST()
    tender = tendering.tender(lot)
    bids = [str(b.bid) for b in opening.opened_bids(lot) if b.state == "read"]
    wanted = tender.criteria if tender.method == "weighted" else ()
    row.scores = rules.check_scores(wanted, bids, scores or {}) if wanted else {}
    row.opinions = rules.check_opinions(bids, opinions or {})
    row.committed_at = at
    row.save()
    committed = events.ScoresCommitted(
        committee=lot, lot=lot, seat=row.seat, version=evaluation.version, scores=row.scores, opinions=row.opinions
    )
    members = list(models.Member.objects.filter(lot=lot, active=True).order_by("seat"))
    if any(m.committed_at is None for m in members):
        return [committed]
    evaluation.outcome = changes.compute(lot, tender, members)
    evaluation.state = "signing"
    document, filed = changes.file_report(lot, evaluation, members, at)
    evaluation.report = document.id
    evaluation.save()
    revealed = events.ScoresRevealed(
        committee=lot, lot=lot, version=evaluation.version, ranking=tuple(evaluation.outcome["ranking"]),
        rejected=tuple(evaluation.outcome["rejected"]), trace=tuple(evaluation.outcome["trace"]),
    )  # fmt: skip
    return [committed, revealed, *filed]


@act(by=MEMBERS, binds=True, phases=("evaluation",))
def roll_back(*, actor: Actor, at: datetime, lot: UUID, reason: str) -> events.EvaluationRolledBack:
    """The chair returns to scoring with a reason; the earlier version stays in the stream (评标回退)."""
    evaluation, row = _locked(lot), _member(lot, actor)
    if evaluation.chair != row.seat:
        raise rules.ONLY_CHAIR()
    if not reason or evaluation.state != "signing":
        raise rules.REASON_MISSING()
    return _scoring_again(evaluation, reason)


def _scoring_again(evaluation: models.Evaluation, reason: str) -> events.EvaluationRolledBack:
    """Everybody seals anew for the next version."""
    lot = evaluation.lot
    models.Member.objects.filter(lot=lot, active=True).update(committed_at=None, signed_at=None)
    evaluation.version, evaluation.state, evaluation.report = evaluation.version + 1, "scoring", None
    evaluation.save()
    return events.EvaluationRolledBack(committee=lot, lot=lot, version=evaluation.version, reason=reason)


@act(by=MEMBERS, binds=True, phases=("evaluation",), changes_lot=True, kept_sealed=True)
def sign_report(*, actor: Actor, at: datetime, lot: UUID, report: UUID, dissent: str = "") -> list[Any]:
    """Sign this very report, with a written dissent if there is one; the last signature ends the evaluation (PW-16)."""
    evaluation, row = _locked(lot), _member(lot, actor)
    if evaluation.state != "signing" or evaluation.report is None:
        raise rules.NOTHING_TO_SIGN()
    if evaluation.report != report:
        raise rules.REPORT_CHANGED()
    if row.committed_at is None:
        raise rules.NOT_ALL_COMMITTED()
    if row.signed_at is not None:
        return []
    row.signed_at, row.dissent, row.certificate = at, dissent, actor.certificate
    row.save()
    draft = procedures.document(evaluation.report)
    signed = events.ReportSigned(committee=lot, lot=lot, seat=row.seat, report_digest=draft.digest, dissent=dissent)
    members = list(models.Member.objects.filter(lot=lot, active=True).order_by("seat"))
    if any(m.signed_at is None for m in members):
        return [signed]
    return [signed, *_finish(lot, evaluation, members, at)]


def _finish(lot: UUID, evaluation: models.Evaluation, members: list[models.Member], at: datetime) -> list[Any]:
    document, filed = changes.file_report(lot, evaluation, members, at)
    evaluation.report, evaluation.state, evaluation.finished_at = document.id, "finished", at
    evaluation.all_rejected = not evaluation.outcome["ranking"]
    evaluation.save()
    name = stored_stream(f"committee:{lot}")
    _, length, head = next(
        iter(reading.heads([name])), (name, 0, digests.named(digests.current(), bytes(digests.SIZE)))
    )
    finished = events.EvaluationFinished(
        lot=lot, procedure=procedures.lot(lot).procedure, report=document.id, report_digest=document.digest,
        finished_at=at, all_rejected=evaluation.all_rejected, committee_stream=name, committee_length=length,
        committee_head=head,
    )  # fmt: skip
    spine.reach(lot, "evaluated", at)
    if not evaluation.all_rejected:
        return [*filed, finished]
    return [
        *filed, finished, *spine.fail_lot(lot, "all_rejected", "PW-14 招标投标法 42"),
        *deposits.entitle_refunds(lot, because=label("全部投标被否决，重新招标"), rule="招标投标法 42", at=at),
    ]  # fmt: skip
