"""The named periods of a tender's timetable: each asks one rule of the pack in force and returns its finding.

`mandatory` says whether the project must be tendered by law (依法必须招标); it softens rules made for those only.
Moments are aware datetimes. A finding that is provisional refuses nothing (see `pack_rules.Finding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mingzheng.kernel.calendar import Period
from mingzheng.stages.procedures.pack_checks import propose, span
from mingzheng.stages.procedures.pack_rules import Finding
from mingzheng.stages.procedures.packs import Pack


def plan_ahead(pack: Pack, *, plan_published: datetime, notice: datetime) -> Finding:
    """ZB-04: the plan is published well before the notice (advice)."""
    return pack.check("ZB-04", start=plan_published, end=notice)


def document_sale(
    pack: Pack, *, documents_from: datetime, documents_until: datetime, mandatory: bool = True
) -> Finding:
    """ZB-08: the documents are on offer for at least five days."""
    return pack.check("ZB-08", mandatory=mandatory, start=documents_from, end=documents_until)


def bid_preparation(pack: Pack, *, documents_from: datetime, bid_deadline: datetime, mandatory: bool = True) -> Finding:
    """ZB-12: at least twenty days from issue of the documents to the deadline; `proposal` is a deadline that keeps it."""
    return pack.check("ZB-12", mandatory=mandatory, start=documents_from, end=bid_deadline)


def question_deadline(pack: Pack, *, questions_until: datetime, bid_deadline: datetime) -> Finding:
    """WD-01: questions close early enough for answers to come fifteen days before the deadline (advice)."""
    return pack.check("WD-01", deadline=bid_deadline, at=questions_until)


def clarification(pack: Pack, *, at: datetime, bid_deadline: datetime, affects_bids: bool = True) -> Finding:
    """ZB-13: a clarification that affects bids comes fifteen days before the deadline.

    Too late: `proposal` is the new deadline (a working day at the old clock time) with which it may be published.
    One that does not affect bids is only shown the date.
    """
    finding = pack.check("ZB-13", deadline=bid_deadline, at=at)
    if finding.ok or affects_bids:
        return finding
    told = f"{finding.explanation}；本次澄清不影响投标文件编制，无须顺延"
    return Finding(rule=finding.rule, severity="warn", ok=True, explanation=told, source=finding.source)


def objection_to_documents(pack: Pack, *, at: datetime, bid_deadline: datetime) -> Finding:
    """YY-02: objections to the documents come ten days before the deadline."""
    return pack.check("YY-02", deadline=bid_deadline, at=at)


def objection_to_prequalification(pack: Pack, *, at: datetime, application_deadline: datetime) -> Finding:
    """YY-01: objections to prequalification documents come two days before the application deadline."""
    return pack.check("YY-01", deadline=application_deadline, at=at)


def objection_answer(pack: Pack, *, received: datetime, at: datetime) -> Finding:
    """YY-03: an objection is answered within three days; `due` is the end of the period."""
    return pack.check("YY-03", start=received, at=at)


def publicity_start(pack: Pack, *, report_received: datetime, at: datetime, mandatory: bool = True) -> Finding:
    """GS-01: candidates are published within three days of the report."""
    return pack.check("GS-01", mandatory=mandatory, start=report_received, at=at)


def publicity(pack: Pack, *, published: datetime) -> Period:
    """GS-02: the publicity of candidates from `published`: at least three days, the last one worked, to 24:00."""
    return span(pack.rule("GS-02"), published)


def publicity_length(pack: Pack, *, published: datetime, ends: datetime, mandatory: bool = True) -> Finding:
    """GS-02: whether publicity from `published` to `ends` is long enough."""
    return pack.check("GS-02", mandatory=mandatory, start=published, end=ends)


def award_allowed(pack: Pack, *, published: datetime, at: datetime, mandatory: bool = True) -> Finding:
    """GS-02: whether publicity is over at `at`, so that the winner may be fixed."""
    return pack.check("GS-02", mandatory=mandatory, start=published, end=at)


def objection_to_result(pack: Pack, *, published: datetime, ends: datetime, at: datetime) -> Finding:
    """GS-04: objections to the result come while candidates are published (to `ends`, at least the legal period)."""
    period = publicity(pack, published=published)
    last = max(period.ends, ends)
    ok = published <= at < last
    rule = pack.rule("GS-04")
    told = f"{rule.id} {rule.zh}：公示 {published:%Y-%m-%d %H:%M} 起，{last:%Y-%m-%d %H:%M} 止；" + (
        "在公示期内" if ok else "不在公示期内"
    )
    unsure = period.provisional and at >= period.surely_until
    return Finding(rule.id, rule.severity, ok, told, rule.source, latest=last, provisional=unsure)


def award_report(pack: Pack, *, awarded: datetime, at: datetime, mandatory: bool = True) -> Finding:
    """GS-08: the written report reaches the supervisor within fifteen days of the award."""
    return pack.check("GS-08", mandatory=mandatory, start=awarded, at=at)


def contract_signing(pack: Pack, *, notice_issued: datetime, at: datetime) -> Finding:
    """GS-09: the contract is signed within thirty days of the award notice; later is an abnormal case, not a refusal."""
    return pack.check("GS-09", start=notice_issued, at=at)


def deposit_refund(pack: Pack, *, contract_signed: datetime, at: datetime) -> Finding:
    """BZ-06: deposits go back with interest within five days of the contract, to winner and losers."""
    return pack.check("BZ-06", start=contract_signed, at=at)


def deposit_refund_after_withdrawal(pack: Pack, *, withdrawn: datetime, at: datetime) -> Finding:
    """ZB-20: a deposit goes back within five days of the bid's withdrawal before the deadline."""
    return pack.check("ZB-20", start=withdrawn, at=at)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The shortest timetable the pack allows from one notice: what a page proposes and people may lengthen."""

    documents_from: datetime
    documents_until: datetime
    questions_until: datetime
    clarify_until: datetime
    objections_until: datetime
    bid_deadline: datetime


def shortest(pack: Pack, *, documents_from: datetime, mandatory: bool = True) -> Timetable:
    """A lawful timetable from the moment the documents are issued, on working days at 09:30 and 17:00.

    For projects that need not be tendered by law the same periods are proposed: they are good practice.
    """
    late = documents_from.replace(hour=17, minute=0, second=0, microsecond=0)
    sale = document_sale(pack, documents_from=documents_from, documents_until=documents_from, mandatory=mandatory)
    prepared = bid_preparation(pack, documents_from=documents_from, bid_deadline=documents_from, mandatory=mandatory)
    if sale.earliest is None or prepared.earliest is None:  # pragma: no cover - minimum periods always have one
        raise ValueError("the pack gives no minimum periods")
    deadline = propose(prepared.earliest)
    latest = {
        "questions_until": question_deadline(pack, questions_until=documents_from, bid_deadline=deadline).latest,
        "clarify_until": clarification(pack, at=documents_from, bid_deadline=deadline).latest,
        "objections_until": objection_to_documents(pack, at=documents_from, bid_deadline=deadline).latest,
    }
    found = {name: moment for name, moment in latest.items() if moment is not None}
    return Timetable(
        documents_from=documents_from, documents_until=propose(sale.earliest, late), bid_deadline=deadline, **found
    )


def publishing(pack: Pack, facts: Mapping[str, datetime], *, mandatory: bool = True) -> tuple[Finding, ...]:
    """All findings about a notice's timetable, for the facts given (names as in `Timetable`, and `plan_published`)."""
    findings = [
        document_sale(
            pack, documents_from=facts["documents_from"], documents_until=facts["documents_until"], mandatory=mandatory
        ),
        bid_preparation(
            pack, documents_from=facts["documents_from"], bid_deadline=facts["bid_deadline"], mandatory=mandatory
        ),
    ]
    if "questions_until" in facts:
        questions = facts["questions_until"]
        findings.append(question_deadline(pack, questions_until=questions, bid_deadline=facts["bid_deadline"]))
    if "plan_published" in facts:
        findings.append(plan_ahead(pack, plan_published=facts["plan_published"], notice=facts["documents_from"]))
    return tuple(findings)
