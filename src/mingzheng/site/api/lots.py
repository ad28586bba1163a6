"""A lot as everybody may know it, and who is asking."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND
from mingzheng.site.api.answering import actor_of, answer
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures


@require_GET
@page(PUBLIC_PAGE)
def lot(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Phase, standing, clocks and public papers; nothing that tells who takes part or how many. Not before the notice."""
    facts, actor = procedures.lot(lot), actor_of(request)
    if facts.phase == "registered" and not actor.has("centre_staff", "procuring_entity", "agency", "supervisor"):
        raise NOT_FOUND()
    hall = opening.opening(lot)
    return answer(
        id=facts.id, name=facts.name, procedure=facts.procedure, procedure_name=facts.procedure_name, phase=facts.phase,
        section_code=facts.section_code, location=facts.location, standing=facts.standing, cause=facts.cause, suite=facts.suite,
        hall={"phase": hall.phase, "board_digest": hall.board_digest} if hall else None,
        clocks={
            name: {"due": one.due, "state": one.state, "rule": one.rule} for name, one in procedures.clocks(lot).items()
        },
        documents=[
            {"id": one.id, "kind": one.kind, "title": one.title, "digest": one.digest}
            for one in procedures.documents(lot, public_only=True)
        ],
    )  # fmt: skip


@require_GET
@page(PUBLIC_PAGE)
def whoami(request: HttpRequest) -> HttpResponse:
    """The acting person with its roles and the strength of its login."""
    actor = actor_of(request)
    return answer(
        person=actor.person, name=actor.name, organisation=actor.organisation, organisation_name=actor.organisation_name,
        roles=sorted(actor.roles), strength=actor.strength, certificate=actor.certificate,
    )  # fmt: skip
