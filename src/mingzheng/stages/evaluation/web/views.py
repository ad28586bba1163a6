"""The owner's view (states only), the member's seat, and after the result what is public."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.evaluation import methods, queries, rules
from mingzheng.stages.evaluation.web import papers
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, ask_too, lot_context, state_of
from mingzheng.stages.tendering import queries as tendering

LIMIT_PERCENT = 30
NOTHING_RUNS = "default-src 'none'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
@page({"expert", "procuring_entity"})
def evaluations(request: HttpRequest) -> HttpResponse:
    """The lots in whose committee this person sits."""
    actor = _actor(request)
    assert actor.person is not None
    mine = queries.lots_of_member(actor.person)
    lots, methods = procedures.lots_by_id(mine), queries.methods(mine)
    rows = [{"lot": lots[one], "state": state_of(lots[one]), "method": methods[one]} for one in mine]
    return render(request, "evaluation/list.html", {"rows": rows})


@require_GET
@page(PUBLIC_PAGE)
def evaluation(request: HttpRequest, lot: UUID) -> HttpResponse:
    """By part: a member's seat, the owner's steering page, or for others the states that are public."""
    actor = _actor(request)
    state = queries.evaluation(lot)
    seat = _seat(lot, actor) if state is not None else None
    context: dict[str, Any] = {**lot_context(request, lot, "lot-evaluation"), "evaluation": state, "seat": seat}
    if seat is not None:
        context["bar"] = {**context["bar"], "stages": []}
        return render(request, "evaluation/seat.html", {**context, **_seat_context(lot, actor, seat, state)})
    facts = procedures.lot(lot)
    owner = procedures.owns(facts, actor, clock.now()) if actor.person else False
    context |= {
        "owner": owner,
        "representatives": parties.members(facts.procuring_entity) if owner else [],
        "specialties": sorted({s for e in parties.people_with("expert") for s in e.specialties}) if owner else [],
        "reasons": rules.DIRECT_REASONS,
        "report": queries.report(lot) if owner or actor.has("supervisor") else None,
        "acts": acts(
            lot, actor, ("evaluation.form_committee", "组建评标委员会"), ("evaluation.start_evaluation", "启动评标"),
            ("evaluation.replace_member", "更换成员"),
        ) if owner else {},
    }  # fmt: skip
    if state is not None and state.state == "formed":
        ask_too(context["acts"], "evaluation_start_evaluation", lambda: _ready(state))
    return render(request, "evaluation/overview.html", context)


def _ready(state: Any) -> None:
    """Refuse the start until everybody is present, has declared, and a chair is elected."""
    missing = [
        label
        for label, gone in (
            ("签到", any(one.signed_in_at is None for one in state.seats)),
            ("声明", any(one.declared_at is None or one.recused for one in state.seats)),
            ("推选组长", state.chair is None),
        )
        if gone
    ]
    if missing:
        raise rules.NOT_READY(missing="、".join(missing))


def _seat(lot: UUID, actor: Actor) -> queries.OwnSeat | None:
    try:
        return queries.own_seat(lot, actor)
    except Refused:
        return None


def _seat_context(lot: UUID, actor: Actor, seat: queries.OwnSeat, state: Any) -> dict[str, Any]:
    """Bids (by code), criteria with own scores, and once all are sealed everybody's with hints."""
    tender = tendering.tender(lot)
    bids = [b for b in opening.opened_bids(lot) if b.state == "read"] if seat.state.declared_at else []
    started = state.state != "formed"
    revealed: list[dict[str, Any]] = []
    hints: tuple[Any, ...] = ()
    if started and seat.state.committed_at and all(s.committed_at for s in state.seats):
        revealed = queries.revealed_scores(lot, actor)
        if tender.method == "weighted":
            given = [
                methods.Score(member=str(r["seat"]), bid=bid, item=item, points=Decimal(points))
                for r in revealed for bid, items in r["scores"].items() for item, points in items.items()
            ]  # fmt: skip
            hints = methods.score_hints(tender.criteria, given, LIMIT_PERCENT)
    return {
        "tender": tender, "scanner": papers.scanner(), "declaration": rules.DECLARATION, "started": started,
        "scoring": state.state == "scoring" and not seat.state.committed_at and not seat.state.recused, "revealed": revealed, "hints": hints,
        "criteria": [c for c in tender.criteria if c.kind != "price"] if tender.method == "weighted" else [],
        "bids": [
            {"bid": b, "code": f"T-{n:02d}", "parts": [papers.shown(one) for one in opening.parts(lot, b.bid)] if started else []} for n, b in enumerate(bids, start=1)
        ],
        "outcome": queries.outcome(lot) if revealed else {}, "experts": [s for s in state.seats if s.kind == "expert"],
        "acts": acts(
            lot, actor, ("evaluation.sign_in_member", "签到"), ("evaluation.declare", "签名声明"), ("evaluation.vote_chair", "投票"),
            ("evaluation.commit_scores", "封存我的评审"), ("evaluation.sign_report", "签署评标报告"), ("evaluation.roll_back", "回退到评分"),
        ),
    }  # fmt: skip


@require_GET
@page({"expert", "procuring_entity"})
def bid_file(request: HttpRequest, lot: UUID, bid: UUID, part: int) -> HttpResponseBase:
    """A file of a bid, for members of the committee who have declared and after the start."""
    actor = _actor(request)
    seat, state = queries.own_seat(lot, actor), queries.evaluation(lot)
    if seat.state.declared_at is None or seat.state.recused:
        raise rules.DECLARE_FIRST()
    if state is None or state.state == "formed":
        raise rules.NOT_READY(missing="启动评标")
    found = next((one for one in opening.parts(lot, bid) if one["part"] == part), None)
    if found is None:
        raise rules.NOT_A_MEMBER()
    kind, keep = papers.headers(found["check"], str(found["name"]))
    response = StreamingHttpResponse(opening.bid_file(lot, bid, part), content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(keep, str(found["name"])) or "inline"
    response.headers["Content-Length"] = str(
        found["size"]
    )  # a file that breaks off is then no whole file for the reader
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    return response


@require_GET
@page({"expert", "procuring_entity"})
def report_file(request: HttpRequest, lot: UUID) -> HttpResponseBase:
    """The report as a member is about to sign it, for the members who sign."""
    seat, state = queries.own_seat(lot, _actor(request)), queries.evaluation(lot)
    if seat.state.declared_at is None or seat.state.recused or seat.state.committed_at is None:
        raise rules.DECLARE_FIRST()
    if state is None or state.report is None:
        raise rules.NOTHING_TO_SIGN()
    paper = ports.get("store").open(procedures.document(state.report).object)
    return FileResponse(paper, content_type="application/pdf", headers={"Content-Disposition": "inline"})
