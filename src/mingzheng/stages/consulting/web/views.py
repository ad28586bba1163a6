"""The public page of the desk, the staff's register, and the law library answers cite."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.stages.consulting import library, queries, rules
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import packs


@require_GET
@page(PUBLIC_PAGE)
def consult(request: HttpRequest) -> HttpResponse:
    """Ask, look an answer up by its number, search published answers; who is logged in sees the own questions."""
    actor = request.actor  # type: ignore[attr-defined]
    number, words = request.GET.get("number", "")[:40], request.GET.get("q", "")[:80]
    chosen = request.GET.get("category", "")
    context = {
        "categories": [(key, _(label)) for key, label in rules.CATEGORIES.items()], "category": chosen,
        "number": number, "found": queries.by_number(number) if number else None, "q": words,
        "published": queries.published(words)[:20], "mine": queries.mine(actor.person) if actor.person else [],
        "procedure": request.GET.get("procedure", ""), "days": rules.ANSWER_DAYS,
        "phone": settings.MINGZHENG_COMPLAINT_PHONE, "mailbox": settings.MINGZHENG_COMPLAINT_MAILBOX,
    }  # fmt: skip
    return render(request, "consulting/consult.html", context)


@require_GET
@page({"centre_staff", "supervisor"})
def consultations(request: HttpRequest) -> HttpResponse:
    """The register: searched, counted by channel, with the overdue ones this person is responsible for on top."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    rows = queries.register(
        request.GET.get("q", "")[:80], state=request.GET.get("state", ""), category=request.GET.get("category", ""),
        queue=request.GET.get("queue", ""),
    )  # fmt: skip
    wanted = request.GET.get("procedure", "")
    if wanted:
        rows = [one for one in rows if str(one.procedure) == wanted]
    context: dict[str, Any] = {
        "rows": [{"question": one, "overdue": one.overdue(at)} for one in rows[:100]], "q": request.GET.get("q", ""),
        "counts": [(_(label), queries.count_by_channel()[key]) for key, label in rules.CHANNELS.items()],
        "overdue": queries.overdue(actor.person, at), "staff": parties.people_with("centre_staff"),
        "categories": [(key, _(label)) for key, label in rules.CATEGORIES.items()],
        "channels": [(key, _(label)) for key, label in rules.CHANNELS.items() if key != "online"],
        "laws": [(key, law.title) for key, law in packs.laws().items()], "works": actor.has("centre_staff"),
    }  # fmt: skip
    return render(request, "consulting/register.html", context)


@require_GET
@page(PUBLIC_PAGE)
def laws(request: HttpRequest) -> HttpResponse:
    """The law library: what the rules of this platform cite, searched in full; `law` opens one."""
    words, wanted = request.GET.get("q", "")[:80], request.GET.get("law", "")
    articles = library.search(words) if words else []
    shown = packs.laws().get(wanted)
    context = {
        "q": words, "articles": articles, "laws": list(packs.laws().values()), "shown": shown,
        "rules": library.of_law(wanted) if shown else [],
    }  # fmt: skip
    return render(request, "consulting/laws.html", context)
