"""What came out: candidates and winner for everybody once they are public, refunds for those who settle them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_YOURS
from mingzheng.site.api.answering import actor_of, answer
from mingzheng.stages.award import queries as awards
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.procedures import queries as procedures


@require_GET
@page(PUBLIC_PAGE)
def result(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Candidates from the publicity on, the winner from the notices on; null before. `contract`: the offer, for the winner."""
    found, asking = awards.award(lot), actor_of(request).organisation
    if found is None:
        return answer(candidates=None, winner=None)
    told = found.notices_at is not None
    return answer(
        candidates=list(found.candidates), winner=found.winner if told else None,
        winner_name=found.winner_name if told else "", amount=found.amount if told else None, dealing=found.dealing if told else None,
        contract_signed_at=found.contract_signed_at, contract=found.contract if asking and asking == found.winner else None,
    )  # fmt: skip


@require_GET
@page({"procuring_entity", "agency", "centre_staff", "supervisor", "archivist"})
def refunds(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Deposits still to go back, after closing; payers and accounts stay out of it."""
    actor = actor_of(request)
    staff = actor.has("centre_staff", "supervisor", "archivist")
    if not staff and not procedures.owns(procedures.lot(lot), actor, clock.now()):
        raise NOT_YOURS()
    if bidding.closing(lot) is None:
        return answer(refunds=[])
    return answer(
        refunds=[
            {
                "dealing": one.dealing,
                "way": one.way,
                "refund": one.refund_state,
                "due": one.refund_due,
                "holder": one.holder,
                "ways": [
                    {"way": way.way, "state": way.state, "principal": way.principal, "interest": way.interest}
                    for way in one.refunds
                ],
            }
            for one in deposits.of_lot(lot)
            if one.refund_state
        ]
    )
