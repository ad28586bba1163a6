"""Whether the messages of a lot reached people, for the centre: whoever no channel reached is telephoned, and that is logged."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label
from django.views.decorators.http import require_GET

from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.notifying import rules as notifying_rules
from mingzheng.stages.procedures import queries
from mingzheng.stages.procedures.web.lotpage import lot_context

BEFORE_CLOSING = ("registered", "announced")
ROWS = 50
CHANNELS = (("in_site", label("站内")), ("email", label("邮件")), ("sms", label("短信")), ("call", label("电话")))
STATES = {
    "queued": (label("待发"), "mute"), "sent": (label("已发出"), "info"), "delivered": (label("已送达"), "ok"),
    "read": (label("已读"), "ok"), "failed": (label("未送达"), "bad"), "called": (label("已通知"), "ok"),
}  # fmt: skip


def why_not_yet(lot: queries.LotFacts) -> Refused | None:
    """Why recipients of this lot's messages may not be shown now: before the deadline they would be a list of bidders."""
    return notifying_rules.RECIPIENTS_SECRET() if lot.phase in BEFORE_CLOSING else None


@require_GET
@page({"centre_staff"})
def deliveries(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Every message of the lot by person and channel; first those to be telephoned, with the form that logs the call."""
    refused = why_not_yet(queries.lot(lot))
    if refused is not None:
        raise refused
    found = notifying.states(lot)
    pages = max(1, -(-len(found) // ROWS))
    number = min(max(_number(request.GET.get("page", "")), 1), pages)
    shown = list(reversed(found))[(number - 1) * ROWS : number * ROWS]
    context = {
        **lot_context(request, lot, ""),
        "to_call": [one for one in found if notifying.unreached(one)],
        "rows": [{**one, "states": _states(one["channels"])} for one in shown],
        "channels": [_(name) for _key, name in CHANNELS], "total": len(found), "number": number, "pages": pages,
        "reached": [("true", _("已接通，已告知")), ("false", _("未接通"))],
    }  # fmt: skip
    return render(request, "procedures/deliveries.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _states(channels: dict[str, str]) -> list[tuple[str, Any]]:
    """Channel and chip in the table's order; None where the message did not go that way."""
    return [
        (_(name), (_(STATES[channels[key]][0]), STATES[channels[key]][1]) if key in channels else None)
        for key, name in CHANNELS
    ]
