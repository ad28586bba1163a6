"""A bidder's deposits, and the owner's view of refunds after closing."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
    rows = [
        {"dealing": one, "lot": procedures.lot(one.lot), "deposit": queries.deposit(one.id)}
        for one in tendering.dealings_of(actor.organisation)
    ]
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
    rows = []
    if known:
        names = {one.id: one.organisation_name for one in tendering.dealings(lot)}
        rows = [{"name": names.get(one.dealing, "—"), "deposit": one} for one in queries.of_lot(lot)]
    context = {
        **lot_context(request, lot, "lot-award"), "rows": rows, "known": known,
        "acts": acts(lot, actor, ("deposits.confirm_refund", "确认退还")),
    }  # fmt: skip
    return render(request, "deposits/refunds.html", context)
