"""POST /act/<name>: {"fields": {...}, "nonce": "...", "signature": {"certificate", "signature"} | null, "secrets": {}}."""

import dataclasses
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mingzheng.kernel import clock, faultpoint, ports
from mingzheng.kernel.actor import Actor, SignedAct
from mingzheng.kernel.event import body_of, kind_of
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT, BAD_SIGNATURE, LOGIN_FIRST, NOT_FOUND
from mingzheng.ledger.writing import COMMANDS, Command, Happened
from mingzheng.site.acts.fields import arguments

RESERVED = {"csrfmiddlewaretoken", "_nonce", "_next"}


@require_POST
@page(PUBLIC_PAGE)
def act(request: HttpRequest, name: str) -> HttpResponse:
    """Run one command for the person logged in; the command itself says who may (its roles, rules and holds)."""
    command = COMMANDS.get(name)
    if command is None or command.by <= {"system"}:
        raise NOT_FOUND()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.person is None and "public" not in command.by and "*" not in command.by:
        raise LOGIN_FIRST()
    fields, nonce, signature, secrets, is_json = _read(request)
    kept_out = set(command.facts.get("secrets", ()))
    if set(secrets) - kept_out or kept_out & set(fields):  # a key among the signed fields would stand in the chain
        raise BAD_INPUT(field="secrets", problem="不认识的字段")
    if signature:
        actor = dataclasses.replace(actor, signed=_signed(actor, name, fields, nonce, signature))
    happened = command.call(actor=actor, key=nonce, **arguments(command, {**fields, **secrets}))
    faultpoint.reach("before-answer", name)
    if is_json:
        return JsonResponse(answer(command, happened, actor))
    target = request.POST.get("_next", "/")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else "/")


def _read(request: HttpRequest) -> tuple[dict[str, Any], str, dict[str, str] | None, dict[str, str], bool]:
    """Fields (signed), nonce, signature, secrets (never signed, never recorded: a content key), and whether it is JSON."""
    if request.content_type == "application/json":
        try:
            posted = json.loads(request.body)
            fields, nonce = posted["fields"], posted["nonce"]
        except (ValueError, KeyError, TypeError):
            raise BAD_INPUT(field="JSON", problem="格式不对") from None
        signature = posted.get("signature")
        if not isinstance(fields, dict) or not isinstance(nonce, str) or not (8 <= len(nonce) <= 100):
            raise BAD_INPUT(field="nonce", problem="格式不对")
        secrets = posted.get("secrets") or {}
        if not isinstance(secrets, dict):
            raise BAD_INPUT(field="secrets", problem="格式不对")
        return fields, nonce, signature, secrets, True
    fields = {}
    for name in request.POST:
        if name not in RESERVED:
            values = request.POST.getlist(name)
            fields[name] = values if len(values) > 1 else values[0]
    return fields, request.POST.get("_nonce", ""), None, {}, False


def _signed(actor: Actor, act: str, fields: dict[str, Any], nonce: str, signature: dict[str, str]) -> SignedAct:
    """Check the signature over the canonical text rebuilt from what was posted, under the certificate of the login."""
    if not actor.certificate or signature.get("certificate") not in (None, "", actor.certificate):
        raise BAD_SIGNATURE()
    certificates = ports.get("certificates")
    text = certificates.act_text(act, fields, nonce)
    certificates.verify_act(actor.certificate, text, str(signature.get("signature", "")), clock.now())
    return SignedAct(act, nonce, text, str(signature["signature"]), actor.certificate)


def answer(command: Command, happened: Happened, actor: Actor) -> dict[str, Any]:
    """What was done, with the entry and its signed promise for the actor's own records."""
    receipts = ports.get("receipts")
    return {
        "act": happened.act,
        "at": clock.text(happened.at),
        "again": happened.again,
        "events": [{"kind": kind_of(e).kind, "body": body_of(e)} for e in happened.events],
        "entries": [
            {"number": w.number, "digest": w.digest, "text": w.text, "promise": receipts.promise(w.digest, happened.at)}
            for w in happened.entries
        ],
    }
