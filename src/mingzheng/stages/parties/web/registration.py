"""/register: a trading party registers itself. Its certificate comes with it, or, in a demo, from the demo authority."""

import base64
import binascii
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_http_methods

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import PUBLIC
from mingzheng.kernel.ids import random_id
from mingzheng.kernel.legible import require_sound
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT, Refused
from mingzheng.stages.parties import commands, rules

ASKED = ("name", "code", "kind", "person_name", "login", "phone", "email", "address", "region")
LONGEST = 20_000
OPEN_KINDS = [(kind, rules.KINDS[kind]) for kind in ("bidder", "procuring_entity", "agency")]


@require_http_methods(["GET", "POST"])
@page(PUBLIC_PAGE)
def register(request: HttpRequest) -> HttpResponse:
    """Form or JSON. `certificate` (PEM), or in demos `public_key` (SPKI DER, base64) or `key_password` (the key is made here).

    JSON answers {"organisation", "person", "certificate"}; a form downloads the key file made here, or goes to the login.
    """
    if request.method == "GET":
        return _page(request, {})
    is_json = request.content_type == "application/json"
    given = _posted(request, is_json)
    try:
        organisation, person, pem, key_file = _register(given)
    except Refused as refused:
        if is_json:
            raise
        return _page(request, given, refused)
    if is_json:
        return JsonResponse({"organisation": str(organisation), "person": str(person), "certificate": pem})
    if key_file:
        answer = HttpResponse(key_file, content_type="application/octet-stream")
        name = get_valid_filename(f"{given['login']}.mzkey")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    return redirect("/login")


def _posted(request: HttpRequest, is_json: bool) -> dict[str, str]:
    try:
        posted: dict[str, Any] = json.loads(request.body) if is_json else request.POST.dict()
    except (ValueError, RecursionError):
        posted = {}
    given = {}
    for name in (*ASKED, "certificate", "public_key", "key_password"):
        value = posted.get(name, "") if isinstance(posted, dict) else ""
        try:
            require_sound(value, LONGEST)
            given[name] = value.strip()
        except (ValueError, AttributeError):
            raise BAD_INPUT(field=name, problem="格式不对") from None
    return given


def _register(given: dict[str, str]) -> tuple[UUID, UUID, str, str]:
    """(organisation, person, certificate, key file made here). Everything is checked before a key is made."""
    for name in ("name", "code", "kind", "person_name", "login"):
        if not given[name]:
            raise BAD_INPUT(field=name, problem="没有填写")
    code, person = rules.check_code(given["code"]), random_id()
    pem, key_file = given["certificate"], ""
    subject = {
        "subject_name": given["person_name"], "organisation_name": given["name"][:64], "organisation_code": code,
        "person_id": str(person), "at": clock.now(),
    }  # fmt: skip
    port = ports.get("certificates")
    if not pem and settings.SIMULATED and given["public_key"]:
        pem = port.issue(public_key=_spki(given["public_key"]), **subject)
    elif not pem and settings.SIMULATED and given["key_password"]:
        key_file, pem = port.new_key_file(given["key_password"], **subject)
    if not pem:
        raise BAD_INPUT(field="certificate", problem="没有填写")
    happened = commands.register_organisation(
        actor=PUBLIC, person=person, kinds=[given["kind"]], certificate=pem,
        **{name: given[name] for name in ASKED if name not in ("code", "kind")}, code=code,
    )  # fmt: skip
    return happened.event.organisation, person, pem, key_file


def _spki(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BAD_INPUT(field="public_key", problem="格式不对") from None


def _page(request: HttpRequest, given: dict[str, str], refused: Refused | None = None) -> HttpResponse:
    found = {"given": given, "refused": refused, "kinds": OPEN_KINDS, "simulated": settings.SIMULATED}
    return render(request, "parties/register.html", found, status=refused.kind.status if refused else 200)
