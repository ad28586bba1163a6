"""发布公告: the owner publishes notice and tender documents by its own signature."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.procedures import changes as procedures_changes
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.procedures.rules import EXPERTS
from mingzheng.stages.tendering import changes, checks, drafts, events, fields, models, papers, rules
from mingzheng.stages.tendering.commands.drafting import OWNERS


@act(by=OWNERS, phases=("registered",), owner=True, binds=True, changes_lot=True)
def publish_notice(
    *, actor: Actor, at: datetime, lot: UUID, confirmation: str = "", document: dict[str, Any] | None = None,
    notice: dict[str, Any] | None = None, template: str = "", bid_deadline: datetime | None = None,
    documents_until: datetime | None = None, question_deadline: datetime | None = None, opening_place: str = "",
    reasons: dict[str, str] | None = None,
) -> list[Any]:  # fmt: skip
    """Publish notice and tender documents (招标投标法 16, 19, 24); fields left out come from template and registration.

    Refused: tendering.confirmation-needed (RG-7.2.2), tendering.breaks-rules, tendering.reason-needed (each finding
    that asks for a reason needs one in `reasons`, by rule id), tendering.field-wrong, tendering.method-wrong.
    """
    facts = procedures.lot(lot)
    confirmed = rules.confirmed(confirmation)
    whole = drafts.complete(
        facts, template, fields.listed(document or {}), {**(notice or {}), "opening_place": opening_place}
    )
    times = checks.timetable(
        facts, at, bid_deadline=bid_deadline, documents_until=documents_until, question_deadline=question_deadline
    )
    rules.in_time(at, times.bid_deadline)
    reasons = {key: str(value).strip() for key, value in (reasons or {}).items() if str(value).strip()}
    findings = drafts.findings(facts, whole, times)
    rules.may_publish(findings, reasons)
    told = tuple(one.record() for one in findings)
    return _publish(facts, whole, times, actor, at, {"findings": told, "reasons": reasons, "confirmation": confirmed})


def _publish(
    lot: procedures.LotFacts, whole: drafts.Whole, times: checks.Times, actor: Actor, at: datetime,
    grounds: Mapping[str, Any],
) -> list[Any]:  # fmt: skip
    """Papers, row, clocks, media and the event of a notice that passed its checks."""
    document, media = whole.document, changes.media_names()
    signers = (actor.name,) if actor.name else ()
    tender_paper, tender_filed = procedures_changes.file_document(
        lot.id,
        "tender_document",
        "招标文件",
        papers.tender_document(lot, document, times, actor, at),
        at,
        signers=signers,
    )
    notice_paper, notice_filed = procedures_changes.file_document(
        lot.id, "tender_notice", "招标公告", papers.notice(lot, document, whole.notice, times, media, actor, at), at,
        signers=signers,
    )  # fmt: skip
    record, pack = document.record(), checks.pack_of(lot).pin
    row = models.Tender.objects.create(
        lot=lot.id, published_at=at, template=whole.template, pack=pack, fields=record, notice=whole.notice,
        content_digest=fields.digest(record), criteria_digest=document.criteria_digest(),
        document_digest=tender_paper.digest, notice_document=notice_paper.id, tender_document=tender_paper.id,
    )  # fmt: skip
    procedures_changes.reach(lot.id, "announced", at)
    published = events.NoticePublished(
        lot=lot.id, procedure=lot.procedure, version=1, template=whole.template, pack=pack, method=document.method,
        fields=record, content_digest=row.content_digest, criteria_digest=row.criteria_digest,
        price_ceiling=document.price_ceiling, deposit_amount=document.deposit_amount,
        documents_from=times.documents_from, documents_until=times.documents_until,
        question_deadline=times.question_deadline, bid_deadline=times.bid_deadline,
        opening_place=whole.notice["opening_place"], notice_document=notice_paper.id, tender_document=tender_paper.id,
        document_digest=tender_paper.digest, **grounds,
    )  # fmt: skip
    return [
        published, *tender_filed, *notice_filed, *_clocks(lot, times, at, published.findings),
        *procedures_changes.commit_seed(lot.id, EXPERTS, at), *changes.send_to_media(lot.id, notice_paper.id, at),
    ]  # fmt: skip


def _clocks(
    lot: procedures.LotFacts, times: checks.Times, at: datetime, findings: tuple[dict[str, Any], ...]
) -> list[Any]:
    """The notice's clocks; the deadline is also the time of the opening (招标投标法 34)."""
    told = {one["rule"]: one for one in findings}
    started: list[Any] = []
    for name, due, rule in (
        ("documents_until", times.documents_until, "ZB-08"), ("question_deadline", times.question_deadline, "WD-01"),
        ("bid_deadline", times.bid_deadline, "ZB-12"),
    ):  # fmt: skip
        because = str(told.get(rule, {}).get("explanation", ""))
        started += procedures_changes.start_clock(lot.id, name, due, at, because=because, rule=rule)
    return started
