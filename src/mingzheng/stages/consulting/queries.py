"""The register of questions, for staff, for who asked, and what everybody may read."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.ledger import vault
from mingzheng.stages.consulting import models, rules
from mingzheng.stages.parties import queries as parties


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """One question with its answer; `handler_name` is who answers."""

    id: UUID
    number: str
    category: str
    category_name: str
    channel: str
    queue: str
    caller: str
    contact: str
    counter: str
    procedure: UUID | None
    text: str
    asked_at: datetime
    due: datetime
    first_responsible: UUID
    handler: UUID
    handler_name: str
    state: str
    answer: str
    citations: tuple[str, ...]
    referral: str
    answered_at: datetime | None
    read_at: datetime | None
    published: bool

    def overdue(self, at: datetime) -> bool:
        return self.state == "open" and at >= self.due


def _facts(row: models.Question) -> QuestionFacts:
    return QuestionFacts(
        row.id, row.number, row.category, rules.CATEGORIES[row.category], row.channel, row.queue, row.caller, row.contact,
        row.counter, row.procedure, row.text, row.asked_at, row.due, row.first_responsible, row.handler,
        parties.person(row.handler).name, row.state, row.answer, tuple(row.citations), row.referral, row.answered_at,
        row.read_at, row.published,
    )  # fmt: skip


def question(question: UUID) -> QuestionFacts | None:
    row = models.Question.objects.filter(pk=question).first()
    return _facts(row) if row else None


def by_number(number: str) -> QuestionFacts | None:
    """The number is the key its asker was given: its last part cannot be guessed."""
    row = models.Question.objects.filter(number=number.strip().upper()).first()
    return _facts(row) if row else None


def register(words: str = "", *, state: str = "", category: str = "", queue: str = "") -> list[QuestionFacts]:
    """All questions, newest first; with `words` those whose number, question or answer holds them."""
    rows = models.Question.objects.order_by("-asked_at", "-number")
    for name, value in (("state", state), ("category", category), ("queue", queue)):
        rows = rows.filter(**{name: value}) if value else rows
    found = [_facts(row) for row in rows[:1000]]
    return [one for one in found if all(w in f"{one.number} {one.text} {one.answer}" for w in words.split())]


def mine(person: UUID) -> list[QuestionFacts]:
    """What a person asked, newest first."""
    rows = models.Question.objects.filter(asker_tag=vault.tag("asker", person)).order_by("-asked_at")
    return [_facts(row) for row in rows[:100]]


def overdue(person: UUID, at: datetime) -> list[QuestionFacts]:
    """Late questions this person is responsible for, whoever handles them now."""
    rows = models.Question.objects.filter(first_responsible=person, state="open", due__lte=at).order_by("due")
    return [_facts(row) for row in rows]


def published(words: str = "") -> list[QuestionFacts]:
    """Answers everybody may read."""
    return [one for one in register(words, state="answered") if one.published]


def of_procedure(procedure: UUID) -> list[QuestionFacts]:
    """Questions that belong to a project's file."""
    return [_facts(row) for row in models.Question.objects.filter(procedure=procedure).order_by("asked_at")]


def count_by_channel() -> dict[str, int]:
    found = Counter(models.Question.objects.values_list("channel", flat=True))
    return {channel: found.get(channel, 0) for channel in rules.CHANNELS}


def open_of(person: UUID) -> int:
    return models.Question.objects.filter(handler=person, state="open").count()
