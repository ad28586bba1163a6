"""The data table: columns and rows in, a table that becomes cards on phones out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mingzheng.site.design import wording
from mingzheng.site.design.tags import facts
from mingzheng.site.design.tags.library import pick, register

# What a column shows decides its class and how its cell is written.
_CLASS = {
    "num": "num",
    "money": "num",
    "name": "name two",
    "when": "nowrap",
    "code": "code",
    "status": "st",
    "first": "nowrap",
    "ev": "",
    "acts": "num hide-phone",
    "text": "",
}


@register.inclusion_tag("components/table.html", name="table", takes_context=True)
def table(
    context: Any,
    columns: Iterable[Any],
    rows: Sequence[Any] | None,
    empty: str = "",
    state: str = "",
    sort: str = "",
    error: str = "",
    *,
    dense: bool = False,
    cards: bool = True,
) -> dict[str, Any]:
    """A data table.

    Column: "key:标题:kind" or mapping (key, label, kind, phone, sort). Kinds: text, first, name, num, money, when, code,
    status, ev, acts. Phone: "hide" leaves it out, "plain" drops its label. Row: mapping or object with the keys; also
    `href`, `mine`. Cells: name = text or (text, sub) linked by the row's href; status = text or (text, tone);
    ev = position or (position, at); acts = (text, href). State: loading, partial, error; `error` is its sentence.
    """
    heads = [_column(column) for column in columns]
    request = context.get("request")
    for head in heads:
        if head["sort"]:
            head["href"] = _sort_link(request, head["sort"], sort)
            head["order"] = {head["sort"]: "ascending", f"-{head['sort']}": "descending"}.get(
                sort.split(",")[0] if sort else "", ""
            )
    lines = [
        {"mine": bool(pick(row, "mine")), "cells": [{"head": head, "html": _cell(head, row)} for head in heads]}
        for row in rows or ()
    ]
    return {
        "heads": heads,
        "rows": lines,
        "empty": empty or _("还没有内容。"),
        "state": state,
        "error": error,
        "dense": dense,
        "cards": cards,
        "skeleton": range(3),
    }


def _column(column: Any) -> dict[str, Any]:
    if isinstance(column, str):
        key, label, kind, *rest = [*column.split(":"), "", ""][:4]
        column = {"key": key, "label": label, "kind": kind or "text", "phone": rest[0] if rest else ""}
    kind = column.get("kind") or "text"
    phone = column.get("phone", "")
    css = _CLASS[kind] + (" hide-phone" if phone == "hide" else "")
    named = kind in ("name", "status", "first", "acts") or phone in ("plain", "hide")
    return {
        "key": column["key"],
        "label": column.get("label", ""),
        "kind": kind,
        "css": css.strip(),
        "head_css": " ".join(c for c in css.split() if c in ("num", "hide-phone")),
        "sort": column.get("sort", ""),
        "card": "" if named else column.get("label", ""),
    }


def _sort_link(request: Any, key: str, current: str) -> str:
    query = request.GET.copy() if request else {}
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    return "?" + (query.urlencode() if hasattr(query, "urlencode") else urlencode(query))


def _cell(head: dict[str, Any], row: Any) -> Any:
    value = pick(row, head["key"])
    if isinstance(value, SafeString):
        return value
    if value is None or value == "":
        return "" if head["kind"] == "acts" else "—"
    match head["kind"]:
        case "name":
            text, sub = value if isinstance(value, tuple | list) else (value, "")
            href = pick(row, "href", default="")
            name = (
                format_html('<a class="name" href="{}">{}</a>', href, text)
                if href
                else format_html('<span class="name">{}</span>', text)
            )
            return format_html('{} <span class="sub">{}</span>', name, sub) if sub else name
        case "status":
            text, tone = value if isinstance(value, tuple | list) else (value, "")
            return facts.chip(text, tone)
        case "ev":
            return facts.ev(*value) if isinstance(value, tuple | list) else facts.ev(value)
        case "acts":
            text, href = value
            return format_html('<a href="{}">{}</a>', href, text)
        case "money":
            return facts.money_filter(value)
    if isinstance(value, datetime | date):
        return wording.moment(value, "" if isinstance(value, datetime) else "date")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


@register.inclusion_tag("components/pager.html", name="pager", takes_context=True)
def pager(context: Any, number: int, pages: int, total: int | None = None) -> dict[str, Any]:
    """Pages below a table; keeps the rest of the address."""
    request = context.get("request")

    def link(page: int) -> str:
        query = request.GET.copy() if request else {}
        query["page"] = str(page)
        return "?" + (query.urlencode() if hasattr(query, "urlencode") else urlencode(query))

    return {
        "number": number,
        "pages": pages,
        "total": total,
        "before": link(number - 1) if number > 1 else "",
        "after": link(number + 1) if number < pages else "",
    }
