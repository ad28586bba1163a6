"""The opening hall: one page from waiting room to signed record, for bidders, host, witness, supervisor and the public."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.ledger import reading
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.opening import events, queries, rules
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, ask_too, lot_context
from mingzheng.stages.tendering import queries as tendering

STEPS = ("签到", "公布名单", "解密", "参数抽取", "唱标", "异议", "确认", "结束")
SAID = {
    "bidding.bidding-closed": label("投标截止，公布名单"), "opening.hall-opened": label("开标大厅开启"), "opening.decryption-started": label("解密开始"),
    "opening.decryption-extended": label("解密时限延长"), "opening.key-released": label("已解密"), "opening.bid-ruled-on": label("未解密的判定"),
    "opening.bid-contradicts-seal": label("解密内容与封条不符"), "opening.parameters-drawn": label("评标参数抽取"), "opening.bids-read": label("唱标"),
    "opening.record-confirmed": label("确认开标记录"), "opening.opening-ended": label("开标结束"),
}  # fmt: skip
TILES = {"waiting": (label("等待解密"), ""), "decrypted": (label("已解密"), "ok"), "contradicts": (label("与封条不符"), "bad"),
         "revoked": (label("视为撤销"), "bad"), "withdrawn": (label("视为撤回"), "warn"), "read": (label("已唱标"), "ok")}  # fmt: skip


@require_GET
@page(PUBLIC_PAGE)
def hall(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Before the deadline it is a waiting room that names and counts nobody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    state = queries.opening(lot)
    board = queries.board(lot) if bidding.closing(lot) is not None else ()
    dealing = tendering.dealing(lot, actor.organisation) if actor.has("bidder") else None
    own = bidding.bid(dealing.id) if dealing else None
    parts = procedures.parts(lot)
    context: dict[str, Any] = {
        **lot_context(request, lot, "lot-hall"),
        "state": state,
        "board": [{"row": row, "tile": (_(TILES[row.state][0]), TILES[row.state][1])} for row in board],
        "mine": next((row for row in board if dealing and row.dealing == dealing.id), None),
        "own_seal": json.dumps({"bid": str(own.id), "seal": json.loads(own.seal)["seal"]}) if own else "",
        "own_bid": own,
        "signed_in": queries.signed_in(dealing.id) if dealing else None,
        "is_host": "host" in parts and parts["host"][0] == actor.person,
        "host": parties.person(parts["host"][0]) if "host" in parts else None,
        "witness": "witness" in parts,
        "objections": queries.objections(lot),
        "wanted": queries.parameters_to_draw(lot) if board else [],
        "talk": _talk(lot) if board else [],
        "phases": _phases(state, board),
        "counts": {
            "done": sum(row.state in ("decrypted", "read") for row in board), "waiting": sum(row.state == "waiting" for row in board),
        },
        "acts": acts(
            lot, actor, ("opening.sign_in", "签到"), ("opening.start_decryption", "开始解密"), ("opening.extend_decryption", "延长"),
            ("opening.release_key", "解密我方投标文件"), ("opening.rule_on_bid", "判定"), ("opening.draw_parameters", "抽取参数"),
            ("opening.read_bids", "唱标"), ("opening.confirm_record", "确认开标记录"), ("opening.raise_objection", "提出异议"),
            ("opening.answer_objection", "答复"), ("opening.end_opening", "结束开标并签署记录"), ("opening.say", "发送"),
            ("opening.tell_host", "只发给主持人"), ("opening.tell_bidder", "只发给这一家"),
        ) if actor.person else {},
    }  # fmt: skip
    context["private"] = _private(context, lot)
    _rules(context, board)
    context["phone"] = _phone(context, board)
    facts = [_("主持人 %(name)s") % {"name": context["host"].name}] if context["host"] else []
    context["bar"] = {**context["bar"], "stages": [], "facts": [_("不见面开标大厅"), *facts]}
    return render(request, "opening/hall.html", context)


def _private(context: dict[str, Any], lot: UUID) -> list[dict[str, Any]]:
    """Conversations with the host: a bidder its own one alone, the host one with every bidder that has one."""
    if context["is_host"]:
        said = queries.private_words(lot)
        spoke = {one.dealing for one in said}
        rows = [one["row"] for one in context["board"]]
        return [
            {"row": row, "words": [one for one in said if one.dealing == row.dealing]}
            for row in rows if row.dealing in spoke
        ]  # fmt: skip
    if context["mine"] is None:
        return []
    words = queries.private_words(lot, context["mine"].dealing)
    return [{"row": context["mine"], "words": words}] if words else []


def _rules(context: dict[str, Any], board: tuple[queries.BoardRow, ...]) -> None:
    """What the reading act and the end still wait for."""
    state, found = context["state"], context["acts"]
    if state is None or not context["is_host"]:
        return
    if state.phase == "decryption":
        states, wanted, drawn = [row.state for row in board], len(context["wanted"]), len(state.drawn)
        ask_too(found, "opening_read_bids", lambda: rules.may_read(states, wanted, drawn))
    elif state.phase == "objections":
        objections = sum(one.answered_at is None for one in context["objections"])
        unconfirmed = sum(row.confirmed_at is None and row.state == "read" for row in board)
        ends = context["clocks"].get("confirmation_ends")
        ask_too(
            found, "opening_end_opening",
            lambda: rules.may_end(objections, unconfirmed, clock.now(), ends.due if ends else None),
        )  # fmt: skip


def _phone(context: dict[str, Any], board: tuple[queries.BoardRow, ...]) -> dict[str, Any]:
    """The one large button of a phone: what this person can do now, until when; empty when there is nothing."""
    state, mine, clocks, possible = context["state"], context["mine"], context["clocks"], context["acts"]
    phase = state.phase if state else ""
    steps = [
        (
            "opening_sign_in",
            "sign-in",
            "check",
            "bid_deadline",
            not board and context["own_bid"] and not context["signed_in"],
        ),
        (
            "opening_release_key",
            "release",
            "key",
            "decryption_ends",
            mine and mine.state == "waiting" and phase == "decryption",
        ),
        (
            "opening_confirm_record",
            "confirm",
            "sign",
            "confirmation_ends",
            mine and phase == "objections" and not mine.confirmed_at,
        ),
        ("opening_start_decryption", "start", "key", "", context["is_host"] and phase == "list"),
        ("opening_read_bids", "read", "mic", "", context["is_host"] and phase == "decryption"),
        ("opening_end_opening", "end", "sign", "confirmation_ends", context["is_host"] and phase == "objections"),
    ]
    labels = {"bid_deadline": _("距开标"), "decryption_ends": _("距解密截止"), "confirmation_ends": _("距确认截止")}
    for name, form, icon, timer, wanted in steps:
        act = possible.get(name)
        if wanted and act and act["why"] is None:
            until = clocks[timer].due if timer in clocks else None
            return {"button": act["label"], "form": form, "icon": icon, "until": until, "label": labels.get(timer, "")}
    return {}


def _phases(state: queries.OpeningFacts | None, board: tuple[queries.BoardRow, ...]) -> list[tuple[str, str, str]]:
    """The eight steps with what each has come to."""
    at = 0
    if board:
        at = 2
    if state is not None:
        at = {"list": 1, "decryption": 2, "objections": 5, "ended": 8}.get(state.phase, at)
        if state.phase == "decryption" and board and not any(r.state in ("waiting", "contradicts") for r in board):
            at = 4 if state.drawn else 3
    subs = [""] * 8
    if board:
        subs[0] = _("%(n)d 家已签到") % {"n": sum(r.signed_in_at is not None for r in board)}
        subs[1] = _("%(n)d 家") % {"n": len(board)}
        subs[2] = f"{sum(r.state in ('decrypted', 'read') for r in board)} / {len(board)}"
        subs[6] = _("%(n)d 家已确认") % {"n": sum(r.confirmed_at is not None for r in board)}
    return [(_(label), subs[n], "done" if n < at else "now" if n == at else "next") for n, label in enumerate(STEPS)]


def _talk(lot: UUID) -> list[dict[str, Any]]:
    """What was said and what happened, oldest first, with its place in the log."""
    found: list[dict[str, Any]] = []
    for entry in reading.stream_entries(f"lot:{lot}"):
        event = entry.event
        if isinstance(event, events.WordsSaid):
            found.append({"who": event.speaker, "role": event.role, "text": event.text, "at": entry.at})
        elif isinstance(event, events.HallObjectionRaised):
            found.append({"who": event.bidder_name, "role": "objection", "text": event.text, "at": entry.at})
        elif isinstance(event, events.HallObjectionAnswered):
            found.append({"who": _("主持人"), "role": "host", "text": event.text, "at": entry.at})
        elif entry.kind in SAID:
            name = getattr(event, "bidder_name", "")
            found.append(
                {"system": f"{name} {_(SAID[entry.kind])}".strip(), "at": entry.at, "position": entry.position}
            )
    return found
