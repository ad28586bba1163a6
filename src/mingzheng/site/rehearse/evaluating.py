"""Evaluation by five experts drawn from the demo pool, then publicity, award, notices, contract and refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mingzheng.site.rehearse.party import Party
from mingzheng.site.rehearse.play import Play, Stage, wait
from mingzheng.site.rehearse.wire import Refusal

SEATS = 5


def evaluate(stage: Stage, play: Play) -> None:
    """Draw the committee; its members declare, elect a chair, review, and sign the report; the owner publishes it."""
    if play.outcome:
        return
    agency = stage.cast.agency
    agency.act("evaluation.form_committee", lot=play.lot, count=SEATS)
    seated = [(expert, seat) for expert in stage.cast.experts if (seat := _seat(play, expert))]
    for expert, _ in seated:
        expert.act("evaluation.sign_in_member", lot=play.lot)
        expert.act("evaluation.declare", lot=play.lot)
    for expert, _ in seated:
        expert.act("evaluation.vote_chair", lot=play.lot, seat=1)
    agency.act("evaluation.start_evaluation", lot=play.lot)
    opinions = {
        one.bid: {"pass": False, "reason": "该投标在来源数据中被否决"} if one.status == "disqualified" else {"pass": True, "reason": ""}
        for one in play.envelopes.values()
    }  # fmt: skip
    for expert, _ in seated:
        expert.act("evaluation.commit_scores", lot=play.lot, opinions=opinions)
    for expert, _ in seated:
        report = expert.get(f"/api/v1/lots/{play.lot}/committee")["report"]
        expert.act("evaluation.sign_report", lot=play.lot, report=report)
    facts = stage.lot(play)
    if facts["standing"] == "failed":
        play.outcome = f"failed_{facts['cause']}"
        return
    agency.act("award.publish_candidates", lot=play.lot)


def _seat(play: Play, expert: Party) -> int | None:
    """The expert's own seat, None when others were drawn."""
    try:
        own = expert.get(f"/api/v1/lots/{play.lot}/committee")["own"]
    except Refusal as refused:
        if refused.status == 403:
            return None
        raise
    return int(own["seat"]) if own else None


def award(stage: Stage, play: Play) -> None:
    """After the publicity: award to the first candidate, inform everybody, sign the contract."""
    if play.outcome:
        return
    cast, lot = stage.cast, play.lot
    cast.staff.act("award.confirm_publicity", lot=lot)
    cast.water.act("award.decide_award", lot=lot)
    cast.water.act("award.issue_notices", lot=lot)
    result = cast.public.get(f"/api/v1/lots/{play.lot}/result")
    winner = next(one for one in play.envelopes.values() if one.bidder.organisation == result["winner"])
    play.winner, play.winning_amount = winner.bidder.identity, Decimal(result["amount"])
    cast.water.act("award.offer_contract", lot=lot)
    offered = winner.bidder.acting.get(f"/api/v1/lots/{lot}/result")["contract"]
    winner.bidder.acting.act("award.sign_contract", lot=lot, contract=offered)
    cast.water.act("deposits.confirm_refund", lot=play.lot, dealing=result["dealing"])
    play.outcome = "awarded"


def close(stage: Stage, play: Play) -> None:
    """When every deposit has gone back and every paper is sealed, the archivist closes the file."""
    wait("deposits to go back", lambda: _settled(stage, play))
    wait("the file to be complete", lambda: _closed(stage, play))


def _closed(stage: Stage, play: Play) -> bool:
    """Close the file; false while the platform still names something missing, such as the seal of the last paper."""
    try:
        stage.cast.archivist.act("archiving.close_file", lot=play.lot)
    except Refusal as refused:
        if refused.code != "archiving.incomplete":
            raise
        return False
    return True


def _settled(stage: Stage, play: Play) -> bool:
    rows: list[dict[str, Any]] = stage.cast.water.get(f"/api/v1/lots/{play.lot}/refunds")["refunds"]
    return len(rows) == len(play.taking_part) and all(one["refund"] == "sent" for one in rows)
