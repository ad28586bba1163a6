"""How a refusal looks: JSON for programs and enhanced forms, a page for everybody else, always in the reader's language."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import Refused

#: Facts that are words of ours, not of a person: they are translated with the sentence around them.
WORDS = ("cause", "part")


def sentence(msgid: str, facts: dict[str, Any]) -> str:
    """Translate and fill in; a fact that is missing never breaks a refusal."""

    class Facts(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return "—"

    def shown(name: str, value: Any) -> Any:
        if name in WORDS:
            return gettext(str(value))
        if isinstance(value, datetime):
            return value.astimezone(clock.UTC8).strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, Decimal):
            return f"{value:,.2f}"
        return value

    return gettext(msgid).format_map(Facts({k: shown(k, v) for k, v in facts.items()})) if msgid else ""


def as_json(refused: Refused) -> dict[str, Any]:
    """What happened, what to do, by which rule, and what each condition still needs."""
    kind = refused.kind
    return {
        "refused": refused.code,
        "what": sentence(kind.what, refused.facts),
        "todo": sentence(kind.todo, refused.facts),
        "source": kind.source,
        "field": str(refused.facts["field"]) if refused.code == "input.not-understood" else None,
        "needs": [
            {"what": gettext(n.what), "met": n.met, "who": gettext(n.who) if n.who else "", "until": n.until}
            for n in refused.needs
        ],
    }


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/act/", "/api/", "/upload")) or "application/json" in request.headers.get(
        "Accept", ""
    )


def refusal_answer(request: HttpRequest, refused: Refused) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(as_json(refused), status=refused.kind.status)
    if refused.code == "access.login-first" and request.method == "GET":
        return redirect(f"/login?{urlencode({'next': request.get_full_path()})}")
    return render(request, "refused.html", {"refused": as_json(refused)}, status=refused.kind.status)
