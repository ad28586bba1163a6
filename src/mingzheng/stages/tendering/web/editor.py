"""The owner's editor: draft on the left, live rule checks with sources and the act of publishing on the right."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from mingzheng.kernel import canonical, clock
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import NOT_YOURS, Refused
from mingzheng.stages.procedures import formulas, kinds
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context
from mingzheng.stages.tendering import checks, drafts, fields, queries, rules, standard_texts
from mingzheng.stages.tendering.web.views import actor_of

TIMES = ("documents_until", "question_deadline", "bid_deadline")
SPARE_ROWS = 2


@require_GET
@page({"procuring_entity", "agency"})
def edit(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Write the documents, see what each rule says, publish. Nobody else approves anything (GF-6.2.5-2)."""
    facts, actor = procedures.lot(lot), actor_of(request)
    if not procedures.owns(facts, actor, clock.now()):
        raise NOT_YOURS()
    if facts.phase != "registered":
        return redirect("lot-tender", lot=lot)
    draft = queries.draft(lot) or {
        "template": "",
        "document": {},
        "notice": {},
        "times": {},
        "reasons": {},
        "saved_at": None,
    }
    context = {
        **lot_context(request, lot, "lot-tender"),
        "draft": draft,
        "templates": [(one.id, one.en if get_language() == "en" else one.zh) for one in standard_texts.templates(facts.kind)],
        "methods": list(kinds.METHODS.items()), "ways": list(fields.WAYS.items()),
        "kinds": [("objective", "客观分"), ("subjective", "主观分"), ("price", "报价分")],
        "confirmation": {"text": rules.CONFIRMATION, "version": rules.CONFIRMATION_VERSION},
        "acts": acts(lot, actor, ("tendering.save_draft", "保存草稿"), ("tendering.publish_notice", "签名并发布"), ("tendering.request_template", "载入")),
        **_checked(facts, draft),
    }  # fmt: skip
    return render(request, "tendering/edit.html", context)


def _checked(lot: procedures.LotFacts, draft: dict[str, Any]) -> dict[str, Any]:
    """The draft made whole and what the rules say to it; or what stands in the way of reading it."""
    raw = {key: value for key, value in draft["document"].items() if key in fields.KNOWN}
    given = {key: value for key, value in draft["times"].items() if key in TIMES and value}
    try:
        whole = drafts.complete(lot, draft["template"], raw, draft["notice"])
        times = checks.timetable(lot, clock.now(), **drafts.moments(given))
    except Refused as refused:
        document = drafts.fill(lot, None, raw)
        return {
            "wrong": refused, "document": document, "notice": draft["notice"], "rows": _rows(document),
            "times_text": given, "findings": [], **_texts(document),
        }  # fmt: skip
    record = whole.document.record()
    findings = drafts.findings(lot, whole, times)
    shown = {name: getattr(times, name) for name in TIMES}
    return {
        "wrong": None, "document": record, "notice": whole.notice, "findings": findings,
        **_texts(record), "rows": _rows(record), "refuses": any(one.refuses for one in findings),
        "times_text": {name: f"{moment.astimezone(clock.UTC8):%Y-%m-%dT%H:%M}" for name, moment in shown.items()},
        "reasons": [(one, draft["reasons"].get(one.rule, "")) for one in findings if one.needs_reason],
        "publish": {
            "document": canonical.dumps(record), "notice": canonical.dumps(whole.notice), "template": whole.template,
            **{name: clock.text(moment) for name, moment in shown.items()},
        },
        "formula": formulas.read(record["benchmark"]).zh if record["benchmark"] else "",
    }  # fmt: skip


def _texts(document: dict[str, Any]) -> dict[str, Any]:
    """Lists as text areas show them, a line an item."""

    def lines(value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(str(one) for one in value or ())

    chapters = [
        {
            "title": one.get("title", ""),
            "sections": [
                {"title": part.get("title", ""), "text": lines(part.get("paragraphs"))}
                for part in one.get("sections", ())
            ],
        }
        for one in document.get("chapters") or ()
    ]
    return {"qualifications": lines(document.get("qualifications")), "chapters": chapters}


def _rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Score table with rows to spare."""
    rows = [dict(one) for one in document.get("criteria") or [] if isinstance(one, dict)]
    return rows + [{"kind": "subjective"} for _ in range(SPARE_ROWS)] if rows else []
