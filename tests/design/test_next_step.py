"""The owner's page of a lot offers what is useful now, with the reason beside it."""

import re

import pytest
from tests.journey import register
from tests.walls.looking import visitor

from mingzheng.stages.tendering import rules as tendering_rules

pytestmark = pytest.mark.django_db


def _next(world):
    text = visitor(world.cast.agency).get(f"/lots/{world.lot}").content.decode()
    return re.search(r'id="next".*?</section>', text, re.S)[0]


def test_naming_a_host_is_offered_with_the_reason_while_nobody_is_named_and_changing_it_afterwards(world):
    register(world)
    agency = world.cast.agency
    agency.do("tendering.publish_notice", lot=world.lot, confirmation=tendering_rules.CONFIRMATION_VERSION)
    shown = _next(world)
    assert re.search(r'class="btn btn--main[^"]*" href="[^"]*/steer">指定主持人<', shown)
    assert "没有主持人不能开始解密" in shown

    agency.do("procedures.appoint_person", lot=world.lot, part="host", person=agency.person)
    shown = _next(world)
    assert "指定主持人<" not in shown
    assert f"主持人已指定：{agency.name}" in shown
    assert re.search(r'<a href="[^"]*/steer">更换主持人</a>', shown)
    assert re.search(r'class="btn btn--main[^"]*" href="[^"]*/hall">', shown)
    steer = visitor(agency).get(f"/lots/{world.lot}/steer").content.decode()
    assert "更换主持人" in steer


def test_others_are_offered_no_host_and_told_none(lot_at):
    world = lot_at("announced")
    for player in (world.cast.bidder, world.cast.staff, None):
        text = visitor(player).get(f"/lots/{world.lot}").content.decode()
        assert "主持人已指定" not in text and "指定主持人<" not in text
