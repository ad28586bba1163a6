"""The pages around a registration: from the plan to the form, and what everybody reads while it waits."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.contrib.sessions.backends.base import SessionBase
from tests.journey import REGISTRATION

from mingzheng.kernel.clock import UTC8
from mingzheng.stages.procedures.web import views as pages

pytestmark = pytest.mark.django_db
LOT = {"name": "护岸", "estimate": "12000000", "content": "护岸修复"}
PLAN = {
    "name": "河道护岸修复工程", "location": "东城区", "content": "护岸 1.2 公里", "estimate": Decimal("12000000"),
    "expected_notice": datetime(2026, 3, 20, 9, tzinfo=UTC8),
}  # fmt: skip


@pytest.fixture
def read(rf):
    """`read(view, player, query, **arguments)`: the page's text as that person reads it."""

    def shown(view, player, query="", **arguments):
        request = rf.get(f"/{query}")
        request.session, request.actor = SessionBase(), player.actor
        return view(request, **arguments).content.decode()

    return shown


def test_a_published_plan_leads_to_a_registration_that_has_its_contents_already(cast, read):
    plan = cast.owner.do("procedures.publish_tender_plan", **PLAN).event.plan
    assert f'href="/procedures/new?plan={plan}"' in read(pages.new_plan, cast.owner)
    form = read(pages.new_registration, cast.owner, f"?plan={plan}")
    for said in ("河道护岸修复工程", "东城区", "护岸 1.2 公里", "12000000", f'value="{plan}" selected'):
        assert said in form
    assert "selected" not in read(pages.new_registration, cast.owner).split('name="plan"')[1].split("</select>")[0]


def test_a_waiting_registration_says_who_handles_it_and_by_when_and_shows_the_centre_its_lots(cast, read):
    plan = cast.owner.do("procedures.publish_tender_plan", **PLAN).event.plan
    given = {"content": REGISTRATION, "lots": [LOT], "plan": plan}
    procedure = cast.owner.do("procedures.submit_registration", **given).event.procedure
    own, desk = (read(pages.procedure, player, procedure=procedure) for player in (cast.owner, cast.staff))
    assert "等待中心办理" in own
    assert "承诺办结时间" in own
    assert "等待中心办理" not in desk
    for said in ("护岸修复", "12000000", "河道护岸修复工程", "工程建设施工招标"):
        assert said in desk
