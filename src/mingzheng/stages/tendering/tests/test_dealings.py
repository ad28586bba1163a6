"""What bidders do before bidding, and that nobody else learns of it."""

import json

import pytest
from django.db import connection
from tests.journey import enrol

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries

pytestmark = pytest.mark.django_db


def paper_of(world):
    return queries.tender(world.lot).tender_document


def test_enrolment_needs_no_approval_and_writes_only_into_the_bidders_own_sealed_stream(lot_at):
    world = lot_at("announced")
    before = len(stream_entries(stored_stream(f"lot:{world.lot}")))
    done = world.cast.bidder.do("tendering.enrol", lot=world.lot, contact="甲一鸣", phone="0990-1")
    dealing = queries.dealing(world.lot, world.cast.bidder.organisation)
    assert done.event.dealing == dealing.id
    assert dealing.contact["name"] == "甲一鸣"
    assert len(stream_entries(stored_stream(f"lot:{world.lot}"))) == before
    entry = stream_entries(stored_stream(f"dealing:{dealing.id}"))[0]
    assert entry.sealed
    assert "甲" not in entry.text
    assert queries.dealing(world.lot, world.cast.rival.organisation) is None


def test_the_first_download_begins_dealings_without_enrolment(lot_at):
    world = lot_at("announced")
    done = world.cast.bidder.do("tendering.download_document", lot=world.lot, document=paper_of(world))
    assert [type(one).__name__ for one in done.events] == ["Enrolled", "DocumentDownloaded"]
    assert done.event.by == "download"
    again = world.cast.bidder.do("tendering.download_document", lot=world.lot, document=paper_of(world))
    assert [type(one).__name__ for one in again.events] == ["DocumentDownloaded"]
    assert len(queries.dealing(world.lot, world.cast.bidder.organisation).downloads) == 2


def test_a_paper_of_another_lot_cannot_be_taken_here(lot_at):
    world = lot_at("announced", register={"lots": 2})
    other = world.lots[1]
    assert world.cast.bidder.refused("tendering.download_document", lot=world.lot, document=other).code == (
        "procedures.no-such-lot"
    )


def test_enrolling_twice_is_told_and_another_contact_replaces_the_first(lot_at):
    world = lot_at("announced")
    bidder = world.cast.bidder
    bidder.do("tendering.enrol", lot=world.lot, contact="甲一鸣")
    assert bidder.refused("tendering.enrol", lot=world.lot, contact="甲一鸣").code == "tendering.enrolled-already"
    bidder.do("tendering.change_contact", lot=world.lot, contact="甲二", phone="0990-2")
    assert queries.dealing(world.lot, bidder.organisation).contact["name"] == "甲二"
    assert world.cast.rival.refused("tendering.change_contact", lot=world.lot, contact="乙").code == (
        "tendering.not-enrolled"
    )


def test_enrolment_a_microsecond_late_is_refused_and_the_refusal_is_evidence(lot_at):
    world = lot_at("announced")
    world.at(world.deadline)
    refused = world.cast.bidder.refused("tendering.enrol", lot=world.lot)
    assert refused.code == "tendering.too-late"
    kinds = [one.kind for one in stream_entries(stored_stream(f"person:{world.cast.bidder.person}"))]
    assert "ledger.act-refused" in kinds


def test_a_second_click_on_enrol_acts_once(lot_at):
    world = lot_at("announced")
    first = world.cast.bidder.do("tendering.enrol", nonce="double-click-1", lot=world.lot, contact="甲")
    second = world.cast.bidder.do("tendering.enrol", nonce="double-click-1", lot=world.lot, contact="甲")
    assert second.again
    assert first.events == second.events
    assert len(queries.dealings(world.lot)) == 1


def test_no_column_of_the_database_names_who_takes_part(lot_at):
    world = lot_at("announced")
    enrol(world)
    world.cast.bidder.do("tendering.ask_question", lot=world.lot, text="清单第 3 项以哪个为准？")
    secrets = [world.cast.bidder, world.cast.rival, world.cast.third]
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            if table.startswith(("parties_", "django_", "procedures_appointment")):
                continue
            cursor.execute(f'select to_jsonb(t)::text from "{table}" t')
            for (row,) in cursor.fetchall():
                for one in secrets:
                    assert str(one.organisation) not in row, table
                    assert one.organisation_name not in row, table
                    assert one.name not in row, table
                    assert str(one.organisation_name.encode().hex()) not in row, table


def test_the_lots_public_entries_and_its_owner_learn_neither_names_nor_number_of_downloaders(lot_at):
    world = lot_at("announced")
    before = [one.text for one in stream_entries(stored_stream(f"lot:{world.lot}"))]
    enrol(world, *world.cast.bidders)
    world.cast.bidder.do("tendering.ask_question", lot=world.lot, text="膜组件数量？")
    after = [one.text for one in stream_entries(stored_stream(f"lot:{world.lot}"))]
    assert after == before
    told = [json.dumps([m.title, m.text]) for m in notifying.inbox(world.cast.owner.person)]
    assert not any(name in text for text in told for name in ("甲", "jia"))
    (question,) = queries.questions(world.lot)
    assert not hasattr(question, "dealing")
    assert not hasattr(question, "organisation")


def test_questions_after_their_deadline_are_refused_with_the_way_that_is_left(lot_at):
    world = lot_at("announced")
    enrol(world, world.cast.bidder)
    assert world.cast.rival.refused("tendering.ask_question", lot=world.lot, text="？").code == "tendering.not-enrolled"
    world.at(world.due("question_deadline"))
    assert (
        world.cast.bidder.refused("tendering.ask_question", lot=world.lot, text="？").code == "tendering.questions-over"
    )


def test_a_refusal_inside_a_dealing_is_kept_in_that_dealing(lot_at):
    world = lot_at("announced")
    enrol(world, world.cast.bidder)
    world.at(world.deadline)
    world.cast.bidder.refused("tendering.ask_question", lot=world.lot, text="太晚了？")
    dealing = queries.dealing(world.lot, world.cast.bidder.organisation)
    assert stream_entries(stored_stream(f"dealing:{dealing.id}"))[-1].kind == "ledger.dealing-refused"


def test_suspension_stops_enrolment(lot_at):
    world = lot_at("announced")
    world.cast.agency.do("procedures.suspend_lot", lot=world.lot, reason="投诉处理", basis="条例 62")
    assert world.cast.bidder.refused("tendering.enrol", lot=world.lot).code == "procedures.lot-suspended"
    assert procedures.lot(world.lot).standing == "suspended"
