"""Objections to the documents and complaints."""

import json
from datetime import timedelta

import pytest
from tests.journey import enrol

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.bidding.jobs import when_bidding_closes
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.changes import reach
from mingzheng.stages.tendering import queries, rules

pytestmark = pytest.mark.django_db
MATERIAL = "sha256:" + "ab" * 32


def topics(person):
    return [one.topic for one in notifying.inbox(person)]


def complaint(world, **fields):
    return world.cast.bidder.do(
        "tendering.file_complaint", lot=world.lot, subject="notice", text="公告期限不足", **fields
    ).event.case


@pytest.mark.clause("GF-6.4.2-1")
def test_an_objection_reaches_the_owners_queue_and_a_complaint_the_supervisors_with_times_and_late_ones_are_marked(
    lot_at,
):
    world = lot_at("announced")
    supervisor = world.cast.supervisor
    enrol(world)
    world.cast.bidder.do("tendering.object_to_documents", lot=world.lot, subject="notice", text="资格条件过高")
    (mine,) = queries.cases("objection", lot=world.lot)
    assert (mine.forwarded_to, mine.forwarded_at, mine.in_time, mine.party) == (
        "procuring_entity",
        world.clock(),
        True,
        None,
    )
    assert "objection" in topics(world.cast.owner.person)
    complaint(world, known=world.clock().date())
    complaint(world, known=(world.clock() - timedelta(days=15)).date())
    queue = queries.cases("complaint")
    assert {one.forwarded_to for one in queue} == {"supervision"}
    assert {one.forwarded_at for one in queue} == {world.clock()}
    assert sorted(one.in_time for one in queue) == [False, True]
    assert topics(supervisor.person).count("complaint") == 2
    world.at(world.deadline, days=-3)
    world.cast.rival.do("tendering.object_to_documents", lot=world.lot, text="迟来的异议")
    assert [one.in_time for one in queries.cases("objection", lot=world.lot)] == [False, True]


@pytest.mark.clause("RG-7.7.1-4")
def test_an_objection_is_closed_by_an_answer_in_the_system_or_not_at_all_and_holds_the_opening_until_then(lot_at):
    world = lot_at("announced")
    enrol(world)
    case = world.cast.bidder.do("tendering.object_to_documents", lot=world.lot, text="清单缺项").events[0].case
    assert [one.act for one in procedures.holds(world.lot)] == ["bidding.close_bidding"]
    refused = world.cast.agency.refused("tendering.answer_document_objection", lot=world.lot, case=case, answer="")
    assert refused.code == "tendering.answer-needed"
    assert queries.cases("objection", lot=world.lot)[0].state == "open"
    world.cast.agency.do(
        "tendering.answer_document_objection", lot=world.lot, case=case, answer="已在第 1 号澄清补充。"
    )
    assert procedures.holds(world.lot) == []
    (answer,) = [one for one in notifying.inbox(world.cast.bidder.person) if one.topic == "objection-answer"]
    assert (answer.at, answer.text) == (world.clock(), "已在第 1 号澄清补充。")
    entries = stream_entries(stored_stream(f"lot:{world.lot}"))
    entry = next(one for one in entries if one.kind == "tendering.objection-answered")
    assert json.loads(entry.text)["signature"]["certificate"] == world.cast.agency.fingerprint
    assert str(world.cast.bidder.organisation) not in entry.text


@pytest.mark.clause("GF-6.4.2-2", "GF-6.5.5-2", "SD-3.6.4-3")
def test_a_case_has_an_assistance_entry_with_author_time_text_and_digest_before_its_result_and_the_result_names_it(
    lot_at,
):
    world = lot_at("announced")
    supervisor, staff = world.cast.supervisor, world.cast.staff
    case = complaint(world)
    supervisor.do("tendering.take_complaint", case=case, accepted=True)
    refused = supervisor.refused("tendering.decide_complaint", case=case, decision="投诉成立")
    assert refused.code == "tendering.assistance-needed"
    world.clock.forward(hours=2)
    staff.do("tendering.give_assistance", case=case, text="核对公告：2026-03-02 发布。", attachment=MATERIAL)
    (entry,) = queries.cases("complaint")[0].assistance
    assert (entry["staff"], entry["given_at"], entry["attachment"]) == (staff.person, world.clock(), MATERIAL)
    assert entry["text"] == "核对公告：2026-03-02 发布。"
    assert entry["site"] == staff.organisation_name == "云州市公共资源交易中心"
    done = supervisor.do("tendering.decide_complaint", case=case, decision="投诉不成立，驳回。").event
    assert done.assistance == (entry["id"],)
    assert staff.refused("tendering.decide_complaint", case=case, decision="驳回").code == "access.not-yours"


@pytest.mark.clause("RG-7.7.2")
def test_a_request_for_assistance_is_a_task_of_the_person_responsible_and_its_material_is_listed_with_digest_and_time(
    lot_at,
):
    world = lot_at("announced")
    case = complaint(world)
    asked = world.cast.supervisor.do("tendering.ask_assistance", case=case, text="请提供公告发布记录").event
    assert asked.staff == world.cast.staff.person
    assert "assistance" in topics(world.cast.staff.person)
    world.cast.staff.do(
        "tendering.give_assistance", case=case, text="发布记录一份", attachment=MATERIAL, task=asked.assistance
    )
    (entry,) = queries.cases("complaint")[0].assistance
    assert (entry["asked"], entry["attachment"], entry["given_at"]) == ("请提供公告发布记录", MATERIAL, world.clock())
    refused = world.cast.staff.refused("tendering.give_assistance", case=case, text="x", attachment="sha256:1")
    assert refused.code == "tendering.wrong-digest"


@pytest.mark.clause("SD-5.2-2")
def test_a_complaint_is_taken_or_refused_with_reason_in_three_working_days_decided_in_thirty_and_delivered(lot_at):
    world = lot_at("announced")
    supervisor = world.cast.supervisor
    first, second = complaint(world), complaint(world)
    due = {one.id: one.due for one in queries.cases("complaint")}
    assert due[first] == world.clock().replace(hour=0) + timedelta(days=4), (
        "three working days after Monday end on Thursday"
    )
    assert (
        supervisor.refused("tendering.take_complaint", case=second, accepted=False).code
        == "tendering.reason-for-refusal"
    )
    supervisor.do("tendering.take_complaint", case=second, accepted=False, reason="不属于受理范围")
    taken = supervisor.do("tendering.take_complaint", case=first, accepted=True).event
    assert taken.decision_due is not None
    assert (taken.decision_due - world.clock()).days in range(40, 48), "thirty working days"
    world.cast.staff.do("tendering.give_assistance", case=first, text="核查")
    supervisor.do("tendering.decide_complaint", case=first, decision="责令改正。")
    told = [one for one in notifying.inbox(world.cast.bidder.person) if one.topic == "complaint-answer"]
    assert {one.text for one in told} == {"责令改正。", "投诉已受理", "投诉不予受理：不属于受理范围"}
    decision = next(one for one in told if one.text == "责令改正。")
    world.cast.bidder.do("notifying.mark_read", message=decision.id)
    assert (
        next(one for one in notifying.inbox(world.cast.bidder.person) if one.id == decision.id).read_at == world.clock()
    )


@pytest.mark.clause("GF-6.5.5-1")
def test_a_case_filed_during_evaluation_is_forwarded_at_once_and_says_so(lot_at):
    world = lot_at("announced")
    reach(world.lot, "evaluation", world.clock())
    case = world.cast.bidder.do(
        "tendering.file_complaint", lot=world.lot, subject="evaluation", text="评标专家应回避"
    ).event.case
    (found,) = queries.cases("complaint")
    assert (found.id, found.phase, found.forwarded_to) == (case, "evaluation", "supervision")
    assert found.forwarded_at - found.filed_at == timedelta(0), "the limit of the working timetable is the same moment"


def test_who_complains_is_no_public_fact(lot_at):
    world = lot_at("announced")
    enrol(world)
    before = [one.text for one in stream_entries(stored_stream(f"lot:{world.lot}"))]
    complaint(world)
    assert [one.text for one in stream_entries(stored_stream(f"lot:{world.lot}"))] == before
    assert queries.cases_of(world.cast.rival.organisation, lot=world.lot) == []
    assert [one.kind for one in queries.cases_of(world.cast.bidder.organisation, lot=world.lot)] == ["complaint"]


def test_an_objection_not_answered_at_the_deadline_holds_the_closing_of_its_own_lot_alone(lot_at):
    world = lot_at("announced", register={"lots": 2})
    world.cast.agency.do(
        "tendering.publish_notice",
        lot=world.lots[1],
        confirmation=rules.CONFIRMATION_VERSION,
        bid_deadline=world.deadline,
    )
    enrol(world, world.cast.bidder)
    case = world.cast.bidder.do("tendering.object_to_documents", lot=world.lot, text="清单缺项").events[0].case
    world.at(world.deadline)
    when_bidding_closes()
    assert bidding.closing(world.lots[0]) is None
    assert bidding.closing(world.lots[1]) is not None
    world.cast.agency.do("tendering.answer_document_objection", lot=world.lot, case=case, answer="已澄清。")
    when_bidding_closes()
    assert bidding.closing(world.lots[0]) is not None


def test_the_centre_has_no_act_that_decides_a_case():
    deciding = ("tendering.take_complaint", "tendering.decide_complaint", "tendering.answer_document_objection")
    assert all("centre_staff" not in COMMANDS[name].by for name in deciding)
