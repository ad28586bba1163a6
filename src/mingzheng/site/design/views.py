"""The component gallery: what a page is made of, in every state, from the real partials."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.site.design.samples import samples


@require_GET
@page(PUBLIC_PAGE)
def design(request: HttpRequest) -> HttpResponse:
    """Every component; `?language=en` shows it in English, `?theme=screen` on the big screen's colours."""
    wanted = request.GET.get("language", "")
    with translation.override(wanted if translation.check_for_language(wanted or "?") else translation.get_language()):
        return render(request, "design.html", {**samples(clock.now()), "theme": request.GET.get("theme", "")})
