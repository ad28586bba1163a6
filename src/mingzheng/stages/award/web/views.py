"""Publicity, objections, award, notices, contract: one page, each part shown to whom it concerns."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.stages.award import queries, rules
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, ask_too, lot_context
from mingzheng.stages.tendering import queries as tendering


@require_GET
@page(PUBLIC_PAGE)
def award(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Everything from the publicity on; the ranking shows only what has been published."""
    actor = request.actor  # type: ignore[attr-defined]
    facts, result = procedures.lot(lot), queries.award(lot)
    owner = procedures.owns(facts, actor, clock.now()) if actor.person else False
    dealing = tendering.dealing(lot, actor.organisation) if actor.has("bidder") else None
    seen = [
        o for o in queries.objections(lot) if owner or actor.has("supervisor") or (dealing and o.dealing == dealing.id)
    ]
    context = {
        **lot_context(request, lot, "lot-award"), "result": result, "owner": owner, "objections": seen,
        "winner": result is not None and result.winner is not None and result.winner == actor.organisation,
        "bidder": dealing is not None, "reasons": rules.OTHER_CANDIDATE_REASONS,
        "report": evaluation.report(lot) if owner else None,
        "papers": [
            d for d in procedures.documents(lot)
            if d.public or owner or actor.has("supervisor") or (d.addressee and d.addressee == actor.organisation)
        ],
        "acts": acts(
            lot, actor, ("award.publish_candidates", "签名并发布公示"), ("award.object_to_result", "提出异议"),
            ("award.answer_objection", "签名并答复"), ("award.confirm_publicity", "确认公示期满"), ("award.decide_award", "签名定标"),
            ("award.issue_notices", "同时发出通知书"), ("award.offer_contract", "签署合同"), ("award.sign_contract", "签署合同"),
        ) if actor.person else {},
    }  # fmt: skip
    ends = context["clocks"].get("publicity_ends")
    if facts.phase == "publicity" and ends is not None:
        for name in ("award_decide_award", "award_confirm_publicity"):
            ask_too(context["acts"], name, lambda: rules.publicity_over(clock.now(), ends.due))
    return render(request, "award/award.html", context)
