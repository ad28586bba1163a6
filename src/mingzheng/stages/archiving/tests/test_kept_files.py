"""A lot's file: whole, ordered, signed, kept, and opened only to who may."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.played import played

from mingzheng.kernel import clock, digest, ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import catalogue, jobs, models, queries, rules
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import models as spine_models
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.django_db
kept_archived, archived = played("archived")
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


@pytest.mark.clause("RG-7.8.2-1", "SD-3.4.1-6")
def test_after_a_full_run_the_file_is_whole_and_ordered_with_every_line_collected_by_the_system(archived):
    items = queries.items(archived.lot)
    assert queries.file(archived.lot).missing == ()
    assert {one.source for one in items} == {"auto"}
    assert sum(one.source == "manual" for one in items) == 0
    for one in items:
        stream, _, number = one.event.rpartition("/")
        assert len(stream_entries(stream)) >= int(number) >= 1
    order = list(rules.CATEGORIES)
    assert [order.index(one.category) for one in items] == sorted(order.index(one.category) for one in items)


@pytest.mark.clause("RG-7.8.1-1")
def test_the_file_holds_the_evaluation_report_with_the_digest_all_members_signed(archived):
    reports = [one for one in queries.items(archived.lot) if one.category == "report"]
    signed = [
        e.event
        for e in stream_entries(stored_stream(f"committee:{archived.lot}"))
        if e.kind == "evaluation.report-signed"
    ]
    assert len(signed) == 5
    finished = next(
        e.event for e in stream_entries(f"lot:{archived.lot}") if e.kind == "evaluation.evaluation-finished"
    )
    paper = procedures.document(finished.report)
    assert paper.digest in [one.digest for one in reports]
    assert len(paper.signers) == 5
    first = {one.report_digest for one in signed}
    assert len(first) == 1 and first <= {one.digest for one in reports}


@pytest.mark.clause("GF-6.6.2-2")
def test_the_catalogue_is_numbered_without_gaps_and_every_line_tells_its_facts_and_opens(archived, rf):
    from mingzheng.stages.archiving.web import views

    items = queries.items(archived.lot)
    assert [one.number for one in items] == list(range(1, len(items) + 1))
    page = shown(rf, archived.cast.archivist, views.file, lot=archived.lot).decode()
    for one in items:
        assert one.title and one.extent and one.digest.startswith(f"{digest.current()}:")
        assert f"/lots/{archived.lot}/file/{one.number}" in page
        assert one.title in page and one.extent in page and one.digest[:23] in page
        assert f"{one.made_at.astimezone(clock.UTC8):%Y-%m-%d}" in page
        content = shown(rf, archived.cast.archivist, views.item, lot=archived.lot, number=one.number)
        assert catalogue.digest_of(one, content) == one.digest


@pytest.mark.clause("GF-6.6.1-2")
def test_a_procedure_has_one_volume_that_holds_the_files_of_all_its_lots(archived):
    kept = queries.file(archived.lot)
    assert queries.volume_lots(kept.volume) == [archived.lot]
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Volume.objects.create(procedure=archived.procedure, code="2", opened_at=archived.clock())
    other = spine_models.Lot.objects.create(
        procedure_id=archived.procedure,
        number=2,
        name="配套",
        estimate=1,
        standing="terminated",
        pack=archived.facts.pack,
        profiles=list(archived.facts.profiles),
        section_code="X2",
    )
    archived.cast.agency.do  # noqa: B018 - the agency is in the register
    spine_models.PhaseReached.objects.create(lot=other, phase="registered", at=archived.clock())
    from mingzheng.kernel.actor import SYSTEM
    from mingzheng.ledger.writing import acting_as, append
    from mingzheng.stages.procedures.events import LotTerminated

    with acting_as("test"):
        append(
            [LotTerminated(lot=other.id, procedure=archived.procedure, reason="x", basis="x")], SYSTEM, archived.clock()
        )
    archived.cast.archivist.do("archiving.close_file", lot=other.id)
    assert set(queries.volume_lots(kept.volume)) == {archived.lot, other.id}
    assert models.Volume.objects.filter(procedure=archived.procedure).count() == 1


@pytest.mark.clause("RG-7.8.3", "GF-6.6.3-1", "LN-7.2.5-2-3")
def test_a_file_is_kept_as_long_as_the_policy_says_and_destroyed_only_after_two_others_approve(archived, monkeypatch):
    cast, kept = archived.cast, queries.file(archived.lot)
    ended = procedures.reached(archived.lot)["evaluated"]
    assert kept.retain_until >= rules.add_years(ended, 15)
    assert kept.retain_until == rules.add_years(kept.closed_at, 15)
    monkeypatch.setenv("MINGZHENG_PROFILES", "RG,LN")
    short = cast.archivist.refused("archiving.set_retention", kind="works_tender", years=14)
    assert (short.code, short.facts["least"]) == ("archiving.retention-too-short", 15)
    cast.archivist.do("archiving.set_retention", kind="works_tender", years=20)
    assert catalogue.retention(archived.lot, kept.closed_at)[0] == rules.add_years(kept.closed_at, 20)

    models.File.objects.filter(pk=archived.lot).update(retain_until=archived.clock() + timedelta(days=1))
    before = stored_stream(f"person:{cast.archivist.person}")
    refused = cast.archivist.refused("archiving.propose_disposal", lot=archived.lot, reason="期满")
    assert refused.code == "archiving.retained"
    logged = stream_entries(before)[-1].event
    assert (logged.act, logged.code) == ("archiving.propose_disposal", "archiving.retained")


@pytest.mark.clause("RG-7.8.3", "SD-3.5.4-2")
def test_disposal_after_the_term_needs_two_different_approvers_and_leaves_its_record(archived):
    from pathlib import Path

    cast, kept = archived.cast, queries.file(archived.lot)
    folder = Path(kept.path)
    assert folder.is_dir()
    cast.archivist.do("archiving.shelve_volume", procedure=archived.procedure, room="库房 B2")
    look = cast.owner.do("archiving.file_inquiry", lot=archived.lot, items=[1], purpose="审计").event
    until = archived.clock() + timedelta(days=1)
    cast.archivist.do("archiving.decide_inquiry", inquiry=look.inquiry, approve=True, valid_until=until)
    cast.owner.do("archiving.open_item", inquiry=look.inquiry, number=1)
    models.File.objects.filter(pk=archived.lot).update(retain_until=archived.clock())
    assert (
        cast.supervisor.refused("archiving.approve_disposal", lot=archived.lot).code
        == "archiving.disposal-not-proposed"
    )
    cast.archivist.do("archiving.propose_disposal", lot=archived.lot, reason="保存期满")
    assert (
        cast.archivist.refused("archiving.approve_disposal", lot=archived.lot).code
        == "archiving.two-different-approvers"
    )
    cast.supervisor.do("archiving.approve_disposal", lot=archived.lot)
    assert (
        cast.supervisor.refused("archiving.approve_disposal", lot=archived.lot).code
        == "archiving.two-different-approvers"
    )
    assert folder.is_dir()
    hidden = folder.rename(folder.with_name(folder.name + ".spare"))
    import shutil

    shutil.copytree(hidden, folder)
    done = cast.securityadmin.do("archiving.approve_disposal", lot=archived.lot).event
    hidden_again = not folder.exists()
    hidden.rename(folder)
    assert hidden_again and done.destroyed and done.manifest == kept.manifest
    assert queries.file(archived.lot).state == "disposed"
    centre = [e.kind for e in stream_entries("centre") if e.kind.startswith("archiving.")]
    assert centre[-3:] == ["archiving.disposal-proposed", "archiving.disposal-approved", "archiving.disposal-approved"]
    for kind in ("archiving.archive-packed", "archiving.volume-shelved"):
        assert kind in [e.kind for e in stream_entries("centre")]
    assert "archiving.file-closed" in [e.kind for e in stream_entries(f"lot:{archived.lot}")]
    assert queries.looks(cast.owner.person, look.inquiry, 1)


@pytest.mark.clause("GF-6.6.3-2", "LN-7.2.5-2-2")
def test_strangers_are_refused_altered_bytes_are_found_and_reported_and_the_room_is_on_record(
    archived, rf, monkeypatch
):
    from mingzheng.kernel.refusal import Refused
    from mingzheng.stages.archiving.web import views

    cast = archived.cast
    for player in (cast.stranger, cast.bidder, cast.experts[0], cast.operator):
        with pytest.raises(Refused) as refused:
            shown(rf, player, views.file, lot=archived.lot)
        assert refused.value.kind.status == 403
    cast.archivist.do("archiving.shelve_volume", procedure=archived.procedure, room="库房 B2-07")
    assert queries.file(archived.lot).room == "库房 B2-07"

    archived.clock.forward(days=2)
    assert jobs.check_kept_items() == 0
    assert not told(cast.archivist, "archive-damaged")
    report = next(one for one in queries.items(archived.lot) if one.category == "report")
    store, real = ports.get("store"), ports.get("store").read
    monkeypatch.setattr(store, "read", lambda name: real(name)[:-1] + b"!" if name == report.reference else real(name))
    archived.clock.forward(days=2)
    assert jobs.check_kept_items() == 1
    (alert,) = told(cast.archivist, "archive-damaged")
    assert report.digest in alert.text
    found = [e.event for e in stream_entries("centre") if e.kind == "archiving.damage-found"]
    assert [(one.number, one.digest) for one in found] == [(report.number, report.digest)]
    assert (
        cast.archivist.refused("archiving.propose_disposal", lot=archived.lot, reason="x").code == "archiving.retained"
    )
    hidden = [one for one in catalogue.lines(archived.lot) if one.category != "report"]
    assert catalogue.missing(archived.lot, hidden) == ["评标报告"]


@pytest.mark.clause("RG-6.2-4", "RG-7.8.2-2", "GF-6.8.2-2")
def test_the_archivist_finds_a_file_by_code_and_an_inquiry_is_filed_approved_answered_and_logged(
    archived, rf, monkeypatch
):
    from mingzheng.stages.archiving.web import views

    cast, lot = archived.cast, archived.lot
    assert [one.lot for one in queries.files(archived.facts.procedure_number)] == [lot]
    assert queries.files("没有这个项目") == []
    assert models.Volume.objects.filter(procedure=archived.procedure).count() == 1
    page = shown(rf, cast.archivist, views.file, lot=lot).decode()
    assert f"{queries.file(lot).retain_until.year}" in page and "案卷目录" in page

    filed = cast.bidder.do("archiving.file_inquiry", lot=lot, items=[1, 2], purpose="复议需要招标文件").event
    assert filed.number == "CX-2026-00001"
    assert told(cast.archivist, "inquiry-filed")
    assert cast.bidder.refused("archiving.open_item", inquiry=filed.inquiry, number=1).code == "archiving.not-approved"
    until = archived.clock() + timedelta(days=7)
    cast.archivist.do(
        "archiving.decide_inquiry", inquiry=filed.inquiry, approve=True, valid_until=until, answer="同意查看"
    )
    assert told(cast.bidder, "inquiry-decided")
    look = cast.bidder.do("archiving.open_item", inquiry=filed.inquiry, number=1).event
    assert (look.person, look.purpose, look.approver) == (cast.bidder.person, "复议需要招标文件", cast.archivist.person)
    assert shown(rf, cast.bidder, views.inquired, inquiry=filed.inquiry, number=1)
    assert queries.looks(cast.bidder.person, filed.inquiry, 1) == [archived.clock()]
    assert cast.bidder.refused("archiving.open_item", inquiry=filed.inquiry, number=3).code == "archiving.not-approved"
    assert cast.rival.refused("archiving.open_item", inquiry=filed.inquiry, number=1).code == "archiving.not-approved"

    item = queries.item(lot, 2)
    store, real = ports.get("store"), ports.get("store").read
    monkeypatch.setattr(store, "read", lambda name: real(name)[:-1] + b"!" if name == item.reference else real(name))
    assert cast.bidder.refused("archiving.open_item", inquiry=filed.inquiry, number=2).code == "archiving.item-damaged"
    archived.settle("none")
    assert item.digest in told(cast.archivist, "archive-damaged")[0].text
    archived.clock.set(until)
    assert cast.bidder.refused("archiving.open_item", inquiry=filed.inquiry, number=1).code == "archiving.not-approved"


@pytest.mark.clause("GF-6.8.2-1")
def test_every_look_is_a_line_of_the_log_that_nobody_can_change(archived):
    from mingzheng.ledger.writing import COMMANDS

    cast = archived.cast
    filed = cast.owner.do("archiving.file_inquiry", lot=archived.lot, items=[1], purpose="审计").event
    cast.archivist.do(
        "archiving.decide_inquiry",
        inquiry=filed.inquiry,
        approve=True,
        valid_until=archived.clock() + timedelta(days=1),
    )
    cast.owner.do("archiving.open_item", inquiry=filed.inquiry, number=1)
    archived.clock.forward(minutes=1)
    cast.owner.do("archiving.open_item", inquiry=filed.inquiry, number=1)
    assert len(queries.looks(cast.owner.person, filed.inquiry, 1)) == 2
    lines = [
        one
        for one in stream_entries(stored_stream(f"person:{cast.owner.person}"))
        if one.kind == "archiving.item-opened"
    ]
    assert len(lines) == 2
    for line in lines:
        look = line.event
        assert (look.person, look.purpose, look.number) == (cast.owner.person, "审计", 1)
        assert look.approver == cast.archivist.person and look.digest == queries.item(archived.lot, 1).digest
    assert lines[1].at - lines[0].at == timedelta(minutes=1)
    assert not [
        name
        for name in COMMANDS
        if name.startswith("archiving.") and ("look" in name or "delete" in name or "log" in name)
    ]
    from django.db import DatabaseError, connection

    stream = stored_stream(f"person:{cast.owner.person}")
    for change in (
        "update ledger_entry set text = text where stream = %s",
        "delete from ledger_entry where stream = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, [stream])
