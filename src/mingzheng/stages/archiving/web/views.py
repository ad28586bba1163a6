"""Files: the list, one file, its package for download."""

import tempfile
import zipfile
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import ANY_LOGIN, page
from mingzheng.kernel.refusal import NOT_FOUND, NOT_YOURS
from mingzheng.stages.archiving import catalogue, queries, rules
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context

KEEPERS = {"archivist", "centre_staff", "supervisor"}
READERS = KEEPERS | {"procuring_entity", "agency"}
PAGE = 50  # closed files a page
DUE = 50  # of the lots to archive those that have waited longest


def _may_read(request: HttpRequest, lot: UUID) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(*KEEPERS) and not procedures.owns(procedures.lot(lot), actor, clock.now()):
        raise NOT_YOURS()


@require_GET
@page(KEEPERS)
def archives(request: HttpRequest) -> HttpResponse:
    """Files to close, with what they lack, and files closed: by project name, number or code."""
    words, at, asked = request.GET.get("q", "")[:80], clock.now(), request.GET.get("page", "1")
    files, ended = queries.files(words), queries.ended(at)
    pages = -(-len(files) // PAGE) or 1
    number = min(max(int(asked), 1), pages) if asked.isdecimal() else 1
    shown, first = files[(number - 1) * PAGE : number * PAGE], ended[:DUE]
    lots = procedures.lots_by_id(one.lot for one in shown)
    gone = catalogue.missing_of([lot.id for lot, _since, _due in first])
    context = {
        "rows": [{"file": one, "lot": lots[one.lot]} for one in shown], "page": number, "pages": pages, "total": len(files),
        "due": [
            {"lot": lot, "since": since, "due": due, "late": at > due, "missing": gone[lot.id]}
            for lot, since, due in first
        ],
        "due_total": len(ended), "waiting": len(queries.inquiries(state="filed")), "q": words,
    }  # fmt: skip
    return render(request, "archiving/list.html", context)


def _completeness(lot: UUID) -> list[tuple[str, int, bool]]:
    """Each class of the catalogue: how many items, and whether it must have some by now."""
    kept = queries.items(lot)
    found = [one.category for one in kept] if kept else [one.category for one in catalogue.lines(lot)]
    reached = procedures.reached(lot)
    wanted = {name for phase, names in rules.REQUIRED_FROM.items() if phase in reached for name in names}
    return [(_(label), found.count(name), name in wanted) for name, label in rules.CATEGORIES.items()]


@require_GET
@page(READERS)
def file(request: HttpRequest, lot: UUID) -> HttpResponse:
    """One lot's file: close it, see what it holds, download the package."""
    _may_read(request, lot)
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        **lot_context(request, lot, "lot-file"), "file": queries.file(lot), "documents": procedures.documents(lot),
        "acts": acts(lot, actor, ("archiving.close_file", "关闭并归档")), "catalogue": queries.items(lot),
        "completeness": _completeness(lot), "disposal": queries.disposal(lot),
        "categories": [(name, _(label)) for name, label in rules.CATEGORIES.items()], "media": [("paper", _("纸质")), ("recording", _("音视频"))],
    }  # fmt: skip
    return render(request, "archiving/file.html", context)


@require_GET
@page(READERS)
def item(request: HttpRequest, lot: UUID, number: int) -> HttpResponse:
    """One line of the catalogue. Keepers and the owner only; a bid's file stays with the keepers."""
    _may_read(request, lot)
    found = queries.item(lot, number)
    if found is None:
        raise NOT_FOUND()
    if found.category == "bids" and not request.actor.has("archivist", "supervisor"):  # type: ignore[attr-defined]
        raise NOT_YOURS()
    return _delivered(request, lot, found)


def _delivered(request: HttpRequest, lot: UUID, found: queries.ItemFacts) -> HttpResponse:
    if found.medium == "paper":
        return render(request, "archiving/paper.html", {"item": found, "file": queries.file(lot)})
    if catalogue.damage(found) is not None:
        raise rules.DAMAGED(lot=lot, number=found.number, found=catalogue.damage(found))
    pdf = found.reference.endswith(".pdf")
    kind = (
        "application/pdf"
        if pdf
        else "application/jsonl"
        if found.reference.startswith("stream:")
        else "application/octet-stream"
    )
    response = HttpResponse(catalogue.content_of(found), content_type=kind)
    response.headers["Content-Disposition"] = "inline" if pdf else "attachment"
    return response


@require_GET
@page(ANY_LOGIN)
def inquiries(request: HttpRequest) -> HttpResponse:
    """The archivist sees all inquiries, everybody else their own."""
    actor = request.actor  # type: ignore[attr-defined]
    keeper = actor.has("archivist")
    rows = [
        {
            "inquiry": one, "lot": procedures.lot(one.lot), "who": parties.person(one.inquirer).name,
            "mine": one.inquirer == actor.person, "next": f"/archives/inquiries/{one.id}",
        }
        for one in queries.inquiries(inquirer=None if keeper else actor.person)
    ]  # fmt: skip
    return render(request, "archiving/inquiries.html", {"rows": rows, "keeper": keeper})


@require_GET
@page(ANY_LOGIN)
def inquired(request: HttpRequest, inquiry: UUID, number: int = 0) -> HttpResponse:
    """A line looked up under an approved inquiry: shown only to who asked, in time, after the look was recorded."""
    actor, found = request.actor, queries.inquiry(inquiry)  # type: ignore[attr-defined]
    number = number or (found.items[0] if found else 0)
    if found is None or not found.open_to(actor.person, number, clock.now()):
        raise rules.NOT_APPROVED()
    if not queries.looks(actor.person, inquiry, number):
        raise rules.NOT_APPROVED()
    kept = queries.item(found.lot, number)
    assert kept is not None
    return _delivered(request, found.lot, kept)


@require_GET
@page(READERS)
def state(request: HttpRequest, lot: UUID) -> HttpResponse:
    """For programs: whether the package is ready, and where."""
    _may_read(request, lot)
    found = queries.file(lot)
    if found is None:
        return JsonResponse({"state": "open"})
    return JsonResponse(
        {
            "state": found.state,
            "path": found.path,
            "entries": found.entries,
            "manifest": found.manifest,
            "outcome": found.outcome,
        }
    )


@require_GET
@page(READERS)
def download(request: HttpRequest, lot: UUID) -> HttpResponseBase:
    """The package as one zip file (stored, not compressed: its parts are compressed already)."""
    _may_read(request, lot)
    found = queries.file(lot)
    if found is None or found.state != "ready":
        raise NOT_FOUND()
    folder = Path(found.path)
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            out.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename=f"{folder.name}.zip", content_type="application/zip")
