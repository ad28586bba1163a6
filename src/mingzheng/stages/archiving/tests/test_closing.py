"""Closing a file: whole and signed, or not without a reason."""

import dataclasses

import pytest
from tests.journey import archive
from tests.people import Cast
from tests.played import played

from mingzheng.kernel import ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import catalogue, queries, rules
from mingzheng.stages.evaluation import models as evaluation_models
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import models as spine_models
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db
kept_whole, whole = played("contracted", "whole")


@pytest.fixture
def contracted(whole):
    """Everybody enters the register in this test's own transaction."""
    return dataclasses.replace(whole, cast=Cast())


SCAN = "sha256:" + "5a" * 32


def shown(rf, player, view, **arguments):
    from django.contrib.sessions.backends.base import SessionBase

    request = rf.get("/")
    request.session, request.actor = SessionBase(), player.actor
    response = view(request, **arguments)
    assert response.status_code == 200
    return response.content


def told(player, topic):
    return [one for one in notifying.inbox(player.person) if one.topic == topic]


@pytest.mark.clause("RG-7.8.2-3")
def test_the_check_lists_what_is_required_and_there_and_closing_without_something_needs_a_reason(contracted, rf):
    from mingzheng.stages.archiving.web import views

    world = contracted
    world.clock.forward(days=1)
    page = shown(rf, world.cast.archivist, views.file, lot=world.lot).decode()
    for label in rules.CATEGORIES.values():
        assert label in page
    spine_models.Document.objects.filter(lot_id=world.lot, kind="contract").delete()
    assert catalogue.missing(world.lot, catalogue.lines(world.lot)) == ["合同文本"]
    refused = world.cast.archivist.refused("archiving.close_file", lot=world.lot)
    assert (refused.code, refused.facts["missing"]) == ("archiving.incomplete", "合同文本")
    world.cast.archivist.do("archiving.close_file", lot=world.lot, reason="合同原件在诉讼中，由法院保管")
    kept = queries.file(world.lot)
    assert (kept.missing, kept.reason) == (("合同文本",), "合同原件在诉讼中，由法院保管")


@pytest.mark.clause("LN-7.2.5-1")
def test_the_catalogue_has_the_twelve_classes_and_empty_ones_required_by_now_block_closing_by_name(contracted):
    world = contracted
    assert len(rules.CATEGORIES) == 12
    spine_models.Document.objects.filter(
        lot_id=world.lot,
        kind__in=("opening_record", "award_notice", "result_announcement", "result_notice", "candidate_publicity"),
    ).delete()
    refused = world.cast.archivist.refused("archiving.close_file", lot=world.lot)
    assert refused.code == "archiving.incomplete"
    assert refused.facts["missing"] == "开标活动记录、定标文件"
    classes = {one.category for one in catalogue.lines(world.lot)}
    assert not {"acceptance", "complaints"} & classes, "not required at this stage, so nobody is asked for them"


@pytest.mark.clause("RG-7.8.2-5")
@pytest.mark.parametrize("fault", ["missing", "invalid"])
def test_a_report_with_one_missing_or_invalid_signature_cannot_be_filed_away_even_with_a_reason(
    contracted, fault, monkeypatch
):
    world = contracted
    assert catalogue.unsigned(world.lot) == []
    if fault == "missing":
        evaluation_models.Member.objects.filter(lot=world.lot, seat=3).update(signed_at=None)
        wanted = ["3 号席位没有签字"]
    else:
        (entry,) = [
            e for e in stream_entries(stored_stream(f"committee:{world.lot}"))
            if e.kind == "evaluation.report-signed" and e.event.seat == 3
        ]  # fmt: skip
        real = catalogue.whole

        def spoilt(stream, number):
            content = real(stream, number)
            if (stream, number) == (entry.stream, entry.number):
                content["signature"]["text"] += " "
            return content

        monkeypatch.setattr(catalogue, "whole", spoilt)
        wanted = ["3 号席位签字无效"]
    assert catalogue.unsigned(world.lot) == wanted
    refused = world.cast.archivist.refused("archiving.close_file", lot=world.lot, reason="急用")
    assert (refused.code, refused.facts["seats"]) == ("archiving.report-not-signed", wanted[0])
    assert queries.file(world.lot) is None
    assert evaluation.report(world.lot) is not None


@pytest.mark.clause("GF-6.6.1-3")
def test_a_volume_shows_papers_originals_with_their_shelf_and_recordings_beside_the_electronic_items(contracted, rf):
    from mingzheng.stages.archiving.web import views

    world = contracted
    keeper = world.cast.archivist
    original = {
        "lot": world.lot,
        "category": "contract",
        "title": "合同原件",
        "medium": "paper",
        "extent": "32 页",
        "digest": SCAN,
    }
    assert keeper.refused("archiving.register_item", **original).code == "archiving.bad-item"
    keeper.do("archiving.register_item", **original, shelf="B2-07-3")
    stored = ports.get("store").put_stream(f"recordings/{world.lot}.mp4", [b"\0\0\0 ftypisom"])
    keeper.do(
        "archiving.register_item", lot=world.lot, category="opening", title="开标录像", medium="recording", extent="46 分钟",
        digest=stored.digest, reference=f"recordings/{world.lot}.mp4",
    )  # fmt: skip
    archive(world)
    items = queries.items(world.lot)
    assert {one.medium for one in items} == {"electronic", "paper", "recording"}
    page = shown(rf, keeper, views.file, lot=world.lot).decode()
    assert "B2-07-3" in page and "开标录像" in page and "46 分钟" in page
    paper = next(one for one in items if one.medium == "paper")
    card = shown(rf, keeper, views.item, lot=world.lot, number=paper.number).decode()
    assert "B2-07-3" in card and SCAN in card


def test_the_archivist_sees_every_lot_past_its_date_with_what_is_missing_counted(contracted, rf):
    from mingzheng.stages.archiving.web import views

    world = contracted
    assert world.lot in {lot.id for lot, _since, _due in queries.ended(world.clock())}
    spine_models.Document.objects.filter(lot_id=world.lot, kind="contract").delete()
    assert "已超期" not in shown(rf, world.cast.archivist, views.archives).decode()
    world.clock.forward(days=rules.WATCH_DAYS + 1)
    page = shown(rf, world.cast.archivist, views.archives).decode()
    assert "已超期" in page
    assert f"/lots/{world.lot}/file" in page


def test_the_closing_entry_stays_the_last_whatever_a_medium_says_afterwards(contracted):
    world = contracted
    world.settle("deposits.jobs.send_refunds")
    world.cast.archivist.do("archiving.close_file", lot=world.lot, reason="媒介回执未到")
    world.clock.forward(hours=30)
    world.settle("tendering.jobs.send_media", "tendering.jobs.compare_media")
    rows = tendering.media(world.lot)
    assert rows and all(one.state == "received" for one in rows), "the receipts are kept all the same"
    assert stream_entries(f"lot:{world.lot}")[-1].kind == "archiving.file-closed"
    late = [one.event for one in stream_entries("centre") if one.kind == "tendering.media-told-late"]
    assert {(one.lot, one.outcome) for one in late} <= {(world.lot, "received")}


def test_a_copy_that_differs_after_closing_is_told_in_the_centres_stream(contracted, monkeypatch):
    world = contracted
    world.settle("deposits.jobs.send_refunds", "tendering.jobs.send_media", "tendering.jobs.compare_media")
    world.cast.archivist.do("archiving.close_file", lot=world.lot)
    for medium in ports.get("media").values():
        monkeypatch.setattr(medium, "read_back", lambda reference: b"another content")
    world.clock.forward(hours=30)
    world.settle("tendering.jobs.compare_media")
    assert stream_entries(f"lot:{world.lot}")[-1].kind == "archiving.file-closed"
    late = [one.event for one in stream_entries("centre") if one.kind == "tendering.media-told-late"]
    assert late and {(one.lot, one.outcome) for one in late} == {(world.lot, "differs")}
