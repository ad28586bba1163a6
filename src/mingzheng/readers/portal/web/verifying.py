"""The public verification page: a paper's file, its code, or a receipt. Nothing that is uploaded is kept.

A paper that is not public answers exactly like one that does not exist, to whoever may not read it: by code and by file.
"""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label
from django.views.decorators.http import require_GET, require_http_methods

from mingzheng.kernel import clock, digest, ports
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.ledger import verify as verifier
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.procedures import queries as procedures

LARGEST = 2 * 1024 * 1024  # what is larger never lies in memory and is not looked at
#: What a file can be, beside whole: tone, sentence. Keys are `PaperVerdict.problem`.
FAULTS = {
    "not-a-pdf": ("bad", label("这不是 PDF 文件。")),
    "not-sealed": ("warn", label("这份文件没有电子签章。")),
    "several-signatures": ("bad", label("这份文件的签名不是平台文书的样子。")),
    "changed": ("bad", label("这份文件签章之后被改动过，或者已经损坏。")),
    "added-to": ("bad", label("这份文件签章之后又添加了内容。")),
    "no-time-stamp": ("bad", label("签章没有时间戳。")),
    "unknown-issuer": ("bad", label("签章的证书不是由本平台信任的机构签发的。")),
    "busy": ("warn", label("现在核验的人太多，这份文件还没有检查，请稍后再试。")),
    "too-costly": ("bad", label("这份文件太复杂，无法检查。")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page(PUBLIC_PAGE)
def verify(request: HttpRequest) -> HttpResponse:
    """Drop a receipt (judged in the browser), upload a paper, or type the code that stands under its QR code."""
    code = (request.POST if request.method == "POST" else request.GET).get("code", "").strip()[:60]
    given = request.FILES.get("paper") if request.method == "POST" else None
    if given is None and code:
        return redirect("verify-code", code=code.replace("/", ""))
    found = _file(request, given) if given is not None else {}
    if request.method == "POST" and given is None:
        found = {"nothing": True}
    return render(request, "portal/verify.html", found)


@require_GET
@page(PUBLIC_PAGE)
def code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of a paper leads to: the facts of the paper, if it is public or one's own."""
    paper = issuing.by_code(code[:60])
    known = paper is not None and _shown(request, paper)
    context = {"code": code[:60], "unknown": not known, **(_facts(paper) if known and paper else {})}
    return render(request, "portal/verify.html", context, status=200 if known else 404)


@require_GET
@page(PUBLIC_PAGE)
def offline(request: HttpRequest) -> HttpResponseBase:
    """The page that checks receipts without a network, to keep."""
    place = verifier.__file__.replace("verify.py", "static_page/verify-receipt.html")
    return FileResponse(open(place, "rb"), as_attachment=True, filename="verify-receipt.html")


def _shown(request: HttpRequest, paper: issuing.Issued) -> bool:
    return issuing.may_read(paper, request.actor, clock.now())  # type: ignore[attr-defined]


def _facts(paper: issuing.Issued) -> dict[str, Any]:
    lot = procedures.lot(paper.lot)
    return {"paper": paper, "lot": lot, "places": issuing.places(paper)}


def _file(request: HttpRequest, given: Any) -> dict[str, Any]:
    """What is to be said of an uploaded file: by itself, and by the ledger."""
    if (given.size or 0) > LARGEST:
        return {"too_large": True}
    content = given.read()
    digests = [digest.named(name, digest.raw(content, name)) for name in digest.ALGORITHMS]
    paper = issuing.by_digest(*digests)
    if paper is not None and not _shown(request, paper):
        paper = None
    verdict = ports.get("paper_seals").judge(content, ours=paper is not None)
    context: dict[str, Any] = {"file": given.name, "verdict": verdict, "digest": digest.of(content)}
    if paper is None:
        return context | {"sentence": _sentence(verdict.problem)}
    return context | _facts(paper) | {"as_filed": paper.digest not in digests}


def _sentence(problem: str) -> tuple[str, str]:
    if problem.startswith("time-stamp-"):
        return "bad", _("签章的时间戳不可信。")
    tone, text = FAULTS.get(problem, ("warn", ""))
    return tone, _(text) if text else ""
