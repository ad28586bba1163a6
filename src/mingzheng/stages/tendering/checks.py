"""Live rule checks of a draft or a clarification against the pack pinned to the lot, each finding with its source."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mingzheng.stages.procedures import packs, periods
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.kinds import kind, pack_for
from mingzheng.stages.procedures.pack_rules import Finding
from mingzheng.stages.tendering import rules
from mingzheng.stages.tendering.fields import Document


@dataclass(frozen=True, slots=True)
class Times:
    """The timetable of a notice."""

    documents_from: datetime
    documents_until: datetime
    question_deadline: datetime
    bid_deadline: datetime


def pack_of(lot: procedures.LotFacts) -> packs.Pack:
    """The rules pinned to the lot; the delivered ones when the pinned version is gone (the event keeps which were used)."""
    try:
        return packs.pinned(lot.pack)
    except packs.PackChanged:
        return pack_for(lot.kind)


def timetable(
    lot: procedures.LotFacts,
    at: datetime,
    *,
    bid_deadline: datetime | None = None,
    documents_until: datetime | None = None,
    question_deadline: datetime | None = None,
) -> Times:
    """The times given, completed with the shortest lawful ones; questions never outlive a deadline chosen earlier."""
    shortest = periods.shortest(pack_of(lot), documents_from=at, mandatory=lot.mandatory)
    deadline = bid_deadline or shortest.bid_deadline
    return Times(
        documents_from=at,
        documents_until=documents_until or min(shortest.documents_until, deadline),
        question_deadline=question_deadline or _questions_until(lot, at, deadline),
        bid_deadline=deadline,
    )


def _questions_until(lot: procedures.LotFacts, at: datetime, deadline: datetime) -> datetime:
    """The last moment the rule advises for questions; half of the time there is when that has passed already."""
    latest = periods.question_deadline(pack_of(lot), questions_until=at, bid_deadline=deadline).latest
    half = (at + (deadline - at) / 2).replace(minute=0, second=0, microsecond=0)
    return latest if latest is not None and latest > at else max(half, at)


def check(
    lot: procedures.LotFacts, document: Document, times: Times, *, present: set[str], template: str
) -> tuple[Finding, ...]:
    """Every finding about a notice and its documents; `present` are the items of the notice that have content (ZB-07)."""
    pack, mandatory = pack_of(lot), lot.mandatory
    moments = {
        "documents_from": times.documents_from, "documents_until": times.documents_until,
        "questions_until": times.question_deadline, "bid_deadline": times.bid_deadline,
    }  # fmt: skip
    if planned := _planned(lot):
        moments["plan_published"] = planned
    ceiling_told = document.price_ceiling is not None or bool(document.texts.get("ceiling_method"))
    floor = document.price_floor is not None
    found = [
        *periods.publishing(pack, moments, mandatory=mandatory),
        pack.check("BZ-01", mandatory=mandatory, amount=document.deposit_amount, of=lot.estimate),
        pack.check("BZ-02", mandatory=mandatory, amount=document.deposit_amount, category=kind(lot.kind).category),
        pack.check(
            "ZB-15", mandatory=mandatory, holds=not floor,
            told="规定了最低投标限价，不符合" if floor else "已公布最高投标限价" if ceiling_told else "未设最高投标限价",
        ),
        pack.check("ZB-16", mandatory=mandatory, count=document.bid_validity_days),
        pack.check("ZB-07", mandatory=mandatory, present=present),
        pack.check("ZB-27", mandatory=mandatory, holds=bool(template), told="使用标准文本" if template else "未使用标准文本"),
    ]  # fmt: skip
    return tuple(found)


def _planned(lot: procedures.LotFacts) -> datetime | None:
    plan = procedures.procedure(lot.procedure).plan
    if plan is None:
        return None
    found = [p["published_at"] for p in procedures.plans_of(lot.procuring_entity) if p["id"] == plan]
    return found[0] if found else None


def clarification(lot: procedures.LotFacts, *, at: datetime, bid_deadline: datetime, affects_bids: bool) -> Finding:
    """ZB-13: whether a clarification at `at` leaves the days the law wants before the deadline."""
    return periods.clarification(pack_of(lot), at=at, bid_deadline=bid_deadline, affects_bids=affects_bids)


def deposit_default(lot: procedures.LotFacts) -> Decimal:
    """The highest lawful round deposit for the lot's estimate, in yuan."""
    pack = pack_of(lot)
    return rules.default_deposit(lot.estimate, pack.value("BZ-01"), pack.value("BZ-02", kind(lot.kind).category))
