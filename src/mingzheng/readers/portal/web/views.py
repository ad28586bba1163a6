"""Public pages."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.readers.portal import models, queries

KINDS: dict[str, str] = {
    "tender_notice": label("招标公告"), "clarification": label("澄清"), "candidate_publicity": label("候选人公示"),
    "result_announcement": label("中标结果"), "termination_notice": label("终止公告"), "failure_notice": label("流标公告"),
    "suspension_notice": label("暂停公告"),
}  # fmt: skip
STATES: dict[str, tuple[str, str]] = {
    "registered": (label("已登记"), "mute"), "announced": (label("等待开标"), "mute"), "closed": (label("已截止"), "info"),
    "opening": (label("开标中"), "info"), "opened": (label("已开标"), "ok"), "evaluation": (label("评标中"), "info"),
    "evaluated": (label("评标完成"), "ok"), "publicity": (label("公示中"), "info"), "awarded": (label("已定标"), "ok"),
    "contracted": (label("已签合同"), "ok"), "archived": (label("已归档"), "ok"), "terminated": (label("已终止"), "bad"), "failed": (label("流标"), "bad"),
}  # fmt: skip


def state(row: models.PortalLot) -> tuple[str, str, bool]:
    """Text, tone and whether it is live."""
    if row.suspended:
        return _("已暂停"), "warn", False
    text, tone = STATES[row.state]
    return _(text), tone, row.state == "opening"


def _opening(row: models.PortalLot) -> dict[str, Any]:
    return {
        "at": row.opening_at, "name": row.name, "lot": f"{row.number:02d} {row.lot_name}", "room": row.place,
        "href": f"/lots/{row.lot}/hall" if row.state in ("closed", "opening", "opened") else f"/lots/{row.lot}",
        "bidders": row.bidders, "state": state(row), "verb": _("观看") if row.state == "opening" else _("详情"),
    }  # fmt: skip


def _notices(papers: list[models.PortalPaper]) -> list[dict[str, Any]]:
    lots = queries.lots({p.lot for p in papers})
    rows = []
    for paper in papers:
        lot = lots.get(paper.lot)
        if lot is None:
            continue
        point = ""
        if paper.kind in ("tender_notice", "clarification") and lot.opening_at:
            point = _("截止 %(at)s") % {"at": f"{lot.opening_at.astimezone(clock.UTC8):%m-%d %H:%M}"}
        elif paper.kind == "candidate_publicity" and lot.publicity_ends:
            point = _("公示至 %(at)s") % {
                "at": f"{lot.publicity_ends.astimezone(clock.UTC8) - timedelta(seconds=1):%m-%d 24:00}"
            }
        rows.append(
            {
                "kind": _(KINDS.get(paper.kind, paper.title)), "title": f"{lot.name} {lot.number:02d} {lot.lot_name}",
                "href": f"/lots/{paper.lot}", "category": _("工程建设"), "point": point, "at": paper.at,
            }
        )  # fmt: skip
    return rows


@require_GET
@page(PUBLIC_PAGE)
def home(request: HttpRequest) -> HttpResponse:
    """Today's openings, latest notices, verification, the month."""
    span, now = request.GET.get("openings", "today"), clock.now()
    start = now + timedelta(days=1) if span == "tomorrow" else now
    rows = queries.openings(start, 7 if span == "week" else 1)
    context = {
        "today_openings": [_opening(row) for row in rows], "openings_span": span if span in ("tomorrow", "week") else "today",
        "latest_notices": _notices(queries.papers(limit=12)), "month": queries.month(now), "plans": queries.plans(5),
        "live_lots": [str(row.lot) for row in rows[:50]],
    }  # fmt: skip
    return render(request, "portal/home.html", context)


def _page(request: HttpRequest) -> int:
    """The page asked for, counted from 1; the first one for what is no such number."""
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1


@require_GET
@page(PUBLIC_PAGE)
def notices(request: HttpRequest) -> HttpResponse:
    """All public papers, newest first, by kind."""
    kind = request.GET.get("kind", "")
    number = _page(request)
    papers = queries.papers((kind,) if kind in KINDS else (), queries.PAGE + 1, (number - 1) * queries.PAGE)
    context = {
        "rows": _notices(papers[: queries.PAGE]), "kinds": [("", _("全部")), *[(k, _(v)) for k, v in KINDS.items()]],
        "kind": kind, "page": number, "more": len(papers) > queries.PAGE, "plans": queries.plans(10),
    }  # fmt: skip
    return render(request, "portal/notices.html", context)


@require_GET
@page(PUBLIC_PAGE)
def openings(request: HttpRequest) -> HttpResponse:
    """Openings of this and the coming weeks."""
    rows = queries.openings(clock.now() - timedelta(days=1), 60)
    return render(request, "portal/openings.html", {"rows": [_opening(row) for row in rows]})


@require_GET
@page(PUBLIC_PAGE)
def results(request: HttpRequest) -> HttpResponse:
    """Lots with candidates or a winner."""
    return _found(request, "results", _("结果公示"))


@require_GET
@page(PUBLIC_PAGE)
def search(request: HttpRequest) -> HttpResponse:
    """By name, number or code."""
    return _found(request, request.GET.get("stage", ""), _("搜索"))


def _found(request: HttpRequest, wanted: str, title: str) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    number = _page(request)
    rows, total = queries.search(words, wanted if wanted in STATES or wanted == "results" else "", number)
    context = {
        "title": title, "q": words, "total": total, "page": number, "pages": -(-total // queries.PAGE) or 1,
        "rows": [{"lot": row, "state": state(row)} for row in rows],
    }  # fmt: skip
    return render(request, "portal/found.html", context)
