"""Tags for the frame of a page: identity bar, stage rail, phases, steps, tabs, panels, banners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mingzheng.kernel import clock
from mingzheng.site.design import roles
from mingzheng.site.design.tags.library import icon, pick, register, tone_of


@register.inclusion_tag("components/idbar.html", name="idbar", takes_context=True)
def idbar(context: Any, procedure: Any, lot: Any = None, acts: object = None) -> dict[str, Any]:
    """Identity bar on top of every page of a procedure.

    `procedure`: name, code, kind (label), href, lots, stages (see rail), state (text or (text, tone)), deadline,
    deadline_label, facts (short texts), hold (see banner). `lot`: the current one, with number, name, href; the switch
    shows when there are several. `acts` replaces the clock at the right end. On a page that lives by its lots' events
    the bar is drawn again with them.
    """
    lots = list(pick(procedure, "lots", default=()))
    current = str(pick(lot, "id", "lot", "number", default="")) if lot is not None else ""
    shown = [
        {
            "number": pick(one, "number", default=""),
            "name": pick(one, "name", default=""),
            "href": pick(one, "href", default="#"),
            "current": pick(one, "current", default=str(pick(one, "id", "lot", "number", default="-")) == current),
        }
        for one in lots
    ]
    state = pick(lot, "state", default=None) if lot is not None else None
    state = state or pick(procedure, "state", default="")
    text, tone = state if isinstance(state, tuple | list) else (state, "info")
    hold = pick(procedure, "hold")
    return {
        "procedure": procedure,
        "live": bool(context.get("live_lots")),
        "name": pick(procedure, "name", "title", default=""),
        "code": pick(procedure, "code", "number", default=""),
        "kind": pick(procedure, "kind_label", "kind", default=""),
        "lots": shown,
        "state": {"text": text, "tone": tone} if text else None,
        "deadline": pick(lot, "deadline", default=None) if lot is not None else pick(procedure, "deadline"),
        "deadline_label": pick(procedure, "deadline_label", default=_("投标截止")),
        "facts": list(pick(procedure, "facts", default=())),
        "stages": rail(pick(procedure, "stages", default=()))["stages"],
        "hold": banner(**hold) if isinstance(hold, dict) else None,
        "acts": acts,
        "request": context.get("request"),
    }


@register.inclusion_tag("components/rail.html", name="rail")
def rail(stages: Iterable[Any]) -> dict[str, Any]:
    """The stages of a procedure with their dates. A stage: label, at (moment or text), state (done, now, next)."""
    shown = []
    for stage in stages:
        label, at, state = (
            stage if isinstance(stage, tuple | list) else (pick(stage, k) for k in ("label", "at", "state"))
        )
        shown.append({"label": label, "at": at, "plain": isinstance(at, str), "state": state or "next"})
    return {"stages": shown}


@register.inclusion_tag("components/phases.html", name="phases")
def phases(phases: Iterable[Any], now: str = "") -> dict[str, Any]:
    """Steps of a live meeting. A phase: (label, sub, state) or a mapping. `now` is the line phones show."""
    shown = []
    for number, phase in enumerate(phases, 1):
        label, sub, state = (
            phase if isinstance(phase, tuple | list) else (pick(phase, k) for k in ("label", "sub", "state"))
        )
        shown.append({"number": number, "label": label, "sub": sub or "", "state": state or "next"})
    current = next((p for p in shown if p["state"] == "now"), None)
    if not now and current:
        now = f"{current['number']} / {len(shown)} {current['label']}" + (
            f"，{current['sub']}" if current["sub"] else ""
        )
    return {"phases": shown, "now": now}


@register.inclusion_tag("components/steps.html", name="steps")
def steps(steps: Iterable[Any]) -> dict[str, Any]:
    """A person's own form in steps: (label, state) pairs, state done, now or next."""
    return {"steps": [{"number": n, "label": label, "state": state} for n, (label, state) in enumerate(steps, 1)]}


def _links(items: Iterable[Any]) -> SafeString:
    rows = []
    for item in items:
        label, href, *rest = (
            item
            if isinstance(item, tuple | list)
            else (item["label"], item["href"], item.get("current"), item.get("count"))
        )
        current, count = [*rest, None, None][:2]
        rows.append(
            (
                href,
                SafeString(' aria-current="true"') if current else "",
                label,
                format_html(' <span class="count">{}</span>', count) if count is not None else "",
            )
        )
    return format_html_join("", '<a href="{}"{}>{}{}</a>', rows)


@register.simple_tag(name="tabs")
def tabs(items: Iterable[Any], label: str = "") -> SafeString:
    """Tabs: (label, href, current, count). Inside a `panel__h` or a panel of its own."""
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label or _("内容"), _links(items))


@register.simple_tag(name="seg")
def seg(items: Iterable[Any], label: str = "") -> SafeString:
    """A switch between a few views: (label, href, current)."""
    return format_html('<span class="seg" role="group" aria-label="{}">{}</span>', label or _("切换"), _links(items))


@register.inclusion_tag("components/banner.html", name="banner")
def banner(
    title: str, text: str = "", href: str = "", link: str = "", tone: str = "warn", icon: str = "pause"
) -> dict[str, Any]:
    """Suspension of a procedure or lot: `{% banner "02 标段已暂停" "自 2026-11-18 10:20，因投诉处理。" %}`."""
    return {
        "title": title,
        "text": text,
        "href": href,
        "link": link or _("通知原文"),
        "tone": tone_of(tone),
        "icon": icon,
    }


@register.simple_block_tag(name="panel", end_name="endpanel")
def panel(
    content: str,
    title: str = "",
    hint: str = "",
    count: int | None = None,
    end: str = "",
    id: str = "",
    live: str = "",
    foot: str = "",
    *,
    pad: bool = False,
) -> SafeString:
    """A panel with its heading row. `pad` for anything but tables and lists; `live` (event kinds) with `id` redraws it."""
    head = ""
    if title:
        head = format_html(
            '<div class="panel__h"><h2>{}</h2>{}{}{}</div>',
            title,
            format_html('<span class="count">{}</span>', count) if count is not None else "",
            format_html('<span class="hint">{}</span>', hint) if hint else "",
            format_html('<span class="end">{}</span>', end) if end else "",
        )
    return format_html(
        '<section class="panel"{}{}>{}{}{}</section>',
        format_html(' id="{}"', id) if id else "",
        format_html(' data-live data-live-on="{}"', live) if live else "",
        head,
        format_html('<div class="panel__b stack stack--3">{}</div>', SafeString(content))
        if pad
        else SafeString(content),
        format_html('<div class="panel__f">{}</div>', foot) if foot else "",
    )


@register.simple_tag(name="copyable")
def copyable(text: str) -> SafeString:
    """A code that one click copies: `{% copyable procedure.code %}`."""
    return format_html(
        '<button type="button" class="copy code" data-copy="{}" title="{}">{}{}</button>',
        text,
        _("复制"),
        text,
        icon("copy"),
    )


@register.simple_tag(name="role_label")
def role_label(actor: Any) -> str:
    """The role of the person logged in, in one word."""
    return roles.label(pick(actor, "roles", default=()))


def _next_deadline(at: datetime) -> dict[str, Any] | None:
    from mingzheng.site.design.next_deadline import next_deadline  # needs the database's models, the tags do not

    return next_deadline(at)


EVE = timedelta(minutes=30)


@register.inclusion_tag("frame/demo.html", name="demo_bar", takes_context=True)
def demo_bar(context: Any) -> dict[str, Any]:
    """The banner of deployments whose clock may jump; its first button goes to the next deadline."""
    at = clock.now()
    jumps = [
        (_("快进 10 分钟"), timedelta(minutes=10)),
        (_("快进 1 小时"), timedelta(hours=1)),
        (_("快进 1 天"), timedelta(days=1)),
    ]
    following = context["demo_next"] if "demo_next" in context else _next_deadline(at)
    if following and following["at"] - at > EVE:  # what must be done just before a deadline can be played too
        jumps.insert(0, (_("时限前 30 分钟"), following["at"] - at - EVE))
    rate = float(context.get("mz_rate") or 1)
    return {
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
        "mode": context.get("mode"),
        "at": at,
        "following": following,
        "jumps": [{"label": label, "to": (at + step).isoformat()} for label, step in jumps],
        "rate": _("{n} 倍速").format(n=f"{rate:g}") if rate != 1 else "",
        "running_fast": rate != 1,
    }
