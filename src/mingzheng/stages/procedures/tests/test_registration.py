"""Registering a project: everything told at once, a number, a person responsible, promised times kept in sight."""

import re
from datetime import timedelta

import pytest
from tests.journey import REGISTRATION, register

from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import jobs, queries, rules

pytestmark = pytest.mark.django_db
LOT = {"name": "土建及安装", "estimate": "186000000", "content": "构筑物"}


def submit(player, **changes):
    fields = {"content": {**REGISTRATION, **changes.pop("content", {})}, "lots": changes.pop("lots", [LOT])}
    return player.do("procedures.submit_registration", **fields, **changes).event


def told(player, topic):
    return [one for one in notifying.inbox(player.person) if one.topic == topic]


@pytest.mark.clause("GF-6.2.1-1")
def test_an_owner_registers_online_with_all_fields_for_a_number_and_hears_of_all_missing_ones_at_once(cast):
    empty = dict.fromkeys(("name", "funds", "contact"), "")
    refused = cast.owner.refused(
        "procedures.submit_registration", content={**REGISTRATION, **empty}, lots=[{"name": "", "estimate": ""}]
    )
    assert refused.code == "procedures.missing-fields"
    assert refused.facts["fields"] == "项目名称、资金来源、联系人、01 标段名称、01 标段合同估算价"
    done = submit(cast.owner)
    assert done.number == "DJ-2026-00001"
    facts = queries.procedure(done.procedure)
    assert facts.number == done.number
    assert facts.channel == "online"
    assert all(facts.content[name] for name in rules.REGISTRATION_FIELDS)


@pytest.mark.clause("GF-6.2.1-2")
def test_a_registration_at_the_counter_keeps_staff_and_papers_and_goes_the_same_way(world, cast):
    register(world)
    done = submit(cast.staff, procuring_entity=cast.owner.organisation, attachment="upload:纸质申请表.pdf")
    facts = queries.procedure(done.procedure)
    assert (facts.channel, facts.entered_by) == ("onsite", cast.staff.person)
    assert facts.content["attachment"] == "upload:纸质申请表.pdf"
    assert facts.state == "submitted"
    cast.staff.do("procedures.return_registration", procedure=done.procedure, items=["项目名称"])
    assert queries.procedure(done.procedure).state == "returned"
    cast.staff.do("procedures.supplement_registration", procedure=done.procedure, supplied={"项目名称": "已补"})
    cast.staff.do("procedures.complete_registration", procedure=done.procedure, service_responsible=cast.staff.person)
    assert queries.procedure(done.procedure).state == queries.procedure(world.procedure).state == "registered"
    desk = queries.registration_desk(world.clock())
    assert (desk.registrations, str(desk.online_share)) == (2, "50.0")


@pytest.mark.clause("GF-6.2.2-1")
def test_a_registration_without_approval_document_prompts_and_the_prompt_is_kept_with_its_time(cast, clock):
    done = submit(cast.owner, content={"approval": ""})
    (prompt,) = done.prompts
    assert "审批核准文件" in prompt
    (entry,) = stream_entries(f"procedure:{done.procedure}")
    assert entry.event.prompts == (prompt,)
    assert entry.at == clock()
    assert queries.procedure(done.procedure).prompts == (prompt,)
    assert submit(cast.owner).prompts == ()


@pytest.mark.clause("GF-6.2.2-2", "GF-6.1.2-2")
def test_a_return_needs_its_whole_list_and_what_comes_later_needs_a_reason_is_counted_and_alerts(cast, clock):
    procedure = submit(cast.owner).procedure
    staff = cast.staff
    assert (
        staff.refused("procedures.return_registration", procedure=procedure, items=[]).code == "procedures.items-needed"
    )
    staff.do("procedures.return_registration", procedure=procedure, items=["审批文件扫描件", "资金证明"])
    assert not told(staff, "late-item")
    cast.owner.do(
        "procedures.supplement_registration",
        procedure=procedure,
        supplied={"审批文件扫描件": "已上传", "资金证明": "已上传"},
    )
    again = {"procedure": procedure, "items": ["资金证明", "用地批准书"]}
    refused = staff.refused("procedures.return_registration", **again)
    assert refused.code == "procedures.late-item-needs-reason"
    assert refused.facts["items"] == "用地批准书"
    assert queries.registration_desk(clock()).late_items == 0
    staff.do("procedures.return_registration", **again, reason="用地范围在补正后改变")
    assert [(one["item"], one["late"]) for one in queries.procedure(procedure).told if one["round"] == 2] == [
        ("资金证明", False), ("用地批准书", True),
    ]  # fmt: skip
    assert queries.registration_desk(clock()).late_items == 1
    (alert,) = told(staff, "late-item")
    assert "用地批准书" in alert.text and "用地范围在补正后改变" in alert.text


@pytest.mark.clause("GF-6.2.3-2", "GF-10.2-2")
def test_a_complete_registration_older_than_promised_is_overdue_alerts_its_handler_and_lowers_the_rate(
    world, cast, clock
):
    register(world)
    assert queries.registration_desk(clock()).on_time_rate == 100
    procedure = submit(cast.owner).procedure
    promised = rules.promised(clock())
    clock.set(promised - timedelta(seconds=1))
    assert jobs.note_overdue() == 0
    assert queries.registration_desk(clock()).overdue == 0
    clock.set(promised)
    assert jobs.note_overdue() == 1
    assert jobs.note_overdue() == 0
    desk = queries.registration_desk(clock())
    assert (desk.overdue, str(desk.on_time_rate)) == (1, "50.0")
    (alert,) = told(cast.staff, "registration-overdue")
    assert alert.link == f"/procedures/{procedure}"
    assert stream_entries(f"procedure:{procedure}")[-1].kind == "procedures.registration-overdue"
    cast.staff.do("procedures.complete_registration", procedure=procedure, service_responsible=cast.staff.person)
    after = queries.registration_desk(clock())
    assert (after.overdue, str(after.on_time_rate)) == (0, "50.0")


@pytest.mark.clause("GF-6.2.3-3")
def test_completing_a_registration_sends_the_notes_of_its_kind_and_sending_and_reading_are_kept(world, cast, clock):
    register(world)
    (note,) = told(cast.owner, "notes-sheet")
    assert "不得少于二十日" in note.text
    assert (note.at, note.read_at) == (clock(), None)
    assert told(cast.agency, "notes-sheet")
    clock.forward(hours=2)
    cast.owner.do("notifying.mark_read", message=note.id)
    assert told(cast.owner, "notes-sheet")[0].read_at == clock()


@pytest.mark.clause("GF-6.2.4")
def test_no_registration_is_completed_without_a_person_responsible_whose_name_and_phone_the_owner_sees(cast, rf):
    procedure = submit(cast.owner).procedure
    refused = cast.staff.refused("procedures.complete_registration", procedure=procedure)
    assert refused.code == "procedures.service-responsible-needed"
    assert queries.procedure(procedure).state == "submitted"
    cast.staff.do("procedures.complete_registration", procedure=procedure, service_responsible=cast.staff.person)
    facts = queries.procedure(procedure)
    text = read(rf, cast.owner, procedure)
    assert facts.service_name == cast.staff.name and facts.service_phone
    assert facts.service_name in text and facts.service_phone in text


@pytest.mark.clause("GF-4.1.2-1")
def test_a_returning_owner_sees_what_is_already_held_and_is_not_asked_for_it_again(world, cast, rf):
    from mingzheng.stages.procedures.web import views

    def asked(text):
        return set(re.findall(r'<(?:input|textarea|select) (?![^>]*type="hidden")[^>]*name="content\.([^"]+)"', text))

    first = asked(shown(rf, cast.owner, views.new_registration))
    assert first == set(rules.REGISTRATION_FIELDS)
    register(world)
    text = shown(rf, cast.owner, views.new_registration)
    assert "平台已有，无需再交" in text
    held = re.findall(r"<li[^>]* data-held>.*?<span>([^：<]+)：[^<]+</span>", text)
    assert {"统一社会信用代码", "行政区划代码", "监督部门", "联系人", "联系电话"} <= set(held)
    assert asked(text) == first - set(rules.REPEATED_FIELDS)


def shown(rf, player, view, **arguments):
    from django.contrib.sessions.backends.base import SessionBase

    request = rf.get("/")
    request.session, request.actor = SessionBase(), player.actor
    response = view(request, **arguments)
    assert response.status_code == 200
    return response.content.decode()


def read(rf, player, procedure):
    from mingzheng.stages.procedures.web import views

    return shown(rf, player, views.procedure, procedure=procedure)


@pytest.mark.parametrize("act", ["submit", "supplement", "appoint", "suspend", "resume"])
def test_what_an_agency_does_stands_in_the_ledger_as_done_on_behalf_of_its_principal(world, cast, act):
    agency, owner = cast.agency, cast.owner
    done = agency.do(
        "procedures.submit_registration", content=REGISTRATION, lots=[LOT], procuring_entity=owner.organisation
    ).event
    cast.staff.do("procedures.return_registration", procedure=done.procedure, items=["资金证明"])
    agency.do("procedures.supplement_registration", procedure=done.procedure, supplied={"资金证明": "已补"})
    completed = cast.staff.do(
        "procedures.complete_registration", procedure=done.procedure, service_responsible=cast.staff.person
    )
    lot = completed.events[-1].lot
    agency.do("procedures.appoint_person", lot=lot, part="host", person=agency.person)
    agency.do("procedures.suspend_lot", lot=lot, reason="停电", basis="GF-6.5.6")
    agency.do("procedures.resume_lot", lot=lot, decision="来电")
    kind = {
        "submit": "registration-submitted", "supplement": "registration-supplemented", "appoint": "person-appointed",
        "suspend": "lot-suspended", "resume": "lot-resumed",
    }[act]  # fmt: skip
    entries = stream_entries(f"procedure:{done.procedure}") + stream_entries(f"lot:{lot}")
    (entry,) = [one for one in entries if one.kind == f"procedures.{kind}"]
    assert entry.actor["organisation"] == str(agency.organisation)
    assert entry.actor["on_behalf_of"] == str(owner.organisation)
