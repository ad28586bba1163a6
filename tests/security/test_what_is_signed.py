"""A signature says what was signed: no paper is put in the place of another, and nobody signs what it did not judge."""

import pytest
from tests import journey
from tests.played import played

from mingzheng.stages.award import queries as award
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import queries as opening

pytestmark = pytest.mark.django_db
kept_opened, opened = played("opened")
kept_awarded, awarded = played("awarded", "awarded")


def test_a_contract_changed_behind_the_winners_back_is_not_signed(awarded):
    world, owner = awarded, awarded.cast.owner
    owner.do("award.offer_contract", lot=world.lot, terms=["保修期五年"])
    read = award.award(world.lot)
    owner.do("award.offer_contract", lot=world.lot, terms=["保修期五十年"])
    winner = next(one for one in world.cast.bidders if one.organisation == read.winner)
    refused = winner.refused("award.sign_contract", lot=world.lot, contract=read.contract)
    assert refused.code == "award.contract-changed"
    now = award.award(world.lot).contract
    assert now != read.contract
    winner.do("award.sign_contract", lot=world.lot, contract=now)
    assert award.award(world.lot).contract_signed_at is not None


def _signing(world):
    journey.committee(world)
    for player in journey.members(world):
        journey.score(world, player)
    return journey.members(world)


def test_a_report_drawn_up_anew_is_not_signed_by_who_read_the_old_one(opened):
    world, members = opened, _signing(opened)
    read = evaluation.evaluation(world.lot).report
    members[0].do("evaluation.roll_back", lot=world.lot, reason="发现遗漏")
    for player in members:
        journey.score(world, player)
    assert evaluation.evaluation(world.lot).report != read
    refused = members[1].refused("evaluation.sign_report", lot=world.lot, report=read)
    assert refused.code == "evaluation.report-changed"
    journey.sign(world, members[1])


def test_a_member_put_in_after_the_scoring_scores_first_and_the_formers_scores_count_no_more(opened):
    """Else the owner could replace whoever will not sign, and the newcomer would sign what it never judged."""
    world, members = opened, _signing(opened)
    before = evaluation.evaluation(world.lot)
    world.cast.agency.do("evaluation.replace_member", lot=world.lot, seat=2, cause="health", reason="突发疾病")
    state, later = evaluation.evaluation(world.lot), journey.members(world)[1]
    assert (state.state, state.report, state.version) == ("scoring", None, before.version + 1)
    assert (
        later.refused("evaluation.sign_report", lot=world.lot, report=before.report).code
        == "evaluation.nothing-to-sign"
    )
    bids = [str(one.bid) for one in opening.opened_bids(world.lot) if one.state == "read"]
    opinions = {bid: {"pass": True, "reason": ""} for bid in bids}
    refused = later.refused("evaluation.commit_scores", lot=world.lot, scores={}, opinions=opinions)
    assert refused.code == "evaluation.declare-first"
    later.do("evaluation.sign_in_member", lot=world.lot)
    later.do("evaluation.declare", lot=world.lot)
    for player in journey.members(world):
        journey.score(world, player)
    for player in journey.members(world):
        journey.sign(world, player)
    assert evaluation.report(world.lot) is not None
    assert members[1].refused("evaluation.sign_report", lot=world.lot, report=before.report).code != ""


def test_no_expert_comes_into_a_committee_as_a_representative_past_the_draw(opened):
    world, agency = opened, opened.cast.agency
    expert, bidder, owner = world.cast.experts[0].person, world.cast.bidder.person, world.cast.owner.person
    for chosen in ([expert], [bidder], [owner, owner]):
        refused = agency.refused("evaluation.form_committee", lot=world.lot, count=7, representatives=chosen)
        assert refused.code == "evaluation.not-a-representative", chosen
    agency.do("evaluation.form_committee", lot=world.lot, count=5, representatives=[owner])
