"""Carrying out a clarification that passed its checks: row, papers, deadline, media, word to those who took the documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.procedures import changes as procedures_changes
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.pack_rules import Finding
from mingzheng.stages.tendering import changes, checks, events, fields, models, papers, rules


@dataclass(frozen=True, slots=True)
class Told:
    """What a clarification says: questions with answers, changes in words, changed fields, and a later deadline."""

    items: list[tuple[models.Question, str]]
    changes: tuple[str, ...]
    affects_bids: bool
    new_deadline: datetime | None
    reason: str
    amend: dict[str, Any]

    @property
    def words(self) -> tuple[dict[str, str], ...]:
        return tuple({"question": question.text, "answer": answer} for question, answer in self.items)


def publish(
    lot: procedures.LotFacts, told: Told, finding: Finding, old: datetime, actor: Actor, at: datetime
) -> list[Any]:
    """Everything a clarification does, as events of one act; the clarification itself first."""
    reason = told.reason or ("澄清修改可能影响投标文件编制，顺延投标截止时间。" if told.new_deadline else "")
    row, filed, sent = paper(lot, told, old, reason, actor, at)
    for question, answer in told.items:
        question.clarification, question.answer = row, answer
        question.save()
    said = events.ClarificationPublished(
        lot=lot.id, clarification=row.id, number=row.number, items=told.words, changes=told.changes,
        affects_bids=told.affects_bids, finding=finding.record(), old_deadline=old, new_deadline=told.new_deadline,
        document=row.document, digest=row.digest,
    )  # fmt: skip
    moved = move_deadline(lot.id, told.new_deadline, reason) if told.new_deadline else []
    amended = _amend(lot, told.amend, told.new_deadline or old, actor, at) if told.amend else []
    deadline = f"投标截止时间顺延至 {papers.moment(told.new_deadline)}。" if told.new_deadline else "投标截止时间不变。"
    changes.tell_holders(
        lot.id, topic="clarification", title=say("{project}：第 {number} 号澄清", project=lot.procedure_name, number=row.number),
        text=say("招标文件第 {number} 号澄清已发布，请下载查看。{deadline}", number=row.number, deadline=deadline), at=at, link=f"/lots/{lot.id}/questions",
    )  # fmt: skip
    return [said, *filed, *moved, *amended, *sent]


def paper(
    lot: procedures.LotFacts, told: Told, old: datetime, reason: str, actor: Actor, at: datetime
) -> tuple[models.Clarification, list[Any], list[Any]]:
    """File and send the clarification's paper; the row, the filing event, the commission of the media."""
    number = procedures_changes.next_serial(f"clarifications-{lot.id}")
    facts = papers.clarification(
        lot, number=number, items=told.words, changes=told.changes, old=old, new=told.new_deadline, reason=reason,
        actor=actor, at=at,
    )  # fmt: skip
    filed_paper, filed = procedures_changes.file_document(
        lot.id, "clarification", f"第 {number} 号澄清", facts, at, signers=(actor.name,) if actor.name else ()
    )
    row = models.Clarification.objects.create(
        lot=lot.id, number=number, items=list(told.words), changes=list(told.changes),
        affects_bids=told.affects_bids, old_deadline=old, new_deadline=told.new_deadline, document=filed_paper.id,
        digest=filed_paper.digest, author=facts["issuer"], published_at=at,
    )  # fmt: skip
    return row, filed, changes.send_to_media(lot.id, filed_paper.id, at)


def move_deadline(lot: UUID, due: datetime, reason: str) -> list[Any]:
    """The deadline moves; the opening is at the same moment (招标投标法 34)."""
    return procedures_changes.move_clock(lot, "bid_deadline", due, reason)


def _amend(
    lot: procedures.LotFacts, changed: dict[str, Any], deadline: datetime, actor: Actor, at: datetime
) -> list[Any]:
    """A new version of the tender document with the changed fields, held against the same rules as the first."""
    row = models.Tender.objects.select_for_update().get(pk=lot.id)
    document = fields.read({**row.fields, **changed})
    times = checks.timetable(lot, row.published_at, bid_deadline=deadline)
    findings = checks.check(lot, document, times, present=set(), template=row.template)
    rules.may_publish([one for one in findings if one.rule in rules.AMENDMENT_RULES], {})
    filed_paper, filed = procedures_changes.file_document(
        lot.id, "tender_document", f"招标文件（第 {row.version + 1} 版）",
        papers.tender_document(lot, document, times, actor, at), at, signers=(actor.name,) if actor.name else (),
    )  # fmt: skip
    record = document.record()
    row.version, row.fields, row.content_digest = row.version + 1, record, fields.digest(record)
    row.criteria_digest, row.document_digest = document.criteria_digest(), filed_paper.digest
    row.tender_document = filed_paper.id
    row.save()
    amended = events.DocumentAmended(
        lot=lot.id, version=row.version, changed={key: record.get(key) for key in changed},
        content_digest=row.content_digest, criteria_digest=row.criteria_digest, tender_document=filed_paper.id,
        document_digest=row.document_digest,
    )  # fmt: skip
    return [amended, *filed]
