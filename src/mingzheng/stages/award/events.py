"""What happened from the publicity to the contract. The publicity lifts the secrecy of ranking and prices."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("award.candidates-published", stream="lot")
class CandidatesPublished:
    """中标候选人公示: candidates in order with price and score, rejections with reasons, until when objections are heard."""

    lot: UUID
    procedure: UUID
    candidates: tuple[dict[str, Any], ...]
    rejected: tuple[dict[str, Any], ...]
    ends: datetime
    document: UUID
    document_digest: str
    findings: tuple[dict[str, Any], ...]


@event("award.objection-raised", stream="lot")
class ObjectionRaised:
    """An objection to the result; the award waits for its answer. Who objects stands in the dealing's own stream."""

    lot: UUID
    objection: UUID
    text_digest: str
    answer_due: datetime


@event("award.objection-filed", stream="dealing")
class ObjectionFiled:
    """The objector's side of it: full text."""

    dealing: UUID
    lot: UUID
    objection: UUID
    text: str


@event("award.objection-answered", stream="lot")
class ObjectionAnswered:
    """The owner's answer; `upheld` says whether the result must change."""

    lot: UUID
    objection: UUID
    answer: str
    upheld: bool


@event("award.publicity-confirmed", stream="lot")
class PublicityConfirmed:
    """Staff confirm that the publicity ended without open objection (RG-7.5.2-1)."""

    lot: UUID
    staff: UUID


@event("award.award-decided", stream="lot")
class AwardDecided:
    """定标: the winner; a candidate other than the first needs one of the legal reasons (GS-05)."""

    lot: UUID
    procedure: UUID
    winner: UUID
    winner_name: str
    bid: UUID
    amount: Decimal
    rank: int
    reason: str
    label: str


@event("award.notices-issued", stream="lot")
class NoticesIssued:
    """中标通知书 to the winner and the result to all others, in one act (GS-07)."""

    lot: UUID
    procedure: UUID
    award_notice: UUID
    award_notice_digest: str
    result_announcement: UUID
    informed: tuple[dict[str, str], ...]
    contract_due: datetime


@event("award.contract-offered", stream="lot")
class ContractOffered:
    """The owner signed the contract and offers it to the winner."""

    lot: UUID
    document: UUID
    document_digest: str
    amount: Decimal


@event("award.contract-signed", stream="lot")
class ContractSigned:
    """Both sides have signed."""

    lot: UUID
    procedure: UUID
    document: UUID
    document_digest: str
    amount: Decimal
    signed_at: datetime
    in_time: bool
