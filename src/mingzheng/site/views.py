"""The site's own small views: health, language, and the demo clock."""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from mingzheng.kernel import clock, ports
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT, NOT_FOUND, refusal
from mingzheng.site import deployment_clock
from mingzheng.site.demo.progress import demo_is_loading
from mingzheng.stages.parties import queries as parties

NOT_YET = refusal(
    "clock.still-loading",
    what="演示中心还在办理过去一年的交易，时钟归它用。",
    todo="请等横幅上的进度走完，再快进。",
    status=409,
    evidence=False,
)


@require_GET
@page(PUBLIC_PAGE)
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return JsonResponse({"ok": True, "now": clock.text(clock.now())})


def _back(request: HttpRequest) -> str:
    target = request.POST.get("_next") or request.headers.get("Referer") or "/"
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "/"


@require_POST
@page(PUBLIC_PAGE)
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language in a cookie."""
    chosen = request.POST.get("language", "zh-hans")
    response = redirect(_back(request))
    if check_for_language(chosen):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31536000, samesite="Lax")
    return response


@require_POST
@page(PUBLIC_PAGE)
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Jump the demo's clock forwards: `to` (a time) or `rate`. The address does not exist with production settings."""
    if not settings.SIMULATED:
        raise NOT_FOUND()
    try:
        to = datetime.fromisoformat(request.POST["to"]) if request.POST.get("to") else None
        rate = float(request.POST["rate"]) if request.POST.get("rate") else None
    except ValueError:
        raise BAD_INPUT(field="to", problem="格式不对") from None
    if to is not None and to.tzinfo is None:
        to = to.replace(tzinfo=clock.UTC8)
    if demo_is_loading():
        raise NOT_YET()
    if rate is not None and not 0.1 <= rate <= 10_000:
        raise BAD_INPUT(field="rate", problem="0.1 至 10000")
    now = deployment_clock.jump(to, rate)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"now": clock.text(now)})
    return redirect(_back(request))


def _paid(number: str) -> bool:
    """Whether the payment of this number was made already: a payer whose answer was lost asks again."""
    return bool(number) and any(one.remark == number for one in ports.get("bank").incoming(0))


@require_POST
@page({"bidder"})
def demo_pay(request: HttpRequest) -> HttpResponse:
    """The demo bank: a transfer or a guarantee from the acting bidder's own account. Does not exist in production."""
    if not settings.SIMULATED:
        raise NOT_FOUND()
    actor, bank = request.actor, ports.get("bank")  # type: ignore[attr-defined]
    payer = parties.organisation(actor.organisation)
    try:
        amount = Decimal(request.POST.get("amount", "").replace(",", ""))
        if request.POST.get("guarantee"):
            until = clock.now() + timedelta(days=int(request.POST.get("days", "365")))
            bank.issue_guarantee(
                number=request.POST["guarantee"],
                issuer=request.POST.get("issuer", "云州银行"),
                amount=amount,
                valid_until=until,
            )
        elif not _paid(request.POST.get("number", "")):
            bank.pay(
                account=request.POST["account"], payer_name=payer.name, remark=request.POST.get("number", ""),
                payer_account=request.POST.get("payer_account") or f"6222{payer.id.int % 10**12:012d}", amount=amount,
            )  # fmt: skip
    except (KeyError, ValueError, InvalidOperation):
        raise BAD_INPUT(field="amount", problem="格式不对") from None
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"ok": True})
    return redirect(_back(request))
