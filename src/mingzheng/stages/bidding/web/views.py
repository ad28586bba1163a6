"""Pages of bidding: the bids of an organisation, the composer that seals in the browser, sealing parameters."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel.actor import SYSTEM, Actor
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND
from mingzheng.stages.bidding import commands, queries, rules
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context, state_of
from mingzheng.stages.tendering import queries as tendering


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
@page(PUBLIC_PAGE)
def sealing(request: HttpRequest, lot: UUID) -> HttpResponse:
    """The public sealing parameters (TENDER.json); fixed at the first need where the reaction was not faster."""
    if procedures.lot(lot).phase == "registered":
        raise NOT_FOUND()
    found = queries.terms(lot)
    if found is None:
        commands.fix_sealing_terms(actor=SYSTEM, lot=lot)
        found = queries.terms(lot)
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "sort_keys": True})


@require_GET
@page({"bidder"})
def bids(request: HttpRequest) -> HttpResponse:
    """The lots this organisation takes part in, with what stands and what is next."""
    dealings = tendering.dealings_of(_actor(request).organisation)
    lots = procedures.lots_by_id(one.lot for one in dealings)
    clocks = procedures.clocks_of(lots)
    bids, held = queries.bids_of(one.id for one in dealings), deposits.deposits_of(one.id for one in dealings)
    rows = [
        {
            "lot": lots[one.lot], "state": state_of(lots[one.lot]), "deadline": clocks.get(one.lot, {}).get("bid_deadline"),
            "bid": bids.get(one.id), "deposit": held.get(one.id),
        }
        for one in dealings
    ]  # fmt: skip
    return render(request, "bidding/list.html", {"rows": rows})


@require_GET
@page({"bidder"})
def composer(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Choose files, fill the opening summary, seal here in the browser, upload, receipt."""
    actor = _actor(request)
    dealing = tendering.dealing(lot, actor.organisation)
    context = {
        **lot_context(request, lot, "lot-bid"),
        "dealing": dealing,
        "tender": tendering.tender(lot),
        "bid": queries.bid(dealing.id) if dealing else None,
        "history": queries.history(dealing.id) if dealing else [],
        "deposit": deposits.deposit(dealing.id) if dealing else None,
        "acts": acts(lot, actor, ("bidding.submit_bid", "签名并递交"), ("bidding.withdraw_bid", "撤回投标文件")),
    }
    if dealing is not None and context["bid"] is None and context["lot"].phase == "announced":
        labels = (_("选择文件"), _("开标一览表"), _("封装并签名"), _("上传"), _("领取回执"))
        context["composing"] = [(label, "now" if n == 0 else "next") for n, label in enumerate(labels)]
        context["bar"] = {**context["bar"], "stages": []}
    return render(request, "bidding/composer.html", context)


@require_GET
@page({"bidder"})
def own_seal(request: HttpRequest, lot: UUID) -> HttpResponse:
    """The seal of one's own current bid: what the browser needs to release the key at the opening."""
    dealing = tendering.dealing(lot, _actor(request).organisation)
    bid = queries.bid(dealing.id) if dealing else None
    if bid is None:
        raise rules.NO_BID()
    return JsonResponse({"bid": str(bid.id), "seal": json.loads(bid.seal)["seal"]})
