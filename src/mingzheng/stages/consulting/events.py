"""What happened to questions. The words stay hidden (a question may tell who is going to bid); digests are public."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.event import event


@event("consulting.question-asked", stream="centre")
class QuestionAsked:
    """A question came in and has a person who answers for it (首问负责, GF-6.1.2)."""

    question: UUID
    number: str
    category: str
    channel: str
    first_responsible: UUID
    due: datetime
    digest: str


@event("consulting.question-forwarded", stream="centre")
class QuestionForwarded:
    """Another person handles it; who is responsible stays."""

    question: UUID
    handler: UUID
    first_responsible: UUID


@event("consulting.question-answered", stream="centre")
class QuestionAnswered:
    """The answer: who gave it, which laws it cites, whether everybody may read it."""

    question: UUID
    number: str
    handler: UUID
    citations: tuple[str, ...]
    published: bool
    digest: str


@event("consulting.answer-read", stream="centre")
class AnswerRead:
    """The person who asked has opened the answer."""

    question: UUID
    number: str


@event("consulting.question-referred", stream="centre")
class QuestionReferred:
    """不属于职责范围: explained, and where to go instead (GF-6.1.4)."""

    question: UUID
    number: str
    handler: UUID
    referral: str
    digest: str
