"""What a bidder does before bidding: enrol, download, ask. Everything stays in its own sealed stream (招标投标法 22)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import changes, events, models, queries, rules


def in_dealing(actor: Actor, arguments: dict[str, Any]) -> UUID | None:
    """The dealing whose stream keeps a refusal."""
    return queries.dealing_id(arguments["lot"], actor.organisation)


def _before_deadline(lot: UUID, at: datetime) -> None:
    deadline = procedures.clock(lot, "bid_deadline")
    rules.in_time(at, deadline.due if deadline else None)


def _contact(actor: Actor, name: str, phone: str, email: str) -> dict[str, str]:
    return {"name": name or actor.name, "phone": phone, "email": email}


@act(by={"bidder"}, phases=("announced",), binds=True, evidence=in_dealing)
def enrol(*, actor: Actor, at: datetime, lot: UUID, contact: str = "", phone: str = "", email: str = "") -> list[Any]:
    """Take part in a lot. No vetting, no approval, nobody else learns of it (电子招标投标办法 20, 招标投标法 22)."""
    _before_deadline(lot, at)
    assert actor.organisation is not None
    told = _contact(actor, contact, phone, email)
    row, begun = changes.open_dealing(lot, actor.organisation, actor.organisation_name, told, at, "enrolment")
    if not begun:
        if row.contact == told:
            raise rules.ENROLLED_ALREADY()
        return _new_contact(row, told)
    return begun


@act(by={"bidder"}, phases=("announced",), evidence=in_dealing)
def change_contact(
    *, actor: Actor, at: datetime, lot: UUID, contact: str, phone: str = "", email: str = ""
) -> list[Any]:
    """Give another contact for this lot."""
    found = queries.dealing(lot, actor.organisation)
    if found is None:
        raise rules.NOT_ENROLLED()
    return _new_contact(models.Dealing.objects.get(pk=found.id), _contact(actor, contact, phone, email))


def _new_contact(row: models.Dealing, told: dict[str, str]) -> list[Any]:
    row.contact = told
    row.save(update_fields=["contact"])
    return [events.ContactChanged(dealing=row.id, contact=told)]


@act(by={"bidder"}, phases=("announced",), evidence=in_dealing)
def download_document(*, actor: Actor, at: datetime, lot: UUID, document: UUID) -> list[Any]:
    """Take a paper of the lot; the first one begins the bidder's dealings, so that clarifications reach it (ZB-09)."""
    paper = procedures.document(document)
    if paper.lot != lot or not paper.public:
        raise rules.NOT_A_PAPER()
    assert actor.organisation is not None
    told = _contact(actor, "", "", "")
    row, begun = changes.open_dealing(lot, actor.organisation, actor.organisation_name, told, at, "download")
    row.downloads = [*row.downloads, {"document": str(document), "title": paper.title, "at": clock.text(at)}]
    row.save(update_fields=["downloads"])
    return [
        *begun,
        events.DocumentDownloaded(dealing=row.id, document=document, digest=issuing.issued(document).digest),
    ]


@act(by={"bidder"}, phases=("announced",), evidence=in_dealing)
def ask_question(*, actor: Actor, at: datetime, lot: UUID, text: str) -> events.QuestionAsked:
    """Ask about the documents. The owner reads the words without the name; so does everybody once it is answered."""
    found = queries.dealing(lot, actor.organisation)
    if found is None:
        raise rules.NOT_ENROLLED()
    if not text:
        raise rules.REASON_MISSING()
    until = procedures.clock(lot, "question_deadline")
    if until is not None and at >= until.due:
        raise rules.QUESTIONS_OVER(deadline=until.due)
    _before_deadline(lot, at)
    row = models.Question.objects.create(lot=lot, dealing=str(found.id), text=text, asked_at=at)
    facts = procedures.lot(lot)
    changes.tell_owner(
        facts, topic="question", title=say("{project}：收到一个问题", project=facts.procedure_name), text=say("有投标人对招标文件提问，提问人保密。"),
        at=at, link=f"/lots/{lot}/questions",
    )  # fmt: skip
    digest = digests.of(text.encode())
    return events.QuestionAsked(dealing=found.id, question=row.id, text=text, digest=digest)
