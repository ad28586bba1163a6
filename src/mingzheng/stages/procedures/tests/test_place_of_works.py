"""建设地点 is a field of its own from plan to paper: never guessed from the administrative region."""

from datetime import timedelta

import pytest
from tests.contracts.pdf_text import text_of
from tests.journey import REGISTRATION, announce
from tests.walls.looking import visitor

from mingzheng.kernel import ports
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.procedures import queries
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db


def _plan(world, **changed):
    return {
        "name": "云州市第二污水处理厂扩建工程", "location": "云州市澄江区北岸", "content": "扩建", "estimate": "186000000",
        "expected_notice": world.clock() + timedelta(days=40), **changed,
    }  # fmt: skip


def test_a_plan_and_a_registration_without_the_place_are_told_so_with_everything_else_that_is_missing(world):
    refused = world.cast.owner.refused("procedures.publish_tender_plan", **_plan(world, location=" "))
    assert (refused.code, refused.facts["fields"]) == ("procedures.missing-fields", "建设地点")
    refused = world.cast.owner.refused(
        "procedures.submit_registration", content={**REGISTRATION, "location": "", "funds": ""},
        lots=[{"name": "土建", "estimate": "1"}],
    )  # fmt: skip
    assert refused.facts["fields"] == "资金来源、建设地点"


def test_the_place_goes_from_plan_through_registration_and_notice_to_papers_pages_and_interface(world):
    plan = world.cast.owner.do("procedures.publish_tender_plan", **_plan(world)).event
    submitted = world.cast.owner.do(
        "procedures.submit_registration", content={**REGISTRATION, "location": ""}, plan=plan.plan,
        lots=[{"name": "土建", "estimate": "186000000"}], agency=world.cast.agency.organisation,
    ).event  # fmt: skip
    assert submitted.content["location"] == "云州市澄江区北岸"
    done = world.cast.staff.do(
        "procedures.complete_registration", procedure=submitted.procedure, service_responsible=world.cast.staff.person
    )
    world.lot = next(one.lot for one in done.events if hasattr(one, "section_code"))
    assert queries.lot(world.lot).location == "云州市澄江区北岸"
    announce(world)
    world.settle("none")
    (published,) = [e.event for e in stream_entries(f"lot:{world.lot}") if e.kind == "tendering.notice-published"]
    assert published.fields["location"] == "云州市澄江区北岸"
    public = visitor(None)
    assert public.get(f"/api/v1/lots/{world.lot}").json()["location"] == "云州市澄江区北岸"
    assert "云州市澄江区北岸" in public.get("/notices").content.decode()
    assert "云州市澄江区北岸" in public.get(f"/lots/{world.lot}/tender").content.decode()
    for paper in (tendering.tender(world.lot).notice_document, tendering.tender(world.lot).tender_document):
        text = text_of(ports.get("store").read(queries.document(paper).object)).replace(" ", "").replace("\n", "")
        assert "云州市澄江区北岸" in text
        assert "建设地点990100" not in text
