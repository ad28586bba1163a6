"""Every kind that takes registrations works to its end, and no step asks again for what is known."""

import pytest
from tests.journey import REGISTRATION, STEPS, register

from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.procedures import kinds, queries
from mingzheng.stages.procedures.kinds import BadKind

pytestmark = pytest.mark.django_db
LOT = {"name": "设备采购及安装", "estimate": "186000000", "content": "水泵及配套设备"}


@pytest.mark.clause("GF-4.2.2-2")
@pytest.mark.parametrize("kind", kinds.enabled())
def test_every_enabled_kind_is_played_from_registration_to_its_closed_file(world, kind):
    cast = world.cast
    world.procedure = cast.owner.do(
        "procedures.submit_registration", content=REGISTRATION, lots=[LOT], kind=kind, agency=cast.agency.organisation
    ).event.procedure
    done = cast.staff.do(
        "procedures.complete_registration", procedure=world.procedure, service_responsible=cast.staff.person
    )
    world.lot = done.events[-1].lot
    assert world.facts.kind == kind
    for _, step in STEPS[1:]:
        step(world)
    assert world.phase == "archived"
    assert set(queries.reached(world.lot)) >= {stage.phase for stage in kinds.kind(kind).stages if stage.phase} - {
        "closed"
    }


@pytest.mark.clause("GF-4.2.2-2")
def test_a_kind_without_a_working_template_cannot_be_enabled_nor_registered(world, monkeypatch):
    monkeypatch.setenv("MINGZHENG_KINDS", "works_tender,auction")
    with pytest.raises(BadKind, match="auction"):
        kinds.enabled()
    monkeypatch.delenv("MINGZHENG_KINDS")
    refused = world.cast.owner.refused(
        "procedures.submit_registration", content=REGISTRATION, lots=[LOT], kind="auction"
    )
    assert refused.code == "procedures.kind-without-template"


@pytest.mark.clause("RG-4.4-1")
def test_no_step_of_opening_or_award_asks_again_for_what_is_registered_and_the_steps_are_shown_and_counted(world, rf):
    from django.contrib.sessions.backends.base import SessionBase

    from mingzheng.stages.procedures.web import views

    known = {
        "name",
        "project_name",
        "project_code",
        "code",
        "section_code",
        "procuring_entity",
        "bidder_name",
        "organisation",
        "bidder",
    }
    acts = [one for one in COMMANDS.values() if one.act.split(".")[0] in ("opening", "award") and one.by != {"system"}]
    assert len(acts) >= 12
    for one in acts:
        assert not known & set(one.fields), one.act
    register(world)
    request = rf.get("/")
    request.session, request.actor = SessionBase(), world.cast.owner.actor
    page = views.procedure(request, procedure=world.procedure).content.decode()
    stages = kinds.kind("works_tender").stages
    assert f"共 {len(stages)} 步" in page
    places = [page.index(f"<li>{stage.zh}</li>") for stage in stages]
    assert places == sorted(places)
