"""The time of the opening: preparing for it, not being able to hold it, moving it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.journey import enrol

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.notifying import jobs as notifying_jobs
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import jobs, queries

pytestmark = pytest.mark.django_db


def kinds(world):
    return [one.kind for one in stream_entries(stored_stream(f"lot:{world.lot}"))]


@pytest.mark.clause("RG-7.3.1-4")
def test_the_report_to_supervision_names_lot_cause_time_and_handler_and_nobody_can_delete_it(lot_at):
    world = lot_at("announced")
    supervisor, staff = world.cast.supervisor, world.cast.staff
    staff.do("tendering.report_unready", lot=world.lot, cause="数据中心停电")
    (message,) = [m for m in notifying.inbox(supervisor.person) if m.topic == "unready"]
    assert (message.lot, message.at) == (world.lot, world.clock())
    (kept,) = queries.unreadiness()
    assert (kept["lot"].id, kept["cause"], kept["handler"], kept["reported_at"]) == (
        world.lot, "数据中心停电", staff.person, world.clock()
    )  # fmt: skip
    assert not [
        name for name in COMMANDS if "unread" in name and ("delete" in name or "remove" in name or "withdraw" in name)
    ]
    for statement in (
        "delete from ledger_entry where stream = %s",
        "update ledger_entry set text = '' where stream = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [f"lot:{world.lot}"])
    assert "tendering.unreadiness-reported" in kinds(world)


@pytest.mark.clause("RG-7.3.1-3")
def test_an_opening_that_cannot_be_held_is_told_to_the_owner_and_to_supervision_and_moves_for_everybody(lot_at):
    world = lot_at("announced")
    cast, old = world.cast, world.deadline
    supervisor = cast.supervisor
    enrol(world)
    proposed = old + timedelta(days=3)
    report = cast.staff.do("tendering.report_unready", lot=world.lot, cause="数据中心停电", proposed=proposed).event
    (told,) = [m for m in notifying.inbox(cast.owner.person) if m.topic == "unready"]
    assert told.read_at is None
    cast.owner.do("notifying.mark_read", message=told.id)
    assert [m.read_at for m in notifying.inbox(cast.owner.person) if m.topic == "unready"] == [world.clock()]
    (inbox,) = [m for m in notifying.inbox(supervisor.person) if m.topic == "unready"]
    assert "数据中心停电" in inbox.text
    assert inbox.lot == world.lot
    (kept,) = queries.unreadiness()
    assert (kept["cause"], kept["handler"], kept["reported_at"]) == ("数据中心停电", cast.staff.person, world.clock())
    cast.agency.do(
        "tendering.postpone_deadline", lot=world.lot, new_deadline=proposed, reason="数据中心停电", report=report.report
    )
    assert world.deadline == proposed
    assert "tendering.deadline-postponed" in kinds(world)
    assert [one.kind for one in procedures.documents(world.lot)][-1] == "clarification"
    for bidder in cast.bidders[:3]:
        assert "postponed" in [m.topic for m in notifying.inbox(bidder.person)]
    assert procedures.due("bid_deadline", old) == [], "the old time starts nothing"
    assert procedures.due("bid_deadline", proposed) == [world.lot]


def test_a_deadline_never_moves_forward_nor_without_reason(lot_at):
    world = lot_at("announced")
    agency, old = world.cast.agency, world.deadline
    fields = {"lot": world.lot, "new_deadline": old - timedelta(days=1), "reason": "提前"}
    assert agency.refused("tendering.postpone_deadline", **fields).code == "tendering.not-later"
    fields = {"lot": world.lot, "new_deadline": old + timedelta(days=1), "reason": ""}
    assert agency.refused("tendering.postpone_deadline", **fields).code == "tendering.reason-missing"
    assert world.cast.staff.refused(
        "tendering.postpone_deadline", lot=world.lot, new_deadline=old + timedelta(days=1), reason="停电"
    ).code == "access.not-yours"  # fmt: skip


@pytest.mark.clause("GF-6.5.1-2")
def test_owner_and_host_are_told_to_prepare_at_the_lead_time_by_sms_too_and_a_call_can_be_logged(lot_at, monkeypatch):
    world = lot_at("announced")
    monkeypatch.setenv("MINGZHENG_PREPARATION_HOURS", "30")
    world.at(world.deadline, hours=-30, seconds=-1)
    assert jobs.remind_preparation() == 0
    world.at(world.deadline, hours=-30)
    assert jobs.remind_preparation() == 1
    assert jobs.remind_preparation() == 0
    notifying_jobs.send_messages()
    states = [one for one in notifying.states(world.lot) if one["topic"] == "preparation"]
    assert {one["person"].id for one in states} >= {world.cast.owner.person, world.cast.agency.person}
    assert all({"in_site", "sms"} == set(one["channels"]) for one in states)
    assert all(one["channels"]["sms"] in ("sent", "delivered") for one in states)
    world.cast.staff.do("notifying.log_call", message=states[0]["message"], reached=True, words="已接通，准备就绪")
    after = next(one for one in notifying.states(world.lot) if one["message"] == states[0]["message"])
    assert after["channels"]["call"] == "called"
