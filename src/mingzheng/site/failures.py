"""Error pages: plain, bilingual, without any detail."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from mingzheng.kernel.actor import PUBLIC
from mingzheng.site.answers import wants_json


def _page(request: HttpRequest, status: int) -> HttpResponse:
    if not hasattr(request, "actor"):
        request.actor = PUBLIC  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(
            {"refused": f"http.{status}", "what": "", "todo": "", "source": "", "needs": []}, status=status
        )
    return render(request, f"errors/{status}.html", status=status)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)
