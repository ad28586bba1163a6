"""A bidder's deposits, and the owner's view of refunds after closing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import NOT_YOURS
from mingzheng.stages.deposits import queries, rules
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context
from mingzheng.stages.tendering import queries as tendering


@require_GET
@page({"bidder"})
def deposits(request: HttpRequest) -> HttpResponse:
    """Every deposit of the organisation: in whose hands, since when, by which rule."""
    actor = request.actor  # type: ignore[attr-defined]
    dealings = tendering.dealings_of(actor.organisation)
    lots, held = procedures.lots_by_id(one.lot for one in dealings), queries.deposits_of(one.id for one in dealings)
    rows = [{"dealing": one, "lot": lots[one.lot], "deposit": held.get(one.id)} for one in dealings]
    return render(request, "deposits/list.html", {"rows": rows})


@require_GET
@page({"bidder"})
def deposit(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Pay or lodge a guarantee for one lot."""
    actor = request.actor  # type: ignore[attr-defined]
    dealing = tendering.dealing(lot, actor.organisation)
    if dealing is None:
        raise rules.NOT_ENROLLED()
    context = {
        **lot_context(request, lot, "lot-bid"),
        "tender": tendering.tender(lot),
        "deposit": queries.deposit(dealing.id),
        "demo_guarantee": (number := f"YZBH-{clock.now():%Y}-{dealing.id.hex[:8].upper()}"),
        "issued": number if "issued" in request.GET else "",
        "acts": acts(lot, actor, ("deposits.open_account", "获取缴款账号"), ("deposits.lodge_guarantee", "提交保函")),
    }
    return render(request, "deposits/deposit.html", context)


@require_GET
@page({"procuring_entity", "agency", "centre_staff", "supervisor"})
def refunds(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Refunds of a lot after the bidders are known."""
    actor, facts = request.actor, procedures.lot(lot)  # type: ignore[attr-defined]
    if not actor.has("centre_staff", "supervisor") and not procedures.owns(facts, actor, clock.now()):
        raise NOT_YOURS()
    known = facts.phase not in ("registered", "announced") or facts.standing == "failed"  # the closing named them
    rows = queries.of_lot(lot) if known else []
    ways = _ways(rows, {one.id: one.organisation_name for one in tendering.dealings(lot)})
    found = acts(lot, actor, ("deposits.confirm_refund", "确认退还"))
    context = {
        **lot_context(request, lot, "lot-award"), "rows": rows, "known": known,
        "money": [one for one in ways if one["way"].way == "transfer"],
        "instruments": [one for one in ways if one["way"].way == "guarantee"],
        "acts": {**found, "release": {**found["deposits_confirm_refund"], "label": _("确认解除")}},
    }  # fmt: skip
    return render(request, "deposits/refunds.html", context)


def _ways(rows: list[queries.DepositFacts], names: dict[UUID, str]) -> list[dict[str, Any]]:
    """A line for each way back; the first that waits offers the owner's word, which is given for the whole deposit."""
    found: list[dict[str, Any]] = []
    for one in rows:
        first = next((way for way in one.refunds if way.state == "waiting"), None)
        found += [
            {
                "name": names.get(one.dealing, "—"),
                "dealing": one.dealing,
                "deposit": one,
                "way": way,
                "confirm": way is first,
            }
            for way in one.refunds
        ]
    return found
