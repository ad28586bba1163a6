"""Asking, forwarding, answering, referring."""

import secrets
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.ledger import vault
from mingzheng.ledger.writing import Happened, command
from mingzheng.stages.consulting import events, models, queries, rules
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import packs
from mingzheng.stages.procedures import queries as procedures

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _digest(*texts: str) -> str:
    return digests.of("\n".join(texts).encode())


def _responsible(actor: Actor) -> UUID:
    """Who was asked first answers for it; online questions go to whoever has the fewest open ones."""
    if actor.has("centre_staff"):
        assert actor.person is not None
        return actor.person
    staff = sorted(parties.people_with("centre_staff"), key=lambda one: (queries.open_of(one.id), one.name))
    if not staff:
        raise rules.INCOMPLETE(field="服务台")
    return staff[0].id


def _told(happened: Happened) -> dict[str, str]:
    """The whole number, with the letters that open the question and its answer: for who asked, and in no entry."""
    row = models.Question.objects.get(pk=happened.event.question)
    return {"number": row.number}


@command(by={"*"}, tells=_told, kept_sealed=True)
def ask(
    *, actor: Actor, at: datetime, category: str, text: str, channel: str = "online", contact: str = "", caller: str = "",
    counter: str = "", procedure: UUID | None = None,
) -> events.QuestionAsked:  # fmt: skip
    """Ask the desk; staff enter what came by telephone or at the counter. The number is the key to the answer."""
    wrong = [
        name for name, bad in (
            ("咨询类别", category not in rules.CATEGORIES), ("咨询内容", not text.strip() or len(text) > 4000),
            ("渠道", channel not in rules.CHANNELS), ("咨询人", channel == "phone" and not caller.strip()),
            ("柜台号", channel == "onsite" and not counter.strip()),
        ) if bad
    ]  # fmt: skip
    if wrong:
        raise rules.INCOMPLETE(field=wrong[0])
    if channel != "online" and not actor.has("centre_staff"):
        raise rules.STAFF_ONLY()
    if procedure is not None:
        procedures.require_known_procedure(procedure, actor, at)
    responsible = _responsible(actor)
    key = "".join(secrets.choice(LETTERS) for _ in range(5))
    asker = actor.person if channel == "online" else None
    row = models.Question.objects.create(
        number=f"ZX-{at:%Y}-{spine.next_serial(f'consultation-{at:%Y}'):05d}-{key}", category=category, channel=channel,
        queue="duty" if category == "other" else "person", asker_tag=vault.tag("asker", asker) if asker else "",
        asker=str(asker or ""), caller=caller, contact=contact, counter=counter, procedure=procedure, text=text, asked_at=at,
        due=rules.promised(at), first_responsible=responsible, handler=responsible,
    )  # fmt: skip
    _tell(responsible, row, "question", say("有新的咨询"), at)
    return events.QuestionAsked(
        question=row.id, number=rules.public_number(row.number), category=category, channel=channel, first_responsible=responsible, due=row.due,
        digest=_digest(text),
    )  # fmt: skip


def _tell(person: UUID, row: models.Question, topic: str, title: str, at: datetime) -> None:
    link = "/consult" if topic == "answer" else "/consultations"
    notify(
        to=[Recipient(person=person)],
        topic=topic,
        title=say("{what} {number}", what=say(title), number=row.number),
        text=row.answer or row.text,
        at=at,
        link=link,
    )


def _open(question: UUID) -> models.Question:
    row = models.Question.objects.select_for_update().filter(pk=question, state="open").first()
    if row is None:
        raise rules.NOT_OPEN()
    return row


@command(by={"centre_staff"})
def forward(*, actor: Actor, at: datetime, question: UUID, to: UUID) -> events.QuestionForwarded:
    """Let a colleague handle it; who was asked first stays responsible (GF-6.1.2)."""
    row = _open(question)
    if "centre_staff" not in parties.person(to).roles:
        raise rules.INCOMPLETE(field="承办人")
    row.handler = to
    row.save()
    _tell(to, row, "question", say("转来的咨询"), at)
    return events.QuestionForwarded(question=row.id, handler=to, first_responsible=row.first_responsible)


@command(by={"centre_staff"})
def answer(
    *, actor: Actor, at: datetime, question: UUID, text: str, citations: list[str] | None = None, publish: bool = False
) -> events.QuestionAnswered:
    """Answer; on policy and law with at least one entry of the law library. `publish` lets everybody find it."""
    row = _open(question)
    assert actor.person is not None
    cited = [one for one in citations or [] if one]
    if not text.strip() or any(one not in packs.laws() for one in cited):
        raise rules.INCOMPLETE(field="答复或所引法规")
    if row.category == "policy" and not cited:
        raise rules.CITATION_NEEDED()
    row.state, row.answer, row.citations, row.answered_at = "answered", text, cited, at
    row.handler, row.published = actor.person, publish
    row.save()
    if row.asker:
        _tell(UUID(row.asker), row, "answer", say("咨询已答复"), at)
    return events.QuestionAnswered(
        question=row.id,
        number=rules.public_number(row.number),
        handler=actor.person,
        citations=tuple(cited),
        published=publish,
        digest=_digest(text),
    )


@command(by={"*"}, kept_sealed=True)
def read_answer(*, actor: Actor, at: datetime, question: UUID) -> events.AnswerRead | None:
    """The person who asked opens the answer; only the first time counts."""
    tag = vault.tag("asker", actor.person) if actor.person else "-"
    row = models.Question.objects.select_for_update().filter(pk=question, asker_tag=tag).exclude(state="open").first()
    if row is None:
        raise rules.NOT_OPEN()
    if row.read_at is not None:
        return None
    row.read_at = at
    row.save()
    return events.AnswerRead(question=row.id, number=rules.public_number(row.number))


@command(by={"centre_staff"})
def refer(*, actor: Actor, at: datetime, question: UUID, explanation: str, referral: str) -> events.QuestionReferred:
    """Close what is outside the centre's competence: explained, with whom to ask instead (GF-6.1.4)."""
    row = _open(question)
    assert actor.person is not None
    if not explanation.strip() or not referral.strip():
        raise rules.EXPLANATION_NEEDED()
    row.state, row.answer, row.referral, row.answered_at, row.handler = (
        "referred",
        explanation,
        referral,
        at,
        actor.person,
    )
    row.save()
    if row.asker:
        _tell(UUID(row.asker), row, "answer", say("咨询已答复"), at)
    return events.QuestionReferred(
        question=row.id,
        number=rules.public_number(row.number),
        handler=actor.person,
        referral=referral,
        digest=_digest(explanation, referral),
    )
