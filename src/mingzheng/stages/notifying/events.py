"""What happened to notifications that others must be able to prove."""

from uuid import UUID

from mingzheng.kernel.event import event


@event("notifying.message-read", stream="person")
class MessageRead:
    """A person opened a message; `digest` is that of its text."""

    person: UUID
    message: UUID
    topic: str
    digest: str


@event("notifying.call-logged", stream="person")
class CallLogged:
    """Staff reached (or did not reach) a person by telephone about a message."""

    person: UUID
    message: UUID
    reached: bool
    words: str
    staff: UUID
