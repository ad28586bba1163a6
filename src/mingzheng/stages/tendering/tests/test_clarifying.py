"""Questions, clarifications and the deadline they may move."""

import json
from datetime import timedelta

import pytest
from tests.journey import enrol

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries

pytestmark = pytest.mark.django_db


def last(world, kind):
    return [one for one in stream_entries(stored_stream(f"lot:{world.lot}")) if one.kind == kind][-1]


def asked(world, text="膜组件数量与图纸不一致，以哪个为准？"):
    enrol(world)
    return world.cast.bidder.do("tendering.ask_question", lot=world.lot, text=text).event.question


@pytest.mark.clause("RG-7.7.1-1")
def test_an_answer_reaches_all_who_took_the_documents_without_the_asker_and_late_ones_demand_another_deadline(lot_at):
    world = lot_at("announced")
    question = asked(world)
    world.cast.agency.do("tendering.answer_question", lot=world.lot, question=question, answer="以图纸为准，1,248 支。")
    said = last(world, "tendering.clarification-published")
    assert said.event.items == (
        {"question": "膜组件数量与图纸不一致，以哪个为准？", "answer": "以图纸为准，1,248 支。"},
    )
    for trace in (
        str(world.cast.bidder.organisation),
        str(world.cast.bidder.person),
        world.cast.bidder.fingerprint,
        "甲",
    ):
        assert trace not in said.text
    for one in world.cast.bidders[:3]:
        assert [m.topic for m in notifying.inbox(one.person)] == ["clarification"]
    world.at(world.deadline, days=-10)
    refused = world.cast.agency.refused(
        "tendering.publish_clarification", lot=world.lot, changes=["清单第 3.2.7 项改为 1,248 支。"], affects_bids=True
    )
    assert refused.code == "tendering.extension-needed"
    assert refused.facts["rule"] == "ZB-13"
    proposal, old = refused.facts["proposal"], world.deadline
    assert proposal > old
    world.cast.agency.do(
        "tendering.publish_clarification", lot=world.lot, changes=["清单第 3.2.7 项改为 1,248 支。"], affects_bids=True,
        new_deadline=proposal,
    )  # fmt: skip
    assert world.deadline == proposal
    moved = last(world, "procedures.clock-moved").event
    assert (moved.clock, moved.earlier, moved.due) == ("bid_deadline", old, proposal)
    assert last(world, "tendering.clarification-published").event.new_deadline == proposal


def test_a_deadline_a_day_before_the_proposed_one_is_still_too_early(lot_at):
    world = lot_at("announced")
    world.at(world.deadline, days=-10)
    fields = {"lot": world.lot, "changes": ["改"], "affects_bids": True}
    proposal = world.cast.agency.refused("tendering.publish_clarification", **fields).facts["proposal"]
    short = max(world.deadline + timedelta(minutes=1), proposal - timedelta(days=4))
    refused = world.cast.agency.refused("tendering.publish_clarification", **fields, new_deadline=short)
    assert refused.code == "tendering.extension-needed"
    earlier = world.deadline - timedelta(days=1)
    refused = world.cast.agency.refused("tendering.publish_clarification", **fields, new_deadline=earlier)
    assert refused.code == "tendering.not-later"


def test_a_late_clarification_that_does_not_affect_bids_leaves_the_deadline_alone(lot_at):
    world = lot_at("announced")
    world.at(world.deadline, days=-2)
    old = world.deadline
    world.cast.agency.do("tendering.publish_clarification", lot=world.lot, changes=["联系人电话更正。"])
    assert world.deadline == old


@pytest.mark.clause("RG-4.4-4")
def test_after_a_clarification_exactly_those_who_took_the_documents_have_a_message_and_a_to_do(lot_at):
    world = lot_at("announced")
    enrol(world, world.cast.bidder)
    paper = queries.tender(world.lot).tender_document
    world.cast.rival.do("tendering.download_document", lot=world.lot, document=paper)
    world.cast.agency.do("tendering.publish_clarification", lot=world.lot, changes=["图纸 S-14 更新。"])
    for one, expected in zip(world.cast.bidders, (1, 1, 0, 0, 0), strict=True):
        found = [m for m in notifying.inbox(one.person) if m.topic == "clarification"]
        assert len(found) == expected
        assert notifying.unread_count(one.person) == expected  # the to-do: unread until opened
        assert all(m.link == f"/lots/{world.lot}/questions" for m in found)


@pytest.mark.clause("RG-7.7.1-4")
def test_an_answer_has_author_signature_time_of_sending_and_of_reading(lot_at):
    world = lot_at("announced")
    question = asked(world)
    sent = world.clock()
    world.cast.agency.do("tendering.answer_question", lot=world.lot, question=question, answer="以图纸为准。")
    entry = last(world, "tendering.clarification-published")
    assert entry.actor["person"] == str(world.cast.agency.person)
    assert json.loads(entry.text)["signature"]["certificate"] == world.cast.agency.fingerprint
    (answered,) = queries.clarifications(world.lot)
    assert answered.author == world.cast.owner.organisation_name
    assert answered.published_at == sent
    (message,) = notifying.inbox(world.cast.bidder.person)
    assert (message.at, message.read_at) == (sent, None)
    world.clock.forward(minutes=5)
    world.cast.bidder.do("notifying.mark_read", message=message.id)
    assert notifying.inbox(world.cast.bidder.person)[0].read_at == world.clock()
    assert world.cast.agency.refused(
        "tendering.answer_question", lot=world.lot, question=question, answer=""
    ).code == "tendering.nothing-to-say"  # fmt: skip


def test_a_question_is_answered_once(lot_at):
    world = lot_at("announced")
    question = asked(world)
    fields = {"lot": world.lot, "question": question, "answer": "是。"}
    world.cast.agency.do("tendering.answer_question", **fields)
    assert world.cast.agency.refused("tendering.answer_question", **fields).code == "tendering.no-such-question"
    assert [one.answer for one in queries.my_questions(world.lot, world.cast.bidder.organisation)] == ["是。"]
    assert queries.my_questions(world.lot, world.cast.rival.organisation) == []


def test_a_clarification_that_changes_fields_makes_a_new_version_of_the_documents(lot_at):
    world = lot_at("announced")
    before = queries.tender(world.lot)
    world.cast.agency.do(
        "tendering.publish_clarification", lot=world.lot, amend={"period_days": 400, "price_ceiling": "180000000"}
    )
    after = queries.tender(world.lot)
    assert (after.version, after.period_days) == (2, 400)
    assert after.document_digest != before.document_digest
    assert after.content_digest != before.content_digest
    amended = last(world, "tendering.document-amended").event
    assert amended.changed == {"period_days": 400, "price_ceiling": "180000000.00"}
    assert len([one for one in procedures.documents(world.lot) if one.kind == "tender_document"]) == 2


def test_changed_fields_are_held_against_the_law_like_the_first_ones(lot_at):
    world = lot_at("announced")
    refused = world.cast.agency.refused(
        "tendering.publish_clarification", lot=world.lot, amend={"deposit_amount": "5000000"}
    )
    assert refused.code == "tendering.breaks-rules"
    assert queries.tender(world.lot).version == 1


def test_nothing_is_clarified_after_the_deadline(lot_at):
    world = lot_at("announced")
    world.at(world.deadline)
    refused = world.cast.agency.refused("tendering.publish_clarification", lot=world.lot, changes=["迟了"])
    assert refused.code == "tendering.too-late"
