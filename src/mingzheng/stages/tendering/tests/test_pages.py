"""The pages: who sees what, and that nothing tells who takes part."""

import pytest
from tests.journey import announce_weighted, enrol, register

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import jobs, queries
from mingzheng.stages.tendering.web import cases, editor, views

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(rf):
    """`page(view, lot, player)`: the page's text as that person reads it (None: the public)."""
    from django.contrib.sessions.backends.base import SessionBase

    from mingzheng.kernel.actor import PUBLIC

    def read(view, lot, player=None):
        request = rf.get(f"/lots/{lot}/tender")
        request.session, request.actor = SessionBase(), player.actor if player else PUBLIC
        response = view(request, lot=lot)
        assert response.status_code == 200
        return response.content.decode()

    return read


@pytest.mark.clause("RG-6.2-2")
def test_a_published_notice_is_read_without_login_with_its_time_and_the_receipts_of_the_media(lot_at, client):
    world = lot_at("announced")
    jobs.send_media()
    response = client.get(f"/lots/{world.lot}/tender")
    text = response.content.decode()
    assert response.status_code == 200
    assert "构筑物、管道及设备安装" in text
    assert "2026-03-02 09:00" in text
    for one in queries.media(world.lot):
        assert one.medium in text
        assert f"{one.received_at.astimezone(world.clock().tzinfo):%Y-%m-%d %H:%M}" in text
    assert text.count("一致") >= len(queries.media(world.lot))
    pdf = client.get(f"/documents/{queries.tender(world.lot).notice_document}.pdf")
    assert b"".join(pdf.streaming_content)[:5] == b"%PDF-"


def test_before_publication_the_page_says_so_and_offers_the_editor_to_the_owner_alone(world, page):
    register(world)
    assert "还没有发布" in page(views.tender, world.lot)
    assert "tender/edit" not in page(views.tender, world.lot, world.cast.bidder)
    assert "tender/edit" in page(views.tender, world.lot, world.cast.agency)
    assert "还没有发布" in page(views.questions, world.lot)


def test_the_pages_of_a_lot_tell_nobody_else_that_and_how_many_take_part(lot_at, page):
    world = lot_at("announced")
    cast = world.cast
    readers = [None, cast.owner, cast.agency, cast.staff, cast.supervisor, cast.stranger, cast.operator]
    before = {id(one): [page(view, world.lot, one) for view in (views.tender, views.questions)] for one in readers}
    enrol(world, *cast.bidders[:4])
    after = {id(one): [page(view, world.lot, one) for view in (views.tender, views.questions)] for one in readers}

    def plain(text):
        import re

        return re.sub(r'(value|content)="[0-9a-zA-Z]{32,64}"|why-[0-9a-f]{8}', "", text)

    for one in readers:
        assert [plain(t) for t in before[id(one)]] == [plain(t) for t in after[id(one)]]
    assert "已参加" in page(views.tender, world.lot, cast.bidder)


def test_the_steps_of_bidding_lead_to_their_pages_for_whoever_takes_part(lot_at, page):
    world = lot_at("announced")
    steps = [f'<a href="/lots/{world.lot}/{where}">' for where in ("deposit", "bid", "hall")]
    assert not any(step in page(views.tender, world.lot, world.cast.bidder).split("怎样投标")[1] for step in steps)
    enrol(world, world.cast.bidder)
    assert all(step in page(views.tender, world.lot, world.cast.bidder).split("怎样投标")[1] for step in steps)


def test_the_editor_shows_each_check_with_its_source_and_what_is_signed_is_what_was_saved(world, page):
    register(world)
    agency = world.cast.agency
    text = page(editor.edit, world.lot, agency)
    assert "ZB-12" in text
    assert "招标投标法 24" in text
    agency.do("tendering.save_draft", lot=world.lot, document={"scope": "只修一座桥", "price_floor": "1"})
    text = page(editor.edit, world.lot, agency)
    assert "只修一座桥" in text
    assert "不得发布" in text
    assert text.count("只修一座桥") == 2  # the field, and the hidden content that will be signed


@pytest.mark.clause("RG-7.2.1-1")
def test_before_publishing_the_owner_sees_what_is_missing_or_wrong_and_help_given_by_staff_is_kept(world, page):
    register(world)
    agency, staff = world.cast.agency, world.cast.staff
    agency.do(
        "tendering.save_draft",
        lot=world.lot,
        document={"deposit_amount": "5000000"},
        times={"bid_deadline": "2026-03-10T09:30"},
    )
    text = page(editor.edit, world.lot, agency)
    for rule, verdict in (("BZ-02", "不得发布"), ("ZB-12", "须说明理由")):
        assert rule in text
        assert verdict in text
    world.clock.forward(minutes=3)
    staff.do("tendering.note_guidance", lot=world.lot, text="保证金超过上限，建议改为 80 万元以下。")
    entry = [
        one for one in stream_entries(stored_stream(f"lot:{world.lot}")) if one.kind == "tendering.guidance-noted"
    ][-1]
    assert (entry.event.staff, entry.at) == (staff.person, world.clock())


def test_the_editor_keeps_what_cannot_be_read_and_says_why(world, page):
    register(world)
    agency = world.cast.agency
    agency.do("tendering.save_draft", lot=world.lot, document={"scope": "甲", "bid_validity_days": "很久"})
    text = page(editor.edit, world.lot, agency)
    assert "应为整数" in text
    assert "很久" in text
    assert "tendering.publish_notice" not in text


def test_only_the_owner_opens_the_editor_and_after_publication_it_leads_to_the_notice(world, rf, page):
    from mingzheng.kernel.refusal import Refused

    register(world)
    for one in (world.cast.bidder, world.cast.staff, world.cast.supervisor):
        with pytest.raises(Refused):
            page(editor.edit, world.lot, one)
    announce_weighted(world)
    request = rf.get("/")
    request.actor = world.cast.agency.actor
    assert editor.edit(request, lot=world.lot).status_code == 302


def test_a_score_table_typed_row_by_row_is_saved_as_a_list(world, page):
    register(world)
    agency = world.cast.agency
    agency.do("tendering.request_template", lot=world.lot, template="works_weighted")
    rows = {
        "0": {"id": "price", "name": "投标报价", "kind": "price", "full": "60", "description": ""},
        "1": {"id": "", "name": "方案", "kind": "subjective", "full": "40", "description": ""},
        "2": {"id": "", "name": "", "kind": "subjective", "full": "", "description": ""},
    }
    agency.do("tendering.save_draft", lot=world.lot, document={"criteria": rows, "price_ceiling": "186000000"})
    text = page(editor.edit, world.lot, agency)
    assert "评标办法不成立" not in text
    announce_weighted(world, document=queries.draft(world.lot)["document"])
    assert [one.name for one in queries.tender(world.lot).criteria] == ["投标报价", "方案"]


def test_questions_are_shown_to_the_owner_without_asker_and_answers_to_everybody(lot_at, page):
    world = lot_at("announced")
    enrol(world)
    question = world.cast.bidder.do("tendering.ask_question", lot=world.lot, text="膜组件多少支？").event.question
    assert "膜组件多少支？" in page(views.questions, world.lot, world.cast.agency)
    assert "膜组件多少支？" not in page(views.questions, world.lot, world.cast.rival)
    assert "膜组件多少支？" in page(views.questions, world.lot, world.cast.bidder)
    world.cast.agency.do("tendering.answer_question", lot=world.lot, question=question, answer="1,248 支。")
    for one in (None, world.cast.rival, world.cast.stranger):
        text = page(views.questions, world.lot, one)
        assert "1,248 支。" in text
        assert world.cast.bidder.organisation_name not in text
    assert procedures.lot(world.lot).phase == "announced"


def test_objections_and_complaints_have_their_pages_and_the_owner_reads_no_names(lot_at, page, rf):
    world = lot_at("announced")
    cast = world.cast
    enrol(world)
    case = cast.bidder.do("tendering.object_to_documents", lot=world.lot, text="清单缺项，应补充。").events[0].case
    cast.bidder.do("tendering.file_complaint", lot=world.lot, subject="notice", text="公告期限不足。")
    mine = page(cases.of_lot, world.lot, cast.bidder)
    assert "清单缺项" in mine
    assert "公告期限不足" in mine
    owners = page(cases.of_lot, world.lot, cast.agency)
    assert "清单缺项" in owners
    assert str(case) in owners
    assert "公告期限不足" not in owners
    assert cast.bidder.organisation_name not in owners
    assert "清单缺项" not in page(cases.of_lot, world.lot, cast.rival)
    for one, named in ((cast.supervisor, True), (cast.staff, False)):
        request = rf.get("/cases")
        request.session, request.actor = {}, one.actor
        text = cases.queue(request).content.decode()
        assert "公告期限不足" in text
        assert (cast.bidder.organisation_name in text) is named
