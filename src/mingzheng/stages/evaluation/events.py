"""What happened in the evaluation. Members, scores and opinions stay in the committee's sealed stream until the result."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("evaluation.committee-formed", stream="committee")
class CommitteeFormed:
    """The members by seat, how each came to it (drawn, appointed with reason, representative), and who was left out why."""

    committee: UUID
    lot: UUID
    method: str
    members: tuple[dict[str, Any], ...]
    draw: dict[str, Any]
    recused: dict[str, int]
    findings: tuple[dict[str, Any], ...]
    reason: str


@event("evaluation.committee-announced", stream="lot")
class CommitteeAnnounced:
    """A committee of so many seats exists; who sits on them stays secret until the result (PW-06)."""

    lot: UUID
    seats: int
    experts: int
    method: str


@event("evaluation.member-replaced", stream="committee")
class MemberReplaced:
    """A seat got another member: recusal, desertion or health (PW-07); the former member's opinions are void."""

    committee: UUID
    lot: UUID
    seat: int
    person: UUID
    cause: str
    reason: str


@event("evaluation.seat-drawn", stream="committee")
class SeatDrawn:
    """How the new member of a seat was drawn: the record from which anybody draws again."""

    committee: UUID
    lot: UUID
    seat: int
    draw: dict[str, Any]
    recused: dict[str, int]


@event("evaluation.member-signed-in", stream="committee")
class MemberSignedIn:
    """A member signed in."""

    committee: UUID
    lot: UUID
    seat: int


@event("evaluation.declaration-made", stream="committee")
class DeclarationMade:
    """回避与保密: the member declares no conflict and secrecy, or recuses."""

    committee: UUID
    lot: UUID
    seat: int
    recused: bool
    reason: str
    text_digest: str


@event("evaluation.chair-vote-cast", stream="committee")
class ChairVoteCast:
    """A vote for the chair; `elected` when this vote decided it, `tie` when a new round begins."""

    committee: UUID
    lot: UUID
    seat: int
    vote: int
    elected: int | None
    tie: bool


@event("evaluation.evaluation-started", stream="lot")
class EvaluationStarted:
    """评标开始: all members present, declared, chair elected; the criteria are those of the published document."""

    lot: UUID
    seats: int
    criteria_digest: str


@event("evaluation.scores-committed", stream="committee")
class ScoresCommitted:
    """A member's own scores and opinions, sealed; nobody sees them until all are committed (LN-7.2.2)."""

    committee: UUID
    lot: UUID
    seat: int
    version: int
    scores: dict[str, Any]
    opinions: dict[str, Any]


@event("evaluation.scores-revealed", stream="committee")
class ScoresRevealed:
    """All members have committed: result, ranking and trace follow from the scores alone."""

    committee: UUID
    lot: UUID
    version: int
    ranking: tuple[dict[str, Any], ...]
    rejected: tuple[dict[str, Any], ...]
    trace: tuple[dict[str, str], ...]


@event("evaluation.evaluation-rolled-back", stream="committee")
class EvaluationRolledBack:
    """评标回退: back to scoring within the session, with the reason; the earlier version is kept."""

    committee: UUID
    lot: UUID
    version: int
    reason: str


@event("evaluation.report-signed", stream="committee")
class ReportSigned:
    """A member signed the report, or signed with a written dissent (PW-16)."""

    committee: UUID
    lot: UUID
    seat: int
    report_digest: str
    dissent: str


@event("evaluation.evaluation-finished", stream="lot")
class EvaluationFinished:
    """评标结束: the report is signed by all. Its contents become public with the candidates' publicity."""

    lot: UUID
    procedure: UUID
    report: UUID
    report_digest: str
    finished_at: datetime
    all_rejected: bool
    committee_stream: str
    committee_length: int
    committee_head: str
