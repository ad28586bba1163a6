"""Catalogue of services, item pages, guides, fees, standards, and the three entrances."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND, NOT_YOURS
from mingzheng.readers.portal.service_items import AUDIENCES, catalogue
from mingzheng.stages.procedures import queries as procedures

PARTIES = {"procuring_entity", "agency", "bidder", "expert"}


@require_GET
@page(PUBLIC_PAGE)
def guide(request: HttpRequest) -> HttpResponse:
    """服务项目: every item with where it starts, and the guides by role."""
    return render(
        request, "portal/guide.html", {"book": catalogue(), "audiences": [(k, _(v)) for k, v in AUDIENCES.items()]}
    )


@require_GET
@page(PUBLIC_PAGE)
def item(request: HttpRequest, name: str) -> HttpResponse:
    """One item; with `procedure`, the step that case has come to (for those it belongs to)."""
    found = catalogue().item(name)
    if found is None:
        raise NOT_FOUND()
    here = None
    if found.case == "registration" and request.GET.get("procedure"):
        here = found.at(_case(request, request.GET["procedure"]).state)
    steps = [{"what": s.what, "who": s.who, "current": n == here} for n, s in enumerate(found.steps)]
    return render(request, "portal/service.html", {"service": found, "steps": steps})


def _case(request: HttpRequest, text: str) -> procedures.ProcedureFacts:
    try:
        facts = procedures.procedure(UUID(text))
    except ValueError:
        raise NOT_FOUND() from None
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has("centre_staff", "supervisor") and not (
        actor.person and procedures.owns(facts, actor, clock.now())
    ):
        raise NOT_YOURS()
    return facts


@require_GET
@page(PUBLIC_PAGE)
def role_guide(request: HttpRequest, role: str, category: str) -> HttpResponse:
    """办事指南 of a role in a category: process, guide, cautions."""
    found = catalogue().guide(role, category)
    if found is None:
        raise NOT_FOUND()
    return render(request, "portal/role_guide.html", {"guide": found})


@require_GET
@page(PUBLIC_PAGE)
def process(request: HttpRequest) -> HttpResponse:
    """服务流程: the steps of every item."""
    return render(request, "portal/process.html", {"book": catalogue()})


@require_GET
@page(PUBLIC_PAGE)
def standards(request: HttpRequest) -> HttpResponse:
    """服务标准."""
    book = catalogue()
    rows = [(one["item"], one["standard"]) for one in book.standards["rows"]]
    return render(
        request,
        "portal/sheet.html",
        {"title": _("服务标准"), "text": book.standards["text"], "rows": rows, "book": book},
    )


@require_GET
@page(PUBLIC_PAGE)
def fees(request: HttpRequest) -> HttpResponse:
    """收费标准."""
    book = catalogue()
    rows = [(one["item"], one["price"]) for one in book.fees["rows"]]
    return render(
        request, "portal/sheet.html", {"title": _("收费标准"), "text": book.fees["text"], "rows": rows, "book": book}
    )


def _entrance(request: HttpRequest, audience: str) -> HttpResponse:
    rows = catalogue().for_audience(audience)
    return render(
        request, "portal/entrance.html", {"title": _(AUDIENCES[audience]), "rows": rows, "audience": audience}
    )


@require_GET
@page(PUBLIC_PAGE)
def entrance_public(request: HttpRequest) -> HttpResponse:
    """The entrance of the public."""
    return _entrance(request, "public")


@require_GET
@page(PARTIES)
def entrance_parties(request: HttpRequest) -> HttpResponse:
    """The entrance of market parties."""
    return _entrance(request, "parties")


@require_GET
@page({"supervisor"})
def entrance_supervision(request: HttpRequest) -> HttpResponse:
    """The entrance of supervision."""
    return _entrance(request, "supervision")
