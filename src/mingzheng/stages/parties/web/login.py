"""/login and /logout."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.legible import require_sound
from mingzheng.kernel.page import ANY_LOGIN, PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT, Refused
from mingzheng.stages.parties import commands, queries
from mingzheng.stages.parties.web import entering, sessions

LONGEST = 20_000


@require_GET
@ensure_csrf_cookie
@page(PUBLIC_PAGE)
def login(request: HttpRequest) -> HttpResponse:
    """The login page: certificate first, password and authenticator second."""
    return _login_page(request)


def _login_page(request: HttpRequest, refused: Refused | None = None, name: str = "") -> HttpResponse:
    posted = request.POST.get("_next") if request.method == "POST" else request.GET.get("next")
    found = {
        "next": sessions.safe_next(request, posted), "refused": refused, "name": name,
        "by_password": refused is not None or request.GET.get("way") == "password", "simulated": settings.SIMULATED,
    }  # fmt: skip
    return render(request, "parties/login.html", found, status=refused.kind.status if refused else 200)


@require_GET
@page(PUBLIC_PAGE)
def challenge(request: HttpRequest) -> HttpResponse:
    """A fresh challenge, bound to this session, for the browser to sign together with the address it shows."""
    return JsonResponse({"challenge": entering.new_challenge(request)})


@require_POST
@page(PUBLIC_PAGE)
def with_certificate(request: HttpRequest) -> HttpResponse:
    """JSON {certificate (PEM), signature (base64), next}: answers {"next"} or the refusal."""
    try:
        posted: dict[str, Any] = json.loads(request.body)
        pem, signature = posted["certificate"], posted["signature"]
        if not isinstance(pem, str) or not isinstance(signature, str):
            raise TypeError
        require_sound(posted, LONGEST)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BAD_INPUT(field="JSON", problem="格式不对") from None
    entering.by_certificate(request, pem, signature)
    return JsonResponse({"next": sessions.safe_next(request, posted.get("next"))})


@require_POST
@page(PUBLIC_PAGE)
def with_password(request: HttpRequest) -> HttpResponse:
    """Form login, password, code: reading and drafts only."""
    name = request.POST.get("login", "")[:80]
    try:
        choose = entering.by_password(
            request, name, request.POST.get("password", "")[:200], request.POST.get("code", "")
        )
    except Refused as refused:
        return _login_page(request, refused, name)
    following = sessions.safe_next(request, request.POST.get("_next"))
    return redirect("/login/organisation" if choose else following)


@require_http_methods(["GET", "POST"])
@page(ANY_LOGIN)
def choose_organisation(request: HttpRequest) -> HttpResponse:
    """People of several organisations say for which one they are here; a certificate has already said so."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            wanted = UUID(request.POST.get("organisation", ""))
        except ValueError:
            raise BAD_INPUT(field="organisation", problem="格式不对") from None
        commands.choose_organisation(actor=SYSTEM, login=UUID(actor.session), organisation=wanted)
        request.session.cycle_key()
        return redirect("/desk")
    houses = queries.organisations_of(actor.person)
    return render(request, "parties/choose_organisation.html", {"houses": houses, "here": actor.organisation})


@require_POST
@page(PUBLIC_PAGE)
def logout(request: HttpRequest) -> HttpResponse:
    """End the session everywhere it is known."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.person is not None:
        sessions.end(request, UUID(actor.session), "left")
    return redirect("/")
