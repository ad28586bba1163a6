"""What programs can read and do, as OpenAPI 3.1: drawn from the registries of commands and addresses, never written by hand."""

import inspect
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern
from django.views.decorators.http import require_GET

from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.ledger.writing import COMMANDS, Command

VERSION = "1"  # of the interface: /api/v1
SECURITY: list[dict[str, list[str]]] = [{"session": []}]
REFUSALS = {
    "400": "#/components/responses/Refusal",
    "403": "#/components/responses/Refusal",
    "429": "#/components/responses/Refusal",
}
TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "format": "decimal", "examples": ["120000.01"]},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time", "examples": ["2026-03-02T09:00:00+08:00"]},
    date: {"type": "string", "format": "date"},
    dict: {"type": "object"},
}


def description() -> dict[str, Any]:
    """The whole document. Acts of the system alone are left out: nobody can post them."""
    paths: dict[str, Any] = {}
    for address, view in sorted(_reads()):
        paths[address] = {"get": _read(address, view)}
    for command in sorted(COMMANDS.values(), key=lambda one: one.act):
        if command.by - {"system"}:
            paths[f"/act/{command.act}"] = {"post": _act(command)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mingzheng", "version": VERSION,
            "description": "Reads and acts for programs. docs/formats/api.md says how to log in, sign and upload.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "mz_session"}},
            "schemas": {"Refusal": _refusal(), "Done": _done(), "Signature": _signature()},
            "responses": {
                "Refusal": {
                    "description": "What was refused, by which rule, what to do",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
                }
            },
        },
    }  # fmt: skip


@require_GET
@page(PUBLIC_PAGE)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of this interface (OpenAPI 3.1)."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def _reads() -> Iterator[tuple[str, Any]]:
    from mingzheng.site.api.urls import urlpatterns

    for one in urlpatterns:
        if isinstance(one, URLPattern) and one.callback is not openapi:
            yield "/" + str(one.pattern).replace("<uuid:", "{").replace(">", "}"), one.callback


def _read(address: str, view: Any) -> dict[str, Any]:
    roles = sorted(view.page.roles)
    found: dict[str, Any] = {
        "operationId": view.page.name,
        "summary": inspect.cleandoc(inspect.unwrap(view).__doc__ or ""),
        "description": f"Open to: {_who(roles)}",
        "responses": {
            "200": {"description": "Facts, and `now` by the deployment's clock", "content": {"application/json": {"schema": {"type": "object"}}}},
            **{status: {"$ref": one} for status, one in REFUSALS.items()},
        },
    }  # fmt: skip
    if "{" in address:
        name = address.partition("{")[2].partition("}")[0]
        found["parameters"] = [{"name": name, "in": "path", "required": True, "schema": TYPES[UUID]}]
    if "*" not in roles:
        found["security"] = SECURITY
    return found


def _act(command: Command) -> dict[str, Any]:
    hints = typing.get_type_hints(command.function)
    secret = set(command.facts.get("secrets", ()))
    fields = {name: schema_of(hints[name]) for name in command.fields}
    needed = [name for name, one in command.fields.items() if one.default is inspect.Parameter.empty]
    body: dict[str, Any] = {
        "type": "object",
        "properties": {
            "fields": {
                "type": "object", "additionalProperties": False,
                "properties": {name: one for name, one in fields.items() if name not in secret},
                "required": [name for name in needed if name not in secret],
            },
            "nonce": {"type": "string", "minLength": 8, "maxLength": 100, "description": "the same nonce never acts twice"},
        },
        "required": ["fields", "nonce"],
    }  # fmt: skip
    if command.binds:
        body["properties"]["signature"] = {"$ref": "#/components/schemas/Signature"}
        body["required"].append("signature")
    if secret:
        body["properties"]["secrets"] = {
            "type": "object", "properties": {name: fields[name] for name in sorted(secret & set(fields))},
            "description": "beside the signed fields, never recorded",
        }  # fmt: skip
    return {
        "operationId": command.act,
        "tags": [command.act.partition(".")[0]],
        "summary": command.summary,
        "description": f"Open to: {_who(sorted(command.by - {'system'}))}."
        + (" Binds: needs a certificate and a signature." if command.binds else ""),
        "security": SECURITY,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {
                "description": "Done; for every entry its text, digest and a signed promise",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Done"}}},
            },
            **{status: {"$ref": one} for status, one in REFUSALS.items()},
        },
    }


def schema_of(wanted: Any) -> dict[str, Any]:
    """JSON schema of an annotation, as the door reads it."""
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (types.UnionType, typing.Union):
        inner = schema_of(next(one for one in args if one is not type(None)))
        return {"anyOf": [inner, {"type": "null"}]}
    if origin in (list, tuple):
        return {"type": "array", "items": schema_of(args[0]) if args else {}}
    if origin is dict:
        return TYPES[dict]
    return TYPES.get(wanted, {})


def _who(roles: list[str]) -> str:
    return {"*": "everybody", "+": "whoever is logged in"}.get(roles[0], ", ".join(roles)) if roles else "nobody"


def _refusal() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object", "required": ["refused", "what"],
        "properties": {
            "refused": {"type": "string", "description": "stable code, stage.reason"}, "what": text, "todo": text,
            "source": text, "field": text, "needs": {"type": "array", "items": {"type": "object"}},
        },
    }  # fmt: skip


def _done() -> dict[str, Any]:
    return {
        "type": "object", "required": ["act", "at", "again", "events", "entries"],
        "properties": {
            "act": {"type": "string"}, "at": TYPES[datetime], "events": {"type": "array", "items": {"type": "object"}},
            "again": {"type": "boolean", "description": "this nonce had acted before; this is its answer"},
            "entries": {"type": "array", "items": {"type": "object"}},
        },
    }  # fmt: skip


def _signature() -> dict[str, Any]:
    return {
        "type": "object", "required": ["signature"],
        "properties": {"signature": {"type": "string", "contentEncoding": "base64", "description": "over the canonical text of {act, fields, nonce}"}},
    }  # fmt: skip
