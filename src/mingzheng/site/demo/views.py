"""The demo's own pages: continue as one of the cast, the guide, one byte spoiled. They exist in a demo only."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND
from mingzheng.site.demo import taken, tampering
from mingzheng.site.demo.cast import member
from mingzheng.site.demo.guide import CLOSED, SEEN
from mingzheng.site.demo.waiting import SHOWN
from mingzheng.stages.archiving import queries as archiving
from mingzheng.stages.procedures import queries as procedures

YEAR = int(timedelta(days=365).total_seconds())


def _only_in_a_demo() -> None:
    """The addresses are registered in a demo only; should that ever change, they still answer nothing."""
    if settings.MINGZHENG_MODE != "demo":
        raise NOT_FOUND()


def _back(request: HttpRequest) -> str:
    target = request.POST.get("_next") or "/"
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"


@require_POST
@page(PUBLIC_PAGE)
def continue_as(request: HttpRequest, login: str) -> HttpResponse:
    """The key file and password of one of the cast for the browser, which unlocks it and logs in as anybody would."""
    _only_in_a_demo()
    offered = {*SHOWN, *(f"expert{n}" for n in range(1, 8)), "bing", "ding", "wu", "agency2", "operator"}
    if login not in offered:
        raise NOT_FOUND()
    one = member(login)
    taken.take(login)
    return JsonResponse({"key": one.key_file.read_text("ascii"), "password": one.password, "name": one.name})


@require_GET
@page(PUBLIC_PAGE)
def stage(request: HttpRequest) -> HttpResponse:
    """The bar and the strip as they stand now: pages ask again while something moves."""
    _only_in_a_demo()
    return render(request, "demo/stage_alone.html", {"here": request.GET.get("here", "/")[:300]})


@require_POST
@page(PUBLIC_PAGE)
def guide(request: HttpRequest) -> HttpResponse:
    """Close the strip, or open it again; the browser remembers."""
    _only_in_a_demo()
    response = redirect(_back(request))
    if request.POST.get("show") == "1":
        response.delete_cookie(CLOSED)
    else:
        response.set_cookie(CLOSED, "closed", max_age=YEAR, samesite="Lax")
    return response


@require_http_methods(["GET", "POST"])
@page(PUBLIC_PAGE)
def proof(request: HttpRequest) -> HttpResponse:
    """One byte of a copy of the newest archive is spoiled; both verdicts stand side by side."""
    _only_in_a_demo()
    packed = [one for one in archiving.files() if one.state == "ready" and Path(one.path).is_dir()]
    newest = max(packed, key=lambda one: one.packed_at or clock.now()) if packed else None
    place = request.POST.get("place", "price")
    context: dict[str, Any] = {
        "file": newest, "lot": procedures.lot(newest.lot) if newest else None, "places": tampering.PLACES.items(),
        "place": place if place in tampering.PLACES else "price",
    }  # fmt: skip
    if request.method == "POST" and newest is not None:
        context["trial"] = tampering.trial(Path(newest.path), context["place"])
    response = render(request, "demo/proof.html", context)
    if request.method == "POST":
        response.set_cookie(SEEN, "seen", max_age=YEAR, samesite="Lax")
    return response
