"""From the publicity to the contract: what the law gives time for, and who hears what."""

import json

import pytest
from tests import journey
from tests.contracts.pdf_text import text_of
from tests.played import played
from tests.walls import looking

from mingzheng.adapters.crypto import acts
from mingzheng.kernel import digest, ports
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.award import queries
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

kept_evaluated, evaluated = played("evaluated")


def _happened(world, kind):
    return [one for one in stream_entries(f"lot:{world.lot}") if one.kind == kind]


def _paper(world, document):
    content = ports.get("store").read(procedures.document(document).object)
    return content, text_of(content).replace("\n", "").replace(" ", "")


@pytest.mark.clause("RG-7.5.1-1")
def test_the_publicity_is_filled_from_the_signed_report_and_open_to_everybody_and_staffs_help_is_kept(evaluated):
    world = evaluated
    noted = world.cast.staff.do("tendering.note_guidance", lot=world.lot, text="提醒公示期末日为工作日").event
    assert (noted.staff, noted.text) == (world.cast.staff.person, "提醒公示期末日为工作日")
    journey.publish(world)
    report = evaluation.report(world.lot)
    published = _happened(world, "award.candidates-published")[0].event
    assert [(c["rank"], c["bidder_name"], c["price"]) for c in published.candidates] == [
        (r.rank, r.bidder_name, format(r.price, "f")) for r in report.ranking
    ]
    client = looking.visitor(None)
    page = client.get(f"/lots/{world.lot}/award").content.decode()
    assert looking.fetched(client, f"/documents/{published.document}.pdf")[0] == 200
    _, text = _paper(world, published.document)
    for one in report.ranking:
        assert one.bidder_name in page
        assert one.bidder_name in text
        assert f"{one.price:,.2f}" in text


@pytest.mark.clause("RG-7.5.2-1")
def test_staff_confirm_the_publicity_only_after_its_end(evaluated):
    world = evaluated
    journey.publish(world)
    ends = world.due("publicity_ends")
    world.at(ends, seconds=-1)
    assert world.cast.staff.refused("award.confirm_publicity", lot=world.lot).code == "award.publicity-running"
    assert world.cast.agency.refused("award.decide_award", lot=world.lot).code == "award.publicity-running"
    world.at(ends)
    world.cast.staff.do("award.confirm_publicity", lot=world.lot)
    entry = _happened(world, "award.publicity-confirmed")[0]
    assert (entry.event.staff, entry.at) == (world.cast.staff.person, world.clock.moment)


def test_a_publicity_shorter_than_the_law_is_refused(evaluated):
    world = evaluated
    refused = world.cast.agency.refused(
        "award.publish_candidates", lot=world.lot, ends=world.clock.moment.replace(hour=23)
    )
    assert refused.code == "award.publicity-too-short"


@pytest.mark.clause("RG-7.5.2-2")
def test_one_open_objection_holds_the_award_until_it_is_answered(evaluated):
    world = evaluated
    journey.publish(world)
    raised = next(
        one for one in world.cast.bidder.do("award.object_to_result", lot=world.lot, text="对候选人业绩有异议").events
        if hasattr(one, "answer_due")
    )  # fmt: skip
    world.at(world.due("publicity_ends"), minutes=1)
    refused = world.cast.agency.refused("award.decide_award", lot=world.lot)
    assert refused.code == "procedures.held"
    assert "异议" in refused.facts["because"]
    assert [one.subject for one in procedures.holds(world.lot)] == [raised.objection]
    assert (
        world.cast.owner.refused("award.answer_objection", lot=world.lot, objection=raised.objection, answer="").code
        == "award.answer-needed"
    )
    world.cast.owner.do("award.answer_objection", lot=world.lot, objection=raised.objection, answer="经核实，业绩属实")
    world.cast.agency.do("award.decide_award", lot=world.lot)
    assert world.phase == "awarded"


def test_an_upheld_objection_keeps_holding_the_award_and_names_no_objector_in_public(evaluated):
    world = evaluated
    journey.publish(world)
    events = world.cast.bidder.do("award.object_to_result", lot=world.lot, text="评分有误").events
    objection = next(one.objection for one in events if hasattr(one, "answer_due"))
    world.cast.owner.do("award.answer_objection", lot=world.lot, objection=objection, answer="成立", upheld=True)
    world.at(world.due("publicity_ends"), minutes=1)
    assert world.cast.agency.refused("award.decide_award", lot=world.lot).code == "procedures.held"
    told = _happened(world, "award.objection-raised")[0].event
    assert "评分有误" not in json.dumps([told.text_digest])
    late = world.cast.by_login("bing").refused("award.object_to_result", lot=world.lot, text="太晚")
    assert late.code == "award.outside-publicity"


def test_another_candidate_than_the_first_needs_a_legal_reason(evaluated):
    world = evaluated
    journey.publish(world)
    world.at(world.due("publicity_ends"), minutes=1)
    second = queries.candidates(world.lot)[1]
    assert (
        world.cast.agency.refused("award.decide_award", lot=world.lot, bid=second["bid"], reason="更喜欢").code
        == "award.not-the-first"
    )
    world.cast.agency.do("award.decide_award", lot=world.lot, bid=second["bid"], reason="放弃中标：来函声明")
    assert queries.award(world.lot).winner_name == second["bidder_name"]


@pytest.mark.clause("RG-7.5.2-3")
def test_the_result_is_public_equal_to_the_award_and_reaches_the_statutory_media_with_receipt(evaluated):
    world = evaluated
    journey.publish(world)
    journey.award(world)
    found = queries.award(world.lot)
    assert looking.fetched(looking.visitor(None), f"/documents/{found.announcement}.pdf")[0] == 200
    _, text = _paper(world, found.announcement)
    decided = _happened(world, "award.award-decided")[0].event
    assert (decided.winner, decided.amount) == (found.winner, found.amount)
    for wanted in (found.winner_name, f"{found.amount:,.2f}", world.facts.section_code):
        assert wanted in text
    world.settle("send_media")
    received = [one for one in tendering.media(world.lot) if one.document == found.announcement]
    assert received
    assert {one.state for one in received} == {"received"}
    assert all(one.ours == one.theirs and one.reference for one in received)


@pytest.mark.clause("RG-7.5.2-4")
def test_the_winner_gets_a_signed_notice_and_a_loser_the_result_alone_with_times_of_delivery_and_reading(evaluated):
    world = evaluated
    journey.publish(world)
    journey.award(world)
    entry = _happened(world, "award.notices-issued")[0]
    signature = json.loads(entry.text)["signature"]
    acts.verify_act(signature["text"], signature["value"], parties.certificate(signature["certificate"]).pem)
    winner, loser = world.cast.by_login("yi"), world.cast.by_login("jia")
    _, content = looking.fetched(looking.visitor(winner), f"/documents/{entry.event.award_notice}.pdf")
    assert digest.of(content) == entry.event.award_notice_digest
    assert looking.fetched(looking.visitor(loser), f"/documents/{entry.event.award_notice}.pdf")[0] == 404
    titles = {p.login: [m.title for m in notifying.inbox(p.person) if m.topic == "result"] for p in (winner, loser)}
    assert titles == {"yi": ["中标通知书"], "jia": ["中标结果通知书"]}
    theirs = next(m for m in notifying.inbox(loser.person) if m.topic == "result")
    assert looking.fetched(looking.visitor(loser), theirs.link)[0] == 200
    told = next(m for m in notifying.inbox(winner.person) if m.topic == "result")
    world.clock.forward(minutes=9)
    winner.do("notifying.mark_read", message=told.id)
    (row,) = [one for one in notifying.states(world.lot) if one["message"] == told.id]
    assert (row["channels"]["in_site"], row["at"], row["read_at"]) == ("read", told.at, world.clock.moment)


def test_all_are_told_at_one_moment_and_the_contract_keeps_the_bids_price(evaluated):
    world = evaluated
    journey.publish(world)
    journey.award(world)
    issued = _happened(world, "award.notices-issued")[0].event
    assert len(issued.informed) == 3
    assert world.cast.agency.do("award.issue_notices", lot=world.lot).events == ()
    journey.contract(world)
    signed = _happened(world, "award.contract-signed")[0].event
    assert (signed.amount, signed.in_time) == (queries.award(world.lot).amount, True)
