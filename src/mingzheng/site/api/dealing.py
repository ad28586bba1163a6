"""What a bidder has in one lot: its own alone."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import page
from mingzheng.site.api.answering import actor_of, answer
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.tendering import queries as tendering


@require_GET
@page({"bidder"})
def dealing(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Own dealing, deposit and current bid with its seal; all null for a stranger, who learns nothing by asking."""
    found = tendering.dealing(lot, actor_of(request).organisation)
    if found is None:
        return answer(dealing=None, deposit=None, bid=None)
    own = bidding.bid(found.id)
    return answer(
        dealing=found.id, deposit=_deposit(found.id),
        bid={"id": own.id, "number": own.number, "submitted_at": own.submitted_at, "seal": own.seal} if own else None,
    )  # fmt: skip


def _deposit(dealing: UUID) -> dict[str, Any] | None:
    one = deposits.deposit(dealing)
    if one is None:
        return None
    return {
        "way": one.way, "account": one.account, "amount": one.amount, "received": one.received, "state": one.state,
        "secured": deposits.secured(dealing, clock.now()), "refund": one.refund_state, "interest": one.interest,
    }  # fmt: skip
