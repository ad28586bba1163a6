"""The opening hall: its second, its host, its time limits, its board and its record."""

import json
from decimal import Decimal

import pytest
from tests import journey
from tests.contracts.pdf_text import text_of
from tests.played import played
from tests.walls import looking

from mingzheng.kernel import clock, drawing, ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.opening import queries
from mingzheng.stages.procedures import acting
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

kept_submitted, submitted = played("submitted")
kept_hall, hall = played("opening", "hall")
kept_weighted, weighted = played(
    "opening", "weighted", announce={"document": {"method": "weighted", "price_ceiling": "186000000.00"}}
)


def _happened(world, kind):
    return [one for one in stream_entries(f"lot:{world.lot}") if one.kind == kind]


@pytest.mark.clause("GF-6.5.2-1")
def test_the_hall_opens_at_the_second_of_the_deadline_and_says_how_late_it_was(submitted):
    world = submitted
    world.at(world.deadline, seconds=-1)
    world.settle()
    assert queries.opening(world.lot) is None
    planned = world.deadline
    world.at(planned, seconds=7)
    world.settle()
    opened = _happened(world, "opening.hall-opened")[0].event
    assert (opened.planned, opened.opened, opened.delay_seconds) == (planned, world.clock.moment, 7)


def test_a_hall_opened_in_time_has_no_delay(hall):
    opened = _happened(hall, "opening.hall-opened")[0].event
    assert (opened.opened, opened.delay_seconds) == (opened.planned, 0)


@pytest.mark.clause("LN-3.11")
def test_only_the_appointed_host_conducts_and_the_appointment_is_in_the_chain(hall):
    named = [one.event for one in _happened(hall, "procedures.person-appointed") if one.event.part == "host"]
    assert named[0].person == hall.cast.agency.person
    for player in (hall.cast.owner, hall.cast.by_login("agency2")):
        for act in ("opening.start_decryption", "opening.read_bids", "opening.end_opening"):
            refused = player.refused(act, lot=hall.lot)
            assert (refused.code, refused.kind.status) == ("procedures.not-appointed", 403)
    commands = [one for one in COMMANDS.values() if one.facts.get("part") == "host"]
    assert len(commands) >= 7
    for one in commands:
        for player in (hall.cast.owner, hall.cast.by_login("agency2")):
            why = acting.why_not(one.act, hall.lot, player.actor, hall.clock.moment)
            assert why is not None and why.kind.status == 403, one.act
        for player in (hall.cast.by_login("jia"), hall.cast.witness, hall.cast.staff, hall.cast.supervisor):
            assert not one.by & player.actor.roles, one.act
    for player in (hall.cast.by_login("jia"), hall.cast.witness, hall.cast.staff):
        assert player.refused("opening.start_decryption", lot=hall.lot).kind.status == 403
    hall.cast.agency.do("opening.start_decryption", lot=hall.lot)


@pytest.mark.clause("LN-7.2.3-5-1")
def test_starting_decryption_reminds_every_bidder_of_the_limit_and_keeps_when_it_was_sent_and_read(hall):
    hall.cast.agency.do("opening.start_decryption", lot=hall.lot)
    ends = hall.due("decryption_ends")
    for login in ("jia", "yi", "bing"):
        told = next(one for one in notifying.inbox(hall.cast.by_login(login).person) if one.topic == "decryption")
        assert f"{ends.astimezone(clock.UTC8):%Y-%m-%d %H:%M:%S}" in told.text
    hall.settle("send_messages")
    hall.clock.forward(minutes=2)
    first = next(one for one in notifying.inbox(hall.cast.bidder.person) if one.topic == "decryption")
    hall.cast.bidder.do("notifying.mark_read", message=first.id)
    rows = [one for one in notifying.states(hall.lot) if one["topic"] == "decryption"]
    assert len(rows) == 3
    assert all(one["channels"]["sms"] in ("sent", "delivered") for one in rows)
    assert {one["person"].name: one["read_at"] for one in rows}[hall.cast.bidder.name] == hall.clock.moment
    assert sum(one["read_at"] is None for one in rows) == 2


@pytest.mark.clause("LN-7.2.3-5-2")
def test_a_key_one_second_before_the_limit_is_taken_and_one_second_after_it_refused_and_recorded(hall):
    agency, jia, yi, bing = hall.cast.agency, *(hall.cast.by_login(one) for one in ("jia", "yi", "bing"))
    agency.do("opening.start_decryption", lot=hall.lot)
    ends = hall.due("decryption_ends")
    hall.at(ends, seconds=-1)
    for player in (jia, bing):
        journey.decrypt(hall, player.login)
    hall.at(ends, seconds=1)
    late = hall.offers["yi"]
    refused = yi.refused("opening.release_key", lot=hall.lot, bid=late.bid, content_key=late.key)
    assert refused.code == "opening.decryption-ended"
    evidence = [
        one.event
        for one in stream_entries(stored_stream(f"dealing:{tendering.dealing(hall.lot, yi.organisation).id}"))
        if one.kind == "ledger.dealing-refused"
    ]
    assert evidence[-1].code == "opening.decryption-ended"
    assert late.key not in json.dumps([one.text for one in stream_entries(f"lot:{hall.lot}")])
    agency.do("opening.rule_on_bid", lot=hall.lot, bid=late.bid, cause="bidder", reason="逾期未解密")
    ruled = _happened(hall, "opening.bid-ruled-on")[0].event
    assert (ruled.state, ruled.evidence["decrypt_timeout"]) == ("revoked", True)
    journey.read(hall)
    journey.end_opening(hall)
    assert "解密超时" in _pdf_text(hall)


def _pdf_text(world):
    paper = procedures.document(queries.opening(world.lot).record)
    return text_of(ports.get("store").read(paper.object)).replace("\n", "").replace(" ", "")


@pytest.mark.clause("LN-7.2.3-5-4")
def test_parameters_are_drawn_once_from_the_documents_candidates_for_all_to_recompute_and_price_scores_use_them(
    weighted,
):
    world = weighted
    journey.decrypt(world)
    wanted = queries.parameters_to_draw(world.lot)
    assert wanted
    assert world.cast.agency.refused("opening.read_bids", lot=world.lot).code == "opening.parameters-first"
    world.cast.agency.do("opening.draw_parameters", lot=world.lot)
    drawn = _happened(world, "opening.parameters-drawn")[0].event
    opened = _happened(world, "opening.hall-opened")[0].event
    for one, asked in zip(drawn.drawn, wanted, strict=True):
        assert Decimal(one["value"]) in [Decimal(str(candidate)) for candidate in asked["candidates"]]  # 0.01 is 0.0100
        assert drawing.verify(
            {k: v for k, v in one.items() if k not in ("name", "value")}, committed=opened.seed_commitment
        )
    assert world.cast.agency.refused("opening.draw_parameters", lot=world.lot).code == "opening.already-drawn"
    value = queries.drawn_parameters(world.lot)[wanted[0]["name"]]
    for login in (None, "jia", "witness", "supervisor"):
        page = (
            looking.visitor(world.cast.by_login(login) if login else None)
            .get(f"/lots/{world.lot}/hall")
            .content.decode()
        )
        assert value in page, login
    journey.read(world)
    journey.end_opening(world)
    journey.evaluate(world)
    report = evaluation.report(world.lot)
    prices = [one.price for one in report.ranking]
    benchmark = sum(prices) / len(prices) * (1 - Decimal(value))
    assert any(
        Decimal(step["result"].replace(",", "")) == benchmark.quantize(Decimal("0.01"), "ROUND_HALF_UP")
        for step in report.trace
        if _is_number(step["result"])
    )


def _is_number(text):
    return text.replace(",", "").replace(".", "", 1).isdecimal()


@pytest.mark.clause("RG-7.3.2-b-1", "LN-7.2.3-6")
def test_the_opening_table_is_what_the_bid_files_say_the_same_for_everybody_and_its_digest_is_in_the_record(hall):
    journey.decrypt(hall)
    journey.read(hall)
    assert set(COMMANDS["opening.read_bids"].fields) == {"lot"}  # nobody types anything
    offers = {offer.bid: offer for offer in hall.offers.values()}
    for line in queries.board(hall.lot):
        offer = offers[line.bid]
        assert line.bidder_name == offer.player.organisation_name
        assert line.deposit == ("guarantee" if offer.player.login == "bing" else "transfer")
        assert line.summary == offer.summary
    digest = queries.opening(hall.lot).board_digest
    for login in (None, "jia", "agency", "witness", "supervisor"):
        client = looking.visitor(hall.cast.by_login(login) if login else None)
        seen = client.get(f"/api/v1/lots/{hall.lot}/board").json()
        assert seen["board_digest"] == digest
        assert {row["bid"]: row["summary"] for row in seen["rows"]} == {
            str(o.bid): o.summary for o in hall.offers.values()
        }
    journey.end_opening(hall)
    assert digest.partition(":")[2] in _pdf_text(hall)


@pytest.mark.clause("RG-7.7.1-2")
def test_an_objection_on_the_spot_shows_at_once_holds_the_end_and_stands_in_the_record_with_its_answer(hall):
    journey.decrypt(hall)
    journey.read(hall)
    hall.clock.forward(minutes=1)
    raised = hall.cast.bidder.do("opening.raise_objection", lot=hall.lot, text="对乙单位工期有异议").event
    hall.settle()
    page = looking.visitor(None).get(f"/lots/{hall.lot}/hall").content.decode()
    assert "对乙单位工期有异议" in page
    hall.at(hall.due("confirmation_ends"), minutes=3)
    refused = hall.cast.agency.refused("opening.end_opening", lot=hall.lot)
    assert (refused.code, refused.facts["count"]) == ("opening.objections-open", 1)
    hall.cast.agency.do("opening.answer_objection", lot=hall.lot, objection=raised.objection, text="工期以开标记录为准")
    answered = _happened(hall, "opening.objection-answered")[0]
    assert answered.actor["person"] == str(hall.cast.agency.person)
    hall.cast.agency.do("opening.end_opening", lot=hall.lot)
    text = _pdf_text(hall)
    assert "对乙单位工期有异议" in text
    assert "工期以开标记录为准" in text
    (told,) = queries.objections(hall.lot)
    assert told.answered_at > told.raised_at
    for at in (told.raised_at, told.answered_at):
        assert f"{at.astimezone(clock.UTC8):%H:%M}" in text, "the record says when"


@pytest.mark.clause("LN-7.2.3-9-1")
def test_objections_are_heard_while_the_opening_runs_and_a_late_one_is_shown_the_ordinary_way(hall):
    journey.decrypt(hall)
    journey.read(hall)
    heard = hall.cast.bidder.do("opening.raise_objection", lot=hall.lot, text="还在开标").event
    hall.cast.agency.do("opening.answer_objection", lot=hall.lot, objection=heard.objection, text="已记录")
    journey.end_opening(hall)
    refused = hall.cast.bidder.refused("opening.raise_objection", lot=hall.lot, text="太晚了")
    assert refused.code == "opening.ended"
    assert "异议渠道" in refused.kind.todo
    assert [one.text for one in queries.objections(hall.lot)] == ["还在开标"]


def test_steps_of_the_hall_out_of_order_are_refused(hall):
    agency = hall.cast.agency
    assert agency.refused("opening.read_bids", lot=hall.lot).code == "opening.wrong-step"
    assert agency.refused("opening.end_opening", lot=hall.lot).code == "opening.wrong-step"
    offer = hall.offers["jia"]
    assert (
        offer.player.refused("opening.release_key", lot=hall.lot, bid=offer.bid, content_key=offer.key).code
        == "opening.wrong-step"
    )


def test_a_wrong_key_opens_nothing_and_does_not_hurt_and_another_bidders_bid_is_not_ones_own(hall):
    hall.cast.agency.do("opening.start_decryption", lot=hall.lot)
    mine, other = hall.offers["jia"], hall.offers["yi"]
    assert (
        mine.player.refused("opening.release_key", lot=hall.lot, bid=mine.bid, content_key=other.key).code
        == "opening.wrong-key"
    )
    assert (
        mine.player.refused("opening.release_key", lot=hall.lot, bid=other.bid, content_key=other.key).code
        == "opening.not-your-bid"
    )
    mine.player.do("opening.release_key", lot=hall.lot, bid=mine.bid, content_key=mine.key)


def test_another_cause_than_the_bidders_withdraws_the_bid_and_keeps_its_evidence(hall):
    journey.decrypt(hall, "jia", "bing")
    hall.at(hall.due("decryption_ends"), seconds=1)
    bid = hall.offers["yi"].bid
    refused = hall.cast.agency.refused("opening.rule_on_bid", lot=hall.lot, bid=bid, cause="weather", reason="")
    assert refused.code == "opening.cause-needed"
    hall.cast.agency.do("opening.rule_on_bid", lot=hall.lot, bid=bid, cause="other", reason="平台网络中断")
    journey.read(hall)
    assert {line.bid: line.state for line in queries.board(hall.lot)}[bid] == "withdrawn"
    assert len([b for b in queries.opened_bids(hall.lot) if b.state == "read"]) == 2
