"""What anybody may check at any time. Sealed entries have no position: their owners find them under receipts."""

import json

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import ANY_LOGIN, PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND
from mingzheng.ledger import proving, reading, sequencing
from mingzheng.ledger.entries import Entry, stored_stream
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

HIDDEN_UNTIL_ANNOUNCED = ("procedure:",)


def _entry(position: int) -> Entry:
    """The public entry at a platform position; cells and entries of registrations are not shown."""
    with connection.cursor() as cursor:
        cursor.execute("select stream, number from ledger_leaf where position = %s", [position])
        row = cursor.fetchone()
    if row is None or row[0] is None or row[0].startswith(HIDDEN_UNTIL_ANNOUNCED):
        raise NOT_FOUND()
    if row[0].startswith("lot:") and procedures.lot(row[0][4:]).phase == "registered":
        raise NOT_FOUND()
    return next(entry for entry in reading.stream_entries(row[0]) if entry.number == row[1])


@require_GET
@page(PUBLIC_PAGE)
def proof(request: HttpRequest, position: int) -> HttpResponse:
    """The drawer: fact, time, signature, checkpoint, verdict."""
    entry = _entry(position)
    receipt = proving.receipt(entry.stream, entry.number)
    head = proving.checkpoint()
    return render(
        request,
        "proof.html",
        {
            "entry": entry, "position": position, "receipt": receipt, "size": head[0] if head else None,
            "cosigners": [key.name for key in proving.cosigner_keys()],
            "signed": json.loads(entry.text).get("signature"), "body": json.loads(entry.text)["body"],
        },
    )  # fmt: skip


@require_GET
@page(PUBLIC_PAGE)
def public_receipt(request: HttpRequest, position: int) -> HttpResponse:
    """The receipt of a public entry as a file."""
    entry = _entry(position)
    receipt = proving.receipt(entry.stream, entry.number)
    if receipt is None:
        raise NOT_FOUND()
    return _file(receipt, f"receipt-{position}.json")


def own_entries(actor: Actor) -> list[Entry]:
    """Entries of the organisation's own sealed streams that its own people made, oldest first."""
    streams = [f"dealing:{d.id}" for d in tendering.dealings_of(actor.organisation)] if actor.has("bidder") else []
    streams.append(f"person:{actor.person}")
    found = [entry for stream in streams for entry in reading.stream_entries(stored_stream(stream))]
    return sorted(found, key=lambda entry: (entry.at, entry.stream, entry.number))


@require_GET
@page(ANY_LOGIN)
def receipts(request: HttpRequest) -> HttpResponse:
    """One's own receipts, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [{"number": n, "entry": entry} for n, entry in enumerate(own_entries(actor), start=1)]
    return render(request, "receipts.html", {"rows": rows[::-1][:500]})


@require_GET
@page(ANY_LOGIN)
def own_receipt(request: HttpRequest, number: int) -> HttpResponse:
    """The nth of one's own receipts as a file; it shows the sealed content to its owner."""
    mine = own_entries(request.actor)  # type: ignore[attr-defined]
    if not 0 < number <= len(mine):
        raise NOT_FOUND()
    entry = mine[number - 1]
    receipt = proving.receipt(entry.stream, entry.number)
    if receipt is None:
        return JsonResponse({"waiting": True}, status=202)
    return _file(receipt, f"receipt-{number}.json")


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@page(PUBLIC_PAGE)
def keys(request: HttpRequest) -> HttpResponse:
    """Public keys of log, receipts and cosigners."""
    return JsonResponse(proving.keys())


@require_GET
@page(PUBLIC_PAGE)
def trust(request: HttpRequest) -> HttpResponse:
    """The same as a file for `verify.py --trust`; whoever checks should have it from the cosigners themselves."""
    return HttpResponse(proving.trust(), content_type="text/plain; charset=utf-8")


@require_GET
@page(PUBLIC_PAGE)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest cosigned checkpoint note."""
    head = proving.checkpoint()
    if head is None:
        raise NOT_FOUND()
    return HttpResponse(head[1], content_type="text/plain; charset=utf-8")


@require_GET
@page(PUBLIC_PAGE)
def tile(request: HttpRequest, level: int, name: str) -> HttpResponse:
    """A tile of the log (C2SP tlog-tiles): `tile/L/NNN` or `tile/L/NNN.p/W`."""
    number, _, width = name.partition(".p/")
    parts = number.split("/")
    try:
        index = int("".join(part.removeprefix("x") for part in parts))
        wanted = int(width) if width else 256
    except ValueError:
        raise NOT_FOUND() from None
    hashes = sequencing.read_tile(level, index)[:wanted]
    if len(hashes) < wanted:
        raise NOT_FOUND()
    return HttpResponse(b"".join(hashes), content_type="application/octet-stream")
