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
from mingzheng.kernel.legible import require_sound, shown
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT, BAD_SIGNATURE, LOGIN_FIRST, NOT_FOUND
from mingzheng.ledger.writing import COMMANDS, Command, Happened
from mingzheng.site.acts.fields import LONGER, LONGEST_TEXT, arguments

RESERVED = {"csrfmiddlewaretoken", "_nonce", "_next"}
LONGEST_NONCE, LONGEST_NAME = 100, 200


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
        return (*_read_json(request.body), True)
    fields = {}
    for name in request.POST:
        if name not in RESERVED:
            values = request.POST.getlist(name)
            fields[name] = values if len(values) > 1 else values[0]
    nonce = request.POST.get("_nonce", "")
    _require_sound({**fields, "_nonce": nonce[:LONGEST_NONCE]})
    return fields, nonce[:LONGEST_NONCE], None, {}, False


def _read_json(body: bytes) -> tuple[dict[str, Any], str, dict[str, str] | None, dict[str, str]]:
    """Fields, nonce, signature and secrets of a JSON act; refused where it is anything else."""
    try:
        posted = json.loads(body)
        fields, nonce = posted["fields"], posted["nonce"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BAD_INPUT(field="JSON", problem="格式不对") from None
    if not isinstance(fields, dict) or not isinstance(nonce, str) or not (8 <= len(nonce) <= LONGEST_NONCE):
        raise BAD_INPUT(field="nonce", problem="格式不对")
    signature, secrets = posted.get("signature") or None, posted.get("secrets") or {}
    for name, one in (("signature", signature or {}), ("secrets", secrets)):
        if not isinstance(one, dict) or not all(isinstance(value, str | None) for value in one.values()):
            raise BAD_INPUT(field=name, problem="格式不对")
    _require_sound({**fields, "nonce": nonce})
    _require_sound(secrets)
    return fields, nonce, signature, secrets


def _require_sound(fields: dict[str, Any]) -> None:
    """Refused, by field, where a value could not be stored, signed or shown as what it is."""
    for name, value in fields.items():
        try:
            require_sound(name, LONGEST_NAME)
            require_sound(value, LONGER.get(name, LONGEST_TEXT))
        except ValueError as problem:
            raise BAD_INPUT(field=shown(name[:40]), problem=str(problem)) from None


def _signed(actor: Actor, act: str, fields: dict[str, Any], nonce: str, signature: dict[str, str]) -> SignedAct:
    """Check the signature over the canonical text rebuilt from what was posted, under the certificate of the login."""
    if not actor.certificate or signature.get("certificate") not in (None, "", actor.certificate):
        raise BAD_SIGNATURE()
    certificates = ports.get("certificates")
    text = certificates.act_text(act, fields, nonce)
    certificates.verify_act(actor.certificate, text, str(signature.get("signature", "")), clock.now())
    return SignedAct(act, nonce, text, str(signature["signature"]), actor.certificate)


def answer(command: Command, happened: Happened, actor: Actor) -> dict[str, Any]:
    """What was done, with the entry and its signed promise for the actor's own records.

    `told` is what a command tells its actor alone; it stands in no entry.
    """
    receipts, tells = ports.get("receipts"), command.facts.get("tells")
    return {
        **({"told": tells(happened)} if tells else {}),
        "act": happened.act,
        "at": clock.text(happened.at),
        "again": happened.again,
        "events": [{"kind": kind_of(e).kind, "body": body_of(e)} for e in happened.events],
        "entries": [
            {"number": w.number, "digest": w.digest, "text": w.text, "promise": receipts.promise(w.digest, happened.at)}
            for w in happened.entries
        ],
    }
