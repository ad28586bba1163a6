"""What may be known of the result."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.stages.award import models


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """The result of a lot as far as it has come."""

    lot: UUID
    candidates: tuple[dict[str, Any], ...]
    published_at: datetime
    publicity: UUID
    winner: UUID | None
    winner_name: str
    bid: UUID | None
    dealing: UUID | None
    amount: Decimal | None
    decided_at: datetime | None
    notices_at: datetime | None
    award_notice: UUID | None
    announcement: UUID | None
    contract: UUID | None
    contract_signed_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """An objection to the result."""

    id: UUID
    dealing: UUID
    text: str
    raised_at: datetime
    answer_due: datetime
    answer: str
    upheld: bool | None
    answered_at: datetime | None


def award(lot: UUID) -> AwardFacts | None:
    """None before the candidates are published."""
    row = models.Result.objects.filter(pk=lot).first()
    if row is None:
        return None
    return AwardFacts(
        lot, tuple(row.candidates), row.published_at, row.publicity, row.winner, row.winner_name, row.bid, row.dealing,
        row.amount, row.decided_at, row.notices_at, row.award_notice, row.announcement, row.contract,
        row.contract_signed_at, row.confirmed_at,
    )  # fmt: skip


def candidates(lot: UUID) -> tuple[dict[str, Any], ...]:
    found = award(lot)
    return found.candidates if found else ()


def objections(lot: UUID) -> list[ObjectionFacts]:
    """Objections to the result, oldest first (the caller asks who may read the texts)."""
    return [
        ObjectionFacts(o.id, o.dealing, o.text, o.raised_at, o.answer_due, o.answer, o.upheld, o.answered_at)
        for o in models.Objection.objects.filter(lot=lot).order_by("raised_at")
    ]
