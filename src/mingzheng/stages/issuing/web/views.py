"""Handing out papers: sealed ones as they are; one still waiting says so and shows its text on request."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock, ports
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND
from mingzheng.stages.issuing import queries
from mingzheng.stages.procedures.rules import NO_SUCH_LOT


def _readable(request: HttpRequest, document: UUID) -> queries.Issued:
    paper = queries.issued(document)
    if not queries.may_read(paper, request.actor, clock.now()):  # type: ignore[attr-defined]
        raise NO_SUCH_LOT()  # as for an id nobody has: whether there is such a paper tells too much
    return paper


@require_GET
@page(PUBLIC_PAGE)
def document(request: HttpRequest, document: UUID) -> HttpResponseBase:
    """A paper as PDF: public ones for everybody, others for the owner, the addressee and supervision."""
    paper = _readable(request, document)
    if paper.waiting and "unsealed" not in request.GET:
        answer = render(request, "issuing/waiting.html", {"paper": paper}, status=202)
        answer.headers["Retry-After"] = "5"
        return answer
    response = FileResponse(ports.get("store").open(paper.object), content_type="application/pdf")
    response.headers["Content-Disposition"] = "inline"
    return response


@require_GET
@page(PUBLIC_PAGE)
def signature(request: HttpRequest, document: UUID) -> HttpResponse:
    """The SM2 signature that lies beside a sealed paper (GM-1 only)."""
    paper = _readable(request, document)
    if not paper.signature:
        raise NOT_FOUND()
    response = HttpResponse(paper.signature, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{document}.sm2.sig"'
    return response
