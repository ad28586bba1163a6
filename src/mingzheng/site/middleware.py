"""What happens to every request: security headers, who acts, and refusals become answers."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware, sync_only_middleware

from mingzheng.kernel import clock
from mingzheng.kernel.actor import PUBLIC
from mingzheng.kernel.page import allowed
from mingzheng.kernel.refusal import Refused
from mingzheng.site import failures, limits
from mingzheng.site.answers import refusal_answer
from mingzheng.stages.parties.web import sessions
from mingzheng.stages.procedures import queries as procedures

Answer = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


def policy(agent: int) -> str:
    """What pages may load and speak to. `agent` is the port of a person's own signing agent, 0 for none: the one address
    outside the platform, on the person's own machine, that our scripts may ask (docs/formats/signing-agent.md)."""
    own = f" http://127.0.0.1:{agent}" if agent else ""
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'{own}; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


POLICY = policy(settings.MINGZHENG_SIGNING_AGENT)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


@sync_and_async_middleware
def security_headers(get_response: Any) -> Any:
    """No inline script or style, nothing from elsewhere, nothing kept in caches that is not public."""
    import asyncio

    def finish(response: HttpResponseBase) -> HttpResponseBase:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    if asyncio.iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            return finish(await get_response(request))

        return later

    def now(request: HttpRequest) -> HttpResponseBase:
        return finish(get_response(request))

    return now


@sync_only_middleware
def acting_person(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put `request.actor` in place: roles are read afresh, so that a revoked role is gone with the next click."""

    def run(request: HttpRequest) -> HttpResponse:
        request.actor = PUBLIC  # type: ignore[attr-defined]
        session = request.session
        if session.get("person"):
            request.actor = sessions.actor_of(request)  # type: ignore[attr-defined]
        return get_response(request)

    return run


@sync_only_middleware
def limited_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who asks too often is told when to come again, before anything is looked up or rendered for it."""

    def run(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):  # no text anywhere has one
            return failures.bad_request(request)
        actor, address = request.actor, str(request.META.get("REMOTE_ADDR", ""))  # type: ignore[attr-defined]
        seconds = limits.wait(request.method or "GET", request.path, actor, address)
        return failures.too_many(request, seconds) if seconds else get_response(request)

    return run


class refusals_become_answers:  # noqa: N801 - a middleware is named like the functions beside it
    """A `Refused` that leaves a view is an answer, not an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, given: Any, named: dict[str, Any]) -> HttpResponse | None:
        """What somebody may not know of is answered like what there is not, whatever the page; its roles come first."""
        page, actor = getattr(view, "page", None), request.actor  # type: ignore[attr-defined]
        if page is None or not allowed(page.roles, actor.roles):
            return None  # the page itself refuses
        try:
            if "lot" in named:
                procedures.require_known_lot(named["lot"], actor, clock.now())
            elif "procedure" in named:
                procedures.require_known_procedure(named["procedure"], actor, clock.now())
        except (Refused, OperationalError, InterfaceError) as refused:
            return self.process_exception(request, refused)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refusal_answer(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            return failures.unavailable(request)
        return None
