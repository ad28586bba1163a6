"""The desk, the lot's overview, messages."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock, money
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import ANY_LOGIN, PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_YOURS
from mingzheng.readers.portal import queries as portal
from mingzheng.site.answers import sentence
from mingzheng.site.desks.tasks import tasks
from mingzheng.site.proofs.views import own_entries
from mingzheng.stages.award import queries as award
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.deliveries import why_not_yet
from mingzheng.stages.procedures.web.lotpage import lot_context, retendering
from mingzheng.stages.tendering import queries as tendering


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
@page(ANY_LOGIN)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits now, with its clock and one large button."""
    actor = _actor(request)
    found = tasks(actor)
    first = found[0] if found else None
    context: dict[str, Any] = {
        "found": found, "first": first, "messages": notifying.inbox(actor.person, 8) if actor.person else [],
        "live_lots": [str(t.lot.id) for t in found if t.lot][:50],
    }  # fmt: skip
    if actor.has("bidder"):
        dealings = tendering.dealings_of(actor.organisation)
        held = deposits.deposits_of(one.id for one in dealings)
        lots = procedures.lots_by_id(one.lot for one in dealings)
        context["money"] = [{"lot": lots[one.lot], "deposit": held[one.id]} for one in dealings if one.id in held]
        entries = own_entries(actor)
        context["receipts"] = list(reversed(list(enumerate(entries, start=1))))[:6]
        context["receipts_total"] = len(entries)
    return render(request, "desks/desk.html", context)


def _host(lot: UUID) -> parties.PersonFacts | None:
    """Who will host the opening, None while nobody is appointed."""
    held = procedures.parts(lot).get("host")
    return parties.person(held[0]) if held else None


def _readable(facts: dict[str, Any]) -> dict[str, Any]:
    """Amounts with their separators, as everywhere else on the page."""
    amounts = {name: Decimal(str(facts[name])) for name in ("amount", "price") if facts.get(name)}
    return {**facts, **{name: money.text(value) for name, value in amounts.items()}}


@require_GET
@page(PUBLIC_PAGE)
def lot(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Overview of a lot: what is next, facts, papers, and the whole timeline with its proofs."""
    actor, facts = _actor(request), procedures.lot(lot)
    inside = actor.has("centre_staff", "supervisor", "witness", "archivist")
    owner = procedures.owns(facts, actor, clock.now()) if actor.person else False
    if facts.phase == "registered" and not (inside or owner):
        raise NOT_YOURS()
    result = award.award(lot)
    context = {
        **lot_context(request, lot, "lot"),
        "owner": owner,
        "entity": parties.organisation(facts.procuring_entity),
        "agency": parties.organisation(facts.agency) if facts.agency else None,
        "tender": tendering.tender(lot) if facts.phase != "registered" else None,
        "dealing": tendering.dealing(lot, actor.organisation) if actor.has("bidder") else None,
        "host": _host(lot) if owner else None,
        "result": result,
        "papers": portal.papers_of(lot),
        "deliveries_why": why_not_yet(facts),
        **retendering(facts, actor),
        "timeline": [
            {
                "at": line.at, "title": sentence(line.title, line.facts), "text": sentence(line.sentence, _readable(line.facts)),
                "position": line.position, "state": "now" if n == 0 else "done",
            }
            for n, line in enumerate(portal.timeline(lot))
        ],
    }  # fmt: skip
    return render(request, "desks/lot.html", context)


@require_GET
@page(ANY_LOGIN)
def messages(request: HttpRequest) -> HttpResponse:
    """The person's messages, newest first."""
    actor = _actor(request)
    assert actor.person is not None
    return render(request, "desks/messages.html", {"messages": notifying.inbox(actor.person), "title": _("消息")})
