"""Pages of objections and complaints: a party's own in a lot, the owner's queue, the queue of supervision and centre."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop as label
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import page
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context
from mingzheng.stages.tendering import queries, rules
from mingzheng.stages.tendering.web.views import actor_of

STATES = {
    "open": ("待办理", "warn"),
    "taken": ("已受理", "info"),
    "refused": ("不予受理", "mute"),
    "closed": ("已办结", "ok"),
}
ACTS = (
    ("tendering.object_to_documents", label("签名并提出异议")), ("tendering.file_complaint", label("签名并提交投诉")),
    ("tendering.answer_document_objection", label("签名并答复")),
)  # fmt: skip


@require_GET
@page({"bidder", "procuring_entity", "agency"})
def of_lot(request: HttpRequest, lot: UUID) -> HttpResponse:
    """What the party filed in this lot, forms for more, and for the owner the objections it has to answer."""
    actor, facts = actor_of(request), procedures.lot(lot)
    mine = procedures.owns(facts, actor, clock.now())
    context = {
        **lot_context(request, lot, "lot-questions"),
        "mine": mine, "bidder": actor.has("bidder"), "dealing": queries.dealing(lot, actor.organisation),
        "filed": _shown(queries.cases_of(actor.organisation, lot=lot)),
        "objections": _shown(queries.cases("objection", lot=lot)) if mine else [],
        "subjects": list(rules.SUBJECTS.items()),
        "acts": acts(lot, actor, *ACTS),
    }  # fmt: skip
    return render(request, "tendering/cases.html", context)


@require_GET
@page({"supervisor", "centre_staff"})
def queue(request: HttpRequest) -> HttpResponse:
    """All complaints with their clocks: supervision decides, the centre's staff assist (GF-6.4.2)."""
    found = queries.cases("complaint", named=actor_of(request).has("supervisor"))
    names = parties.names({one.party for one in found if one.party is not None})
    rows = _shown(found)
    for row in rows:
        row["lot"] = procedures.lot(row["fact"].lot)
        row["party"] = names.get(row["fact"].party, "") if row["fact"].party else ""
    return render(request, "tendering/queue.html", {"rows": rows, "decides": actor_of(request).has("supervisor")})


def _shown(found: list[queries.CaseFacts]) -> list[dict[str, Any]]:
    return [{"fact": one, "state": STATES[one.state], "subject": rules.SUBJECTS[one.subject]} for one in found]
