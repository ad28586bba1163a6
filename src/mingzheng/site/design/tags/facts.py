"""Tags that show facts: chips, evidence badges, times, money, key-value sheets, timelines, notes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from mingzheng.kernel import clock, money
from mingzheng.site.design import wording
from mingzheng.site.design.tags.library import icon, pick, register, tone_of


@register.simple_tag(name="chip")
def chip(text: object, tone: str = "", icon_name: str = "", *, live: bool = False, line: bool = False) -> SafeString:
    """The state of a thing in one word: `{% chip "已递交" "ok" "check" %}`, `{% chip "唱标" "info" live=True %}`."""
    return format_html(
        '<span class="chip{}{}"{}>{}{}</span>',
        " chip--live" if live else "",
        " chip--line" if line else "",
        format_html(' data-tone="{}"', tone_of(tone)) if tone else "",
        icon(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag(name="ev")
def ev(position: int | None, at: datetime | None = None, href: str = "", *, label: bool = False) -> SafeString:
    """Evidence badge of a fact in the ledger: `{% ev 48213907 entry.at %}`. Without a position yet: `入账中`."""
    if position is None:
        return format_html('<span class="ev ev--wait">{}{}</span>', icon("seal"), _("入账中"))
    number = f"{position:,}"
    return format_html(
        '<a class="ev" href="{}" data-proof="{}" title="{}">{}{}{}{}</a>',
        href or f"/proof/{position}",
        position,
        _("账本位置 {n}，查看证明").format(n=number),
        icon("seal"),
        number,
        format_html(" <time>{}</time>", wording.moment(at, "clock")) if at else "",
        format_html("<i>{}</i>", _("查看证明")) if label else "",
    )


@register.simple_tag(name="when")
def when(value: datetime | date | None, style: str = "") -> SafeString:
    """A moment, absolute: `{% when lot.deadline %}`; styles full short time clock date day until until-short."""
    if value is None:
        return SafeString("—")
    exact = value.isoformat()
    return format_html('<time datetime="{}">{}</time>', exact, wording.moment(value, style))


@register.simple_tag(name="left")
def left(until: datetime | None, label: str = "", *, big: bool = False) -> SafeString:
    """Time left until a moment; counts down in the browser: `{% left lot.deadline "还剩" %}`. `big` gives `37:42`."""
    if until is None:
        return SafeString("—")
    seconds = (until - clock.now()).total_seconds()
    tone = wording.urgency(seconds)
    return format_html(
        '{}<span class="left" data-until="{}"{}{} title="{}">{}</span>',
        format_html('<span class="hint">{}</span> ', label) if label else "",
        until.isoformat(),
        SafeString(' data-form="digits"') if big else "",
        format_html(' data-tone="{}"', tone) if tone else "",
        wording.moment(until, "full"),
        wording.span(seconds),
    )


@register.inclusion_tag("components/clock.html", name="clock")
def clock_tag(size: str = "") -> dict[str, Any]:
    """The server's clock; size s, l or none. Runs in the browser from the page's `mz-now`."""
    at = clock.now()
    return {
        "at": at,
        "time": wording.moment(at, "clock"),
        "day": wording.moment(at, "date"),
        "weekday": wording.weekday(at),
        "size": size,
    }


@register.simple_tag(name="money")
def money_tag(amount: Decimal | str | None, unit: str = "元") -> SafeString:
    """`12,345,678.90 元`; `unit=""` in columns whose head names the unit."""
    if amount is None or amount == "":
        return SafeString("—")
    text = money.text(money.yuan(amount, negative=True))
    return format_html('<span class="nowrap">{}{}</span>', text, f" {_(unit)}" if unit else "")


@register.filter(name="money")
def money_filter(amount: Decimal | str | None) -> str:
    """`12,345,678.90`"""
    return "—" if amount in (None, "") else money.text(money.yuan(amount or 0, negative=True))


@register.simple_tag(name="capital")
def capital_tag(amount: Decimal | str | None) -> str:
    """The amount in capital characters as papers write it: 壹仟贰佰元整."""
    return "—" if amount in (None, "") else money.capital(money.yuan(amount or 0, negative=True))


@register.filter
def grouped(number: int | None) -> str:
    """48,214,006"""
    return "—" if number is None else f"{number:,}"


register.filter("capital", capital_tag)
register.filter("filesize", wording.size)


@register.inclusion_tag("components/kv.html", name="kv")
def kv(rows: Iterable[Any], *, panel: bool = False, num: bool = False) -> dict[str, Any]:
    """Facts about one thing, nine at most. A row is (label, value), (label, value, sub) or a mapping label, value, sub, position."""
    return {"rows": [_row(row) for row in rows], "panel": panel, "num": num}


def _row(row: Any) -> dict[str, Any]:
    if isinstance(row, list | tuple):
        return {"label": row[0], "value": row[1], "sub": row[2] if len(row) > 2 else "", "position": None}
    return {key: pick(row, key) for key in ("label", "value", "sub", "position", "at", "href")}


@register.inclusion_tag("components/timeline.html", name="timeline")
def timeline(items: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first. An item: at, title, text, state (done now next halt), position, href."""
    wanted = ("at", "title", "text", "position", "href")
    shown = [
        {**{key: pick(item, key) for key in wanted}, "state": pick(item, "state", default="done")} for item in items
    ]
    return {"items": shown}


UNITS = (gettext_noop("元"), gettext_noop("万元"))  # the units that {% money %} translates

_NOTE_ICONS = {"ok": "check", "warn": "alert", "bad": "alert", "mute": "info", "": "info", "info": "info"}


def _between(title: str, text: str) -> str:
    """What stands between a note's title and its text: a colon unless the title ends a sentence or the text goes on."""
    english = get_language() == "en"
    if not title[-1].isalnum() or (english and text[0].islower()):
        return " " if english else ""
    return ": " if english else "："


@register.inclusion_tag("components/note.html", name="note")
def note(
    tone: str, title: object = "", text: object = "", icon: str = "", href: str = "", link: str = ""
) -> dict[str, Any]:
    """What to read before acting: `{% note "warn" "10:04:00 前未解密" "，视为撤销投标文件。" %}`."""
    known = "" if tone == "info" else tone_of(tone)
    if title and text and str(text)[0].isalnum():
        text = format_html("{}{}", _between(str(title), str(text)), text)
    return {"tone": known, "title": title, "text": text, "icon": icon or _NOTE_ICONS[tone], "href": href, "link": link}


@register.inclusion_tag("components/empty.html", name="empty")
def empty(text: str, hint: str = "", href: str = "", link: str = "") -> dict[str, Any]:
    """Nothing here yet, and the way to change that."""
    return {"text": text, "hint": hint, "href": href, "link": link}


@register.inclusion_tag("components/sealed.html", name="sealed")
def sealed(sentence: str, title: str = "", source: str = "") -> dict[str, Any]:
    """A sealed surface with the one sentence on who can see it when. Never a value, a length or a number."""
    return {"sentence": sentence, "title": title, "source": source}


@register.inclusion_tag("components/progress.html", name="progress")
def progress(
    value: float | None, most: float = 100, label: str = "", tone: str = "", *, thick: bool = False
) -> dict[str, Any]:
    """A bar; without a value it is under way without a known end."""
    return {"value": value, "max": most, "label": label, "tone": tone_of(tone), "thick": thick}
