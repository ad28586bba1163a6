"""Pages everybody reads: notice and documents, questions and clarifications; with what a bidder or the owner may do."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import NOT_FOUND
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import kinds
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context
from mingzheng.stages.tendering import checks, models, papers, queries
from mingzheng.stages.tendering.web.evidence import Place, places

MEDIA_STATES = {
    "queued": (label("发送中"), "info"),
    "received": (label("已发布"), "ok"),
    "refused": (label("未予发布"), "bad"),
    "differs": (label("内容不一致"), "bad"),
}
BIDDER_ACTS = (
    ("tendering.enrol", label("登记参加")),
    ("tendering.download_document", label("下载")),
    ("tendering.ask_question", label("提交问题")),
)
OWNER_ACTS = (
    ("tendering.publish_clarification", label("签名并发布澄清")), ("tendering.postpone_deadline", label("签名并延期")),
    ("tendering.send_again", label("重新发送")),
)  # fmt: skip
STAFF_ACTS = (
    ("tendering.report_unready", label("报告不能按时开标")), ("tendering.note_guidance", label("记录")),
    ("tendering.send_again", label("重新发送")),
)  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _context(request: HttpRequest, lot: UUID, current: str) -> dict[str, Any]:
    """What both pages need: the lot's frame, the documents in force, whose page it is, what can be done."""
    actor, at = actor_of(request), clock.now()
    frame = lot_context(request, lot, current)
    published = models.Tender.objects.filter(pk=lot).exists()
    mine = procedures.owns(frame["lot"], actor, at)
    bidder = actor.has("bidder")
    wanted = (
        (BIDDER_ACTS if bidder else ())
        + (OWNER_ACTS if mine else ())
        + (STAFF_ACTS if actor.has("centre_staff") else ())
    )
    return {
        **frame, "mine": mine, "bidder": bidder, "staff": actor.has("centre_staff"),
        "tender": queries.tender(lot) if published else None,
        "dealing": queries.dealing(lot, actor.organisation) if bidder else None,
        "acts": acts(lot, actor, *wanted),
    }  # fmt: skip


@require_GET
@page(PUBLIC_PAGE)
def tender(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Notice, documents, timetable, method, statutory media (RG-6.2-2); enrolment for bidders, steering for the owner."""
    context = _context(request, lot, "lot-tender")
    if context["tender"] is None:
        return render(request, "tendering/unpublished.html", context)
    found, facts, known = context["tender"], context["lot"], places(lot)
    files = procedures.documents(lot, public_only=True)
    context |= {
        "notice_place": known.get("notice", Place(None, found.published_at)),
        "sheet": _sheet(facts, found),
        "timetable": _timetable(context["clocks"]),
        "files": [{"paper": one, "place": known.get(f"document:{one.id}"), "current": _current(found, one)} for one in files],
        "factors": [(one, papers.KINDS[one.kind]) for one in found.criteria],
        "formula": found.benchmark.get("text", ""),
        "media": _media(lot, known, {one.id: one for one in files}),
        "reports": [one for one in queries.unreadiness(lot=lot) if one["settled_at"] is None]
        if context["mine"] or context["staff"] or actor_of(request).has("supervisor") else [],
    }  # fmt: skip
    return render(request, "tendering/tender.html", context)


def _current(found: queries.TenderFacts, paper: procedures.DocumentFacts) -> bool:
    return paper.id in (found.notice_document, found.tender_document)


def _sheet(lot: procedures.LotFacts, found: queries.TenderFacts) -> list[tuple[str, Any, str]]:
    """The notice in short; amounts and durations as the papers have them."""
    texts = found.fields
    rows = [
        (_("招标人"), parties.organisation(lot.procuring_entity).name, ""),
        (_("代理机构"), parties.organisation(lot.agency).name if lot.agency else "", ""),
        (_("招标范围"), texts.get("scope", ""), ""),
        (_("建设地点"), texts.get("location", ""), ""),
        (_("工期"), _("%(n)s 日历天") % {"n": found.period_days}, ""),
        (_("质量要求"), texts.get("quality", ""), ""),
        (_("评标办法"), _(kinds.METHODS[found.method]), ""),
        (_("投标有效期"), _("%(n)s 日") % {"n": found.bid_validity_days}, _("自投标截止之日起算")),
        (_("开标地点"), found.opening_place, _("开标后 %(n)s 分钟内解密") % {"n": found.decryption_minutes}),
        (_("监督部门"), lot.supervision_department, ""),
        (_("联系方式"), f"{found.notice.get('contact', '')} {found.notice.get('phone', '')}".strip(), ""),
    ]
    return [row for row in rows if row[1]]


def _timetable(known: dict[str, procedures.ClockFacts]) -> list[dict[str, Any]]:
    labels = {
        "documents_until": _("招标文件获取截止"), "question_deadline": _("提问截止"), "bid_deadline": _("投标截止，开标"),
    }  # fmt: skip
    return [{"label": label, "clock": known[name]} for name, label in labels.items() if name in known]


def _media(lot: UUID, known: dict[str, Place], files: dict[UUID, procedures.DocumentFacts]) -> list[dict[str, Any]]:
    return [
        {
            "fact": one, "title": files[one.document].title if one.document in files else "—",
            "state": (_(MEDIA_STATES[one.state][0]), MEDIA_STATES[one.state][1]), "place": known.get(f"media:{one.document}:{one.medium}"),
            "same": bool(one.theirs) and one.theirs == one.ours,
        }
        for one in queries.media(lot)
    ]  # fmt: skip


@require_GET
@page(PUBLIC_PAGE)
def questions(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Clarifications for everybody; the bidder's own questions; for the owner the open ones, without askers."""
    context = _context(request, lot, "lot-questions")
    if context["tender"] is None:
        return render(request, "tendering/unpublished.html", context)
    known, deadline = places(lot), context["clocks"].get("bid_deadline")
    if deadline is None:  # pragma: no cover - a published notice has its clock
        raise NOT_FOUND()
    finding = checks.clarification(context["lot"], at=clock.now(), bid_deadline=deadline.due, affects_bids=True)
    context |= {
        "clarifications": [
            {"fact": one, "place": known.get(f"clarification:{one.id}")} for one in reversed(queries.clarifications(lot))
        ],
        "open": queries.questions(lot, answered=False) if context["mine"] else [],
        "my_questions": queries.my_questions(lot, actor_of(request).organisation) if context["bidder"] else [],
        "finding": finding if context["mine"] else None,
        "least": _("不早于 %(moment)s") % {"moment": papers.moment(finding.proposal)} if finding.proposal else "",
    }  # fmt: skip
    return render(request, "tendering/questions.html", context)
