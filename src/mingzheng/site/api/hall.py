"""The board of the opening hall."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.site.api.answering import answer
from mingzheng.stages.opening import queries as opening


@require_GET
@page(PUBLIC_PAGE)
def board(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Refused before the deadline; summaries are null until the reading act (招标投标法 36, DZ-07)."""
    lines, hall = opening.board(lot), opening.opening(lot)
    return answer(
        phase=hall.phase if hall else "waiting", board_digest=hall.board_digest if hall else "",
        rows=[
            {
                "number": one.number, "bid": one.bid, "bidder": one.bidder, "bidder_name": one.bidder_name,
                "submitted_at": one.submitted_at, "state": one.state, "deposit": one.deposit, "summary": one.summary,
            }
            for one in lines
        ],
    )  # fmt: skip
