"""Committees: a member its own seat, others concerned the states by seat; never names, never scores of others."""

import dataclasses
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import NOT_YOURS, Refused
from mingzheng.site.api.answering import actor_of, answer
from mingzheng.stages.evaluation import queries as evaluations
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures

WATCHERS = {"centre_staff", "supervisor"}
SEATED = {"expert", "procuring_entity"}


@require_GET
@page(SEATED)
def evaluations_of(request: HttpRequest) -> HttpResponse:
    """The lots in whose committee the asking person sits, newest first."""
    actor = actor_of(request)
    assert actor.person is not None
    rows = []
    for lot in evaluations.lots_of_member(actor.person):
        state = evaluations.evaluation(lot)
        rows.append({"lot": lot, "state": state.state if state else ""})
    return answer(evaluations=rows)


@require_GET
@page(SEATED | WATCHERS | {"agency"})
def committee(request: HttpRequest, lot: UUID) -> HttpResponse:
    """States by seat, one's own seat, and for a member the bids to evaluate and the report to sign."""
    actor, own = actor_of(request), None
    state = evaluations.evaluation(lot)
    if state is not None:
        try:
            own = evaluations.own_seat(lot, actor)
        except Refused:
            own = None
    if own is None and not actor.has(*WATCHERS) and not procedures.owns(procedures.lot(lot), actor, clock.now()):
        raise NOT_YOURS()
    if state is None:
        return answer(state=None, seats=[], own=None, bids=[], report=None)
    return answer(
        state=state.state, method=state.method, chair=state.chair, all_rejected=state.all_rejected,
        seats=[dataclasses.asdict(one) for one in state.seats], own=_own(own),
        bids=_bids(lot) if own else [], report=state.report if own and own.state.committed_at else None,
    )  # fmt: skip


def _own(seat: evaluations.OwnSeat | None) -> dict[str, Any] | None:
    if seat is None:
        return None
    return {"seat": seat.seat, "kind": seat.kind, "is_chair": seat.is_chair, "state": dataclasses.asdict(seat.state)}


def _bids(lot: UUID) -> list[dict[str, Any]]:
    return [
        {"bid": one.bid, "bidder_name": one.bidder_name, "price": one.price, "submitted_at": one.submitted_at}
        for one in opening.opened_bids(lot)
        if one.state == "read"
    ]
