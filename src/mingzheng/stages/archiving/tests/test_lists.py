"""Lists ask the database as often for many lots as for one."""

import dataclasses
import uuid

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.people import Cast
from tests.played import played

from mingzheng.kernel import clock
from mingzheng.ledger import vault
from mingzheng.stages.archiving import catalogue, models, queries
from mingzheng.stages.archiving.web import views
from mingzheng.stages.evaluation import models as evaluation_models
from mingzheng.stages.evaluation.web import views as evaluation_views
from mingzheng.stages.procedures import models as spine

pytestmark = pytest.mark.django_db
kept_whole, whole = played("contracted", "whole")


@pytest.fixture
def contracted(whole):
    """Everybody enters the register in this test's own transaction."""
    return dataclasses.replace(whole, cast=Cast())


def _asked(rf, player, view, address="/"):
    """The page, and how many queries it took."""
    request = rf.get(address)
    request.session, request.actor = SessionBase(), player.actor
    with CaptureQueriesContext(connection) as asked:
        page = view(request)
    assert page.status_code == 200
    return page.content.decode(), len(asked)


def _another_like(lot, number):
    """A lot like this one: row, phases, committee."""
    row = spine.Lot.objects.get(pk=lot)
    reached = list(spine.PhaseReached.objects.filter(lot=lot))
    row.pk, row.number = uuid.uuid4(), number
    row.save(force_insert=True)
    for one in reached:
        spine.PhaseReached.objects.create(lot=row, phase=one.phase, at=one.at)
    committee = evaluation_models.Evaluation.objects.get(pk=lot)
    committee.pk = row.pk
    committee.save(force_insert=True)
    for member in evaluation_models.Member.objects.filter(lot=lot):
        member.pk, member.lot = None, row.pk
        member.save(force_insert=True)
    return row.pk


def test_lots_to_archive_take_as_many_queries_as_one_and_only_the_first_are_shown(contracted, rf, monkeypatch):
    keeper = contracted.cast.archivist
    _asked(rf, keeper, views.archives)
    page, once = _asked(rf, keeper, views.archives)
    for number in range(20, 26):
        _another_like(contracted.lot, number)
    more, often = _asked(rf, keeper, views.archives)
    assert often == once <= 40
    assert more.count("/file") > page.count("/file")
    monkeypatch.setattr(views, "DUE", 3)
    shown, _count = _asked(rf, keeper, views.archives)
    assert shown.count("/file") < more.count("/file")
    assert '<span class="count">7</span>' in shown


def test_closed_files_come_in_pages(contracted, rf, monkeypatch):
    keeper, volume = (
        contracted.cast.archivist,
        models.Volume.objects.create(procedure=contracted.procedure, code="YZ-1", opened_at=clock.now()),
    )
    for number in range(20, 25):
        models.File.objects.create(
            lot=_another_like(contracted.lot, number), closed_at=clock.now(), outcome="awarded", streams={}, documents={},
            closing_number=1, volume=volume, missing=[], reason="", retain_until=clock.now(), retain_rule="GD-02",
        )  # fmt: skip
    monkeypatch.setattr(views, "PAGE", 2)
    first, _count = _asked(rf, keeper, views.archives)
    last, _count = _asked(rf, keeper, views.archives, "/?page=3")
    assert "第 1 页，共 3 页" in first and "第 3 页，共 3 页" in last
    assert first.count("<tr>") - last.count("<tr>") == 1
    assert "第 3 页，共 3 页" in _asked(rf, keeper, views.archives, "/?page=99")[0]


def test_what_is_missing_is_the_same_for_one_lot_and_for_many(contracted):
    world, lots = contracted, [lot.id for lot, _since, _due in queries.ended(contracted.clock())]
    assert world.lot in lots

    def alike():
        return catalogue.missing_of(lots)[world.lot] == catalogue.missing(world.lot, catalogue.lines(world.lot))

    assert alike()
    spine.Document.objects.filter(lot_id=world.lot, kind="contract").delete()
    assert alike()
    assert catalogue.missing_of(lots)[world.lot] != []


def test_an_experts_list_takes_as_many_queries_for_many_committees_as_for_one(contracted, rf):
    tag = evaluation_models.Member.objects.filter(lot=contracted.lot, kind="expert").order_by("seat")[0].person_tag
    expert = next(one for one in contracted.cast.experts if vault.tag("person", one.person) == tag)
    _asked(rf, expert, evaluation_views.evaluations)
    page, once = _asked(rf, expert, evaluation_views.evaluations)
    for number in range(20, 26):
        _another_like(contracted.lot, number)
    more, often = _asked(rf, expert, evaluation_views.evaluations)
    assert often == once
    assert more.count("/evaluation") > page.count("/evaluation")
