"""A tender's life from the deadline to the archive, as far as the recipe lets it go."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from mingzheng.kernel.clock import UTC8
from mingzheng.site.demo import recipe
from mingzheng.site.demo.acting import do, release
from mingzheng.site.demo.cast import cast, member, others
from mingzheng.site.demo.parties import organisation_id, person_id
from mingzheng.site.demo.settling import settle, until
from mingzheng.stages.award import queries as award
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

Life = Iterator[datetime]
SEATS = 5
SEALING_SECONDS = 20.0  # sealing is the worker's; only if it does not come is it done here


def after(one: recipe.Tender, lots: list[UUID]) -> Life:
    """What follows the deadline."""
    if one.end in ("bids", "live"):
        return
    for lot in lots:
        if one.end == "few":
            yield one.deadline
            until("a failed tender", partial(_failed, lot), "bidding.jobs.when_bidding_closes")
            settle()
            continue
        yield from _hall(one, lot)
        if one.goes_to("evaluation"):
            yield from _evaluate(one, lot)
        if one.goes_to("publicity"):
            yield from _publish(one, lot)
        if one.goes_to("awarded"):
            yield from _award(one, lot)
        if one.goes_to("contracted"):
            yield from _contract(one, lot)
        if one.goes_to("archived"):
            yield from _archive(one, lot)


def _hall(one: recipe.Tender, lot: UUID) -> Life:
    """The opening; of the one that is under way now two bids are open and the others follow by themselves."""
    yield one.deadline - timedelta(minutes=25)
    for bidder in one.bidders:
        do(bidder, "opening.sign_in", f"{one.id} {lot}", lot=lot)
    yield one.deadline
    until("the hall", lambda: opening.opening(lot), "bidding.jobs.when_bidding_closes")
    yield one.deadline + timedelta(minutes=2)
    do(one.agency, "opening.start_decryption", f"{one.id} {lot}", lot=lot)
    yield one.deadline + timedelta(minutes=4)
    houses = {organisation_id(member(login).house.key): login for login in one.bidders}
    rows = opening.board(lot)
    for row in rows[:2] if one.end == "hall" else rows:
        release(houses[row.bidder], lot, row.bid, f"{one.id} {lot}")
    if one.end == "hall":
        return
    yield one.deadline + timedelta(minutes=8)
    if opening.parameters_to_draw(lot):
        do(one.agency, "opening.draw_parameters", f"{one.id} {lot}", lot=lot)
    do(one.agency, "opening.read_bids", f"{one.id} {lot}", lot=lot)
    yield one.deadline + timedelta(minutes=14)
    hall = opening.opening(lot)
    assert hall is not None
    for row in rows:
        do(houses[row.bidder], "opening.confirm_record", f"{one.id} {lot}", lot=lot, board_digest=hall.board_digest)
    do(one.agency, "opening.end_opening", f"{one.id} {lot}", lot=lot)


def _seated(lot: UUID) -> list[str]:
    """Logins of the committee by seat."""
    logins = {person_id(one.login): one.login for one in cast() if "expert" in one.roles}
    return [logins[seat["person"]] for seat in evaluation.members(lot) if seat["active"]]


def _evaluate(one: recipe.Tender, lot: UUID) -> Life:
    label = f"{one.id} {lot}"
    yield one.deadline + timedelta(minutes=90)
    do(one.agency, "evaluation.form_committee", label, lot=lot, count=SEATS)
    seated = _seated(lot)
    for login in seated:
        do(login, "evaluation.sign_in_member", label, lot=lot)
        do(login, "evaluation.declare", label, lot=lot)
    for login in seated:
        do(login, "evaluation.vote_chair", label, lot=lot, seat=1)
    do(one.agency, "evaluation.start_evaluation", label, lot=lot)
    yield one.deadline + timedelta(minutes=200)
    for place, login in enumerate(seated[:2] if one.end == "evaluation" else seated):
        do(login, "evaluation.commit_scores", label, lot=lot, **scores(lot, place))
    if not one.goes_to("evaluated"):
        return
    yield one.deadline + timedelta(minutes=240)
    state = evaluation.evaluation(lot)
    assert state is not None
    for login in seated:
        do(login, "evaluation.sign_report", label, lot=lot, report=state.report)


def scores(lot: UUID, place: int) -> dict[str, Any]:
    """Marks a little apart from seat to seat; every bid meets the documents."""
    document, bids = tendering.tender(lot), opening.opened_bids(lot)
    marks = {
        str(bid.bid): {
            c.id: format((c.full * (46 - 2 * number - place) / 50).quantize(Decimal("0.01")), "f")
            for c in document.criteria
            if c.kind != "price"
        }
        for number, bid in enumerate(bids)
    }
    opinions = {str(bid.bid): {"pass": True, "reason": ""} for bid in bids}
    return {"scores": marks if document.method == "weighted" else {}, "opinions": opinions}


def _publish(one: recipe.Tender, lot: UUID) -> Life:
    """Candidates; where an objection is told, it waits for its answer."""
    yield recipe.moment(recipe.working_day(one.deadline.date(), 1), 9, 40)
    do(one.agency, "award.publish_candidates", f"{one.id} {lot}", lot=lot)
    if one.end == "objection":
        result = award.award(lot)
        assert result is not None
        second = result.candidates[1]["bidder"]
        login = next(name for name in one.bidders if str(organisation_id(member(name).house.key)) == str(second))
        yield recipe.moment(recipe.working_day(one.deadline.date(), 2), 10, 25)
        do(login, "award.object_to_result", f"{one.id} {lot}", lot=lot, text=one.facts["objection"])


def _day(one: recipe.Tender, lot: UUID) -> Any:
    """The day of the last act so far: award or contract."""
    result = award.award(lot)
    assert result is not None
    at = result.contract_signed_at or result.decided_at or result.published_at
    return at.astimezone(UTC8).date()


def _award(one: recipe.Tender, lot: UUID) -> Life:
    label = f"{one.id} {lot}"
    ends = procedures.clock(lot, "publicity_ends")
    assert ends is not None
    wanted = one.facts.get("award")
    yield recipe.moment(wanted or recipe.working_day(ends.due.astimezone(UTC8).date()), 9, 0) + timedelta(minutes=5)
    do("staff", "award.confirm_publicity", label, lot=lot)
    do(one.agency, "award.decide_award", label, lot=lot)
    do(one.agency, "award.issue_notices", label, lot=lot)


def _contract(one: recipe.Tender, lot: UUID) -> Life:
    label = f"{one.id} {lot}"
    yield recipe.moment(recipe.working_day(_day(one, lot), 7), 10, 30)
    result = award.award(lot)
    assert result is not None and result.dealing is not None
    do(one.owner, "award.offer_contract", label, lot=lot)
    winner = next(o.login for o in [*cast(), *others()] if organisation_id(o.house.key) == result.winner)
    offered = award.award(lot)
    assert offered is not None
    do(winner, "award.sign_contract", label, lot=lot, contract=offered.contract)
    if deposits.deposit(result.dealing) is not None:
        do(one.owner, "deposits.confirm_refund", label, lot=lot, dealing=result.dealing)
    settle("deposits.jobs.send_refunds")


def _archive(one: recipe.Tender, lot: UUID) -> Life:
    """The archivist closes the file when money is back and papers are sealed; meanwhile others go on."""
    for days in range(6, 20, 2):
        yield recipe.moment(recipe.working_day(_day(one, lot), days), 15)
        if not issuing.unsealed(lot):
            break
    until("seals", partial(_sealed, lot), "issuing.jobs.seal_papers", patience=SEALING_SECONDS)
    until("the refunds", partial(_all_back, lot), "deposits.jobs.send_refunds")
    do("archivist", "archiving.close_file", f"{one.id} {lot}", lot=lot)


def _sealed(lot: UUID) -> bool:
    return not issuing.unsealed(lot)


def _failed(lot: UUID) -> bool:
    return procedures.lot(lot).standing == "failed"


def _all_back(lot: UUID) -> bool:
    return all(row.sent_at is not None for row in deposits.of_lot(lot))
