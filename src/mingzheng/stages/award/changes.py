"""The papers of the result."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import money
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.wording import label
from mingzheng.stages.award import queries
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.kinds import METHODS


def candidates(report: evaluation.EvaluationFacts) -> list[dict[str, Any]]:
    """At most three candidates as the report ranks them (PW-15)."""
    return [
        {
            "rank": r.rank, "bid": str(r.bid), "bidder": str(r.bidder), "bidder_name": r.bidder_name,
            "price": format(r.price, "f"), "score": r.score, "period_days": r.period_days, "quality": r.quality,
            "project_manager": r.project_manager,
        }
        for r in report.ranking[:3]
    ]  # fmt: skip


def _base(lot: UUID) -> tuple[procedures.LotFacts, dict[str, Any]]:
    facts = procedures.lot(lot)
    return facts, {
        "procuring_entity": parties.organisation(facts.procuring_entity).name,
        "agency": parties.organisation(facts.agency).name if facts.agency else "",
    }


def _contact(facts: procedures.LotFacts) -> dict[str, Any]:
    owner = parties.organisation(facts.procuring_entity)
    return {"role": "招标人", "name": owner.name, "address": owner.address, "phone": owner.phone or facts.service_phone}


def _opened_at(lot: UUID) -> datetime:
    hall = opening.opening(lot)
    assert hall is not None
    return hall.opened_at


def file_publicity(
    lot: UUID, report: evaluation.EvaluationFacts, actor: Actor, at: datetime, ends: datetime
) -> tuple[Any, list[Any]]:
    """中标候选人公示 as a public paper."""
    facts, base = _base(lot)
    return spine.file_document(
        lot, "candidate_publicity", "中标候选人公示",
        {
            **base, "opened_at": _opened_at(lot), "publicity_from": at, "publicity_until": ends,
            "method": METHODS[report.method], "objection": _contact(facts),
            "candidates": [
                {
                    "rank": r.rank, "bidder": r.bidder_name, "price": r.price,
                    "score": r.score if report.method == "weighted" else money.text(r.price),
                    "period": f"{r.period_days} 日历天" if r.period_days else "", "quality": r.quality, "leader": r.project_manager,
                }
                for r in report.ranking[:3]
            ],
            "rejections": [{"bidder": one["bidder_name"], "reason": "；".join(one["reasons"])} for one in report.rejected],
        },
        at, signers=(str(actor.person),),
    )  # fmt: skip


def file_notices(
    lot: UUID, award: queries.AwardFacts | None, actor: Actor, at: datetime, sign_before: datetime
) -> tuple[Any, Any, list[dict[str, str]], list[Any]]:
    """Award notice, one result notice a loser, the public announcement; every party is told with its paper."""
    assert award is not None and award.amount is not None and actor.person is not None
    facts, base = _base(lot)
    bids = {b.bid: b for b in opening.opened_bids(lot)}
    assert award.bid is not None
    won = bids[award.bid]
    signer = {"name": parties.person(actor.person).name, "role": "招标人", "at": at, "certificate": actor.certificate}
    common = {**base, "opened_at": _opened_at(lot), "signers": [signer]}
    scope = f"{facts.number:02d} {facts.name}"
    terms = {
        "period": f"{won.period_days} 日历天" if won.period_days else "", "quality": won.quality, "leader": won.project_manager,
    }  # fmt: skip
    notice, filed = spine.file_document(
        lot, "award_notice", "中标通知书",
        {**common, **terms, "bidder": award.winner_name, "price": award.amount, "scope": scope, "sign_before": sign_before.date()},
        at, public=False, addressee=award.winner, signers=(str(actor.person),),
    )  # fmt: skip
    informed = [_tell(lot, award.winner, label("中标通知书"), notice, at)]
    for bid in bids.values():
        if bid.bidder == award.winner:
            continue
        paper, made = spine.file_document(
            lot, "result_notice", "中标结果通知书",
            {**common, "bidder": bid.bidder_name, "winner": award.winner_name, "price": award.amount},
            at, public=False, addressee=bid.bidder, signers=(str(actor.person),),
        )  # fmt: skip
        filed += made
        informed.append(_tell(lot, bid.bidder, label("中标结果通知书"), paper, at))
    announcement, made = spine.file_document(
        lot, "result_announcement", "中标结果公告",
        {**base, **terms, "awarded_at": award.decided_at, "winner": award.winner_name, "price": award.amount, "scope": scope},
        at, signers=(str(actor.person),),
    )  # fmt: skip
    return notice, announcement, informed, [*filed, *made]


def _tell(lot: UUID, organisation: UUID | None, title: str, document: Any, at: datetime) -> dict[str, str]:
    assert organisation is not None
    notify(
        to=[Recipient(organisation=organisation)], topic="result", title=say(title), text=say("{paper}已送达，请查收。", paper=say(title)), at=at,
        lot=lot, link=f"/documents/{document.id}.pdf", channels=("in_site", "sms"),
    )  # fmt: skip
    return {"organisation": str(organisation), "document": str(document.id), "digest": document.digest}


def file_contract(
    lot: UUID, award: queries.AwardFacts | None, actor: Actor, at: datetime, terms: list[str]
) -> tuple[Any, list[Any]]:
    """The contract's cover sheet with the substance fixed by bid and documents."""
    assert award is not None and award.amount is not None and actor.person is not None
    facts, base = _base(lot)
    won = next(b for b in opening.opened_bids(lot) if b.bid == award.bid)
    signer = {"name": parties.person(actor.person).name, "role": "发包人", "at": at, "certificate": actor.certificate}
    return spine.file_document(
        lot, "contract", "合同协议书",
        {
            "procuring_entity": base["procuring_entity"], "supplier": award.winner_name, "price": award.amount,
            "scope": f"{facts.number:02d} {facts.name}", "period": f"{won.period_days} 日历天" if won.period_days else "按招标文件",
            "quality": won.quality or "合格", "signed_at": at, "leader": won.project_manager, "terms": terms, "signers": [signer],
        },
        at, public=False, addressee=award.winner, signers=(str(actor.person),),
    )  # fmt: skip
