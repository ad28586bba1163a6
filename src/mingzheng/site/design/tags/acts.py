"""Tags with which people act: buttons that explain themselves, forms that keep their input, dialogs, refusals."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingzheng.site.answers import sentence
from mingzheng.site.design.tags.library import pick, register, tone_of


@register.simple_tag(name="nonce")
def nonce() -> SafeString:
    """The idempotency key of a form: a double click, a reload and a repeat after a lost network all send the same one."""
    return format_html('<input type="hidden" name="_nonce" value="{}">', secrets.token_hex(16))


@register.simple_block_tag(name="actform", end_name="endactform", takes_context=True)
def actform(
    context: Any,
    content: str,
    act: str,
    next: str = "",
    confirm: str = "",
    id: str = "",
    done: str = "",
    cls: str = "form",
    *,
    binds: bool = False,
    upload: bool = False,
) -> SafeString:
    """A form that does one act: `{% actform "bidding.withdraw_bid" binds=True confirm="withdraw" next=url %}…{% endactform %}`.

    Renders the address, the CSRF token and the nonce. `binds` signs in the browser, `confirm` names a dialog that is
    asked first, `next` is where to go on success (else the page's live regions are redrawn), `done` the toast's text.
    """
    request = context.get("request")
    return format_html(
        '<form method="post" action="/act/{}" data-act="{}"{}{}{}{}{}{} class="{}">{}{}{}{}</form>',
        act,
        act,
        SafeString(" data-binds") if binds else "",
        format_html(' data-next="{}"', next) if next else "",
        format_html(' data-confirm="{}"', confirm) if confirm else "",
        format_html(' data-done="{}"', done) if done else "",
        format_html(' id="{}"', id) if id else "",
        SafeString(' enctype="multipart/form-data"') if upload else "",
        cls,
        format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
        if request
        else "",
        nonce(),
        format_html('<input type="hidden" name="_next" value="{}">', next) if next else "",
        SafeString(content),
    )


def _said(text: Any) -> Any:
    """In the language of the page; gettext("") would be the catalogue's own head."""
    return _(text) if isinstance(text, str) and text else text


def _need(need: Any) -> dict[str, Any]:
    return {
        "text": _said(pick(need, "what", "text", default="")),
        "met": bool(pick(need, "met", default=False)),
        "who": _said(pick(need, "who", default="")),
        "until": pick(need, "until", default=""),
        "href": pick(need, "href", default=""),
    }


def why_of(refused: Any) -> dict[str, Any]:
    """A refusal as the needs dialog shows it, from `Refused`, a mapping, or a plain sentence."""
    if isinstance(refused, str):
        return {"what": refused, "todo": "", "source": "", "code": "", "needs": []}
    kind = pick(refused, "kind", default=refused)
    facts = pick(refused, "facts", default={}) or {}
    facts = facts if isinstance(facts, dict) else {}

    def said(key: str) -> str:
        text = pick(kind, key, default="")
        return sentence(text, facts)

    return {
        "what": said("what"),
        "todo": said("todo"),
        "source": pick(kind, "source", default=""),
        "code": pick(refused, "code", default=""),
        "needs": [_need(need) for need in pick(refused, "needs", default=())],
    }


@register.inclusion_tag("components/button.html", name="button")
def button(
    act: Any,
    label: str = "",
    tone: str = "",
    icon: str = "",
    href: str = "",
    size: str = "",
    form: str = "",
    why: Any = None,
    *,
    wide: bool = False,
) -> dict[str, Any]:
    """One act. `act` is an object of `queries.acts` (label, name, href, why or needs) or the label itself.

    Possible: a link (with `href`) or the submit button of `form` / of the form it stands in. Not possible (`why`: a
    `Refused`, mapping or sentence): the button looks disabled and "为什么不能？" opens the conditions.
    Tones: main, danger, quiet or none. Sizes: s, l or none.
    """
    plain = isinstance(act, str)
    why = why if why is not None else (None if plain else pick(act, "why", "refused"))
    return {
        "label": label or (act if plain else pick(act, "label", default="")),
        "tone": tone or ("" if plain else pick(act, "tone", default="")),
        "icon": icon or ("" if plain else pick(act, "icon", default="")),
        "href": href or ("" if plain else pick(act, "href", default="")),
        "size": size,
        "form": form,
        "wide": wide,
        "why": why_of(why) if why else None,
        "id": f"why-{secrets.token_hex(4)}",
    }


@register.inclusion_tag("components/refusal.html", name="refusal")
def refusal(refused: Any, *, kept: bool = False) -> dict[str, Any]:
    """A refusal in the page (without JavaScript, or on a page of its own). `kept` says that the input is still there."""
    return {"why": why_of(refused), "kept": kept}


@register.simple_block_tag(name="dialog", end_name="enddialog")
def dialog(
    content: str,
    id: str,
    title: str,
    hint: str = "",
    confirm: str = "",
    cancel: str = "",
    source: str = "",
    icon: str = "alert",
    *,
    danger: bool = False,
    open: bool = False,
) -> SafeString:
    """A dialog; with `confirm` the question before an act (`data-confirm` of its form names the dialog's id).

    The body lists the consequences: `<ul class="needs">` or `{% needs rows %}`.
    """
    from django.template.loader import render_to_string

    filled = {"id": id, "title": title, "hint": hint, "confirm": confirm, "cancel": cancel, "source": source}
    return SafeString(
        render_to_string(
            "components/dialog.html",
            {**filled, "icon": icon, "danger": danger, "open": open, "content": SafeString(content)},
        )
    )


@register.inclusion_tag("components/needs.html", name="needs")
def needs(rows: Iterable[Any]) -> dict[str, Any]:
    """Conditions or consequences: `Need` objects, mappings, or (text, met) pairs."""
    return {
        "needs": [
            _need({"what": row[0], "met": row[1]}) if isinstance(row, tuple | list) else _need(row) for row in rows
        ]
    }


_TYPES: dict[str, dict[str, Any]] = {
    "int": {"inputmode": "numeric", "data": "int", "num": True},
    "decimal": {"inputmode": "decimal", "data": "decimal", "num": True},
    "money": {"inputmode": "decimal", "data": "decimal", "num": True},
    "date": {"data": "date", "type": "date"},
    "datetime": {"data": "datetime", "type": "datetime-local"},
    "json": {"data": "json"},
}


@register.inclusion_tag("components/field.html", name="field")
def field(
    name: str, label: str, type: str = "text", value: Any = "", error: str = "", hint: str = "", unit: str = "", options: Any = (), rows: int = 0, placeholder: str = "", accept: str = "",
    *, required: bool = False, readonly: bool = False, multiple: bool = False, id: str = "", autocomplete: str = "", maxlength: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """Label, input, error, hint; keeps its value. Types: text int decimal money date datetime json password file email tel
    textarea select radio check hidden. `options`: (value, label) pairs or plain values."""
    known = _TYPES.get(type, {})
    if unit:
        label = f"{label} ({_(unit)})" if get_language() == "en" else f"{label}（{unit}）"
    choices = [(option if isinstance(option, tuple | list) else (option, option)) for option in options]
    chosen = {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}
    return {
        "name": name, "label": label, "kind": type, "value": "" if value is None else value, "error": error, "hint": hint,
        "unit": unit, "rows": rows or 3, "placeholder": placeholder, "accept": accept, "required": required,
        "readonly": readonly, "multiple": multiple, "autocomplete": autocomplete, "maxlength": maxlength,
        "id": id or f"f-{name}", "html_type": known.get("type", type if type not in _TYPES else "text"),
        "inputmode": known.get("inputmode", ""), "data_type": known.get("data", ""), "num": known.get("num", False),
        "options": [{"value": v, "label": text, "chosen": str(v) in chosen} for v, text in choices],
    }  # fmt: skip


@register.simple_tag(name="toned")
def toned(tone: str) -> str:
    """A tone checked: for hand-written `data-tone`."""
    return tone_of(tone)
