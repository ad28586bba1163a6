"""澄清修改: answers and changes to everybody at once, without askers, in time or with a later deadline."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import checks, clarification, models, rules
from mingzheng.stages.tendering.commands.drafting import OWNERS


@act(by=OWNERS, phases=("announced",), owner=True, binds=True, changes_lot=True)
def publish_clarification(
    *, actor: Actor, at: datetime, lot: UUID, answers: list[dict[str, str]] | None = None,
    changes: list[str] | None = None, affects_bids: bool = False, new_deadline: datetime | None = None,
    reason: str = "", amend: dict[str, Any] | None = None,
) -> list[Any]:  # fmt: skip
    """Publish answers (`question` id and `answer` each) and changes; `amend` changes fields of the documents.

    Refused tendering.extension-needed when it affects bids, comes too late and brings no later deadline (ZB-13).
    """
    items = [
        (_question(lot, str(one.get("question", ""))), str(one.get("answer", "")).strip())
        for one in answers or []
        if one.get("answer")
    ]
    said = tuple(line.strip() for text in changes or [] for line in text.splitlines() if line.strip())
    if not (items or said or amend):
        raise rules.NOTHING_TO_SAY()
    told = _Told(items, said, affects_bids or bool(amend), new_deadline, reason, amend or {})
    return _clarify(procedures.lot(lot), told, actor, at)


@act(by=OWNERS, phases=("announced",), owner=True, binds=True, changes_lot=True)
def answer_question(
    *, actor: Actor, at: datetime, lot: UUID, question: UUID, answer: str, affects_bids: bool = False,
    new_deadline: datetime | None = None, reason: str = "",
) -> list[Any]:  # fmt: skip
    """Answer one question as a clarification of its own."""
    if not answer:
        raise rules.NOTHING_TO_SAY()
    told = _Told([(_question(lot, str(question)), answer)], (), affects_bids, new_deadline, reason, {})
    return _clarify(procedures.lot(lot), told, actor, at)


_Told = clarification.Told


def _question(lot: UUID, question: str) -> models.Question:
    try:
        wanted = UUID(question)
    except ValueError:
        raise rules.NO_SUCH_QUESTION() from None
    row = models.Question.objects.select_for_update().filter(pk=wanted, lot=lot, clarification=None).first()
    if row is None:
        raise rules.NO_SUCH_QUESTION()
    return row


def _clarify(lot: procedures.LotFacts, told: clarification.Told, actor: Actor, at: datetime) -> list[Any]:
    running = procedures.clock(lot.id, "bid_deadline")
    assert running is not None
    old = running.due
    rules.in_time(at, old)
    first = checks.clarification(lot, at=at, bid_deadline=old, affects_bids=told.affects_bids)
    kept = checks.clarification(lot, at=at, bid_deadline=told.new_deadline or old, affects_bids=told.affects_bids)
    rules.may_clarify(
        kept, affects_bids=told.affects_bids, old=old, new=told.new_deadline, proposal=first.proposal
    )  # fmt: skip
    return clarification.publish(lot, told, kept, old, actor, at)
