"""Files: the list, one file, its package for download."""

import tempfile
import zipfile
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import NOT_FOUND, NOT_YOURS
from mingzheng.stages.archiving import queries
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.lotpage import acts, lot_context

KEEPERS = {"archivist", "centre_staff", "supervisor"}
READERS = KEEPERS | {"procuring_entity", "agency"}


def _may_read(request: HttpRequest, lot: UUID) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(*KEEPERS) and not procedures.owns(procedures.lot(lot), actor, clock.now()):
        raise NOT_YOURS()


@require_GET
@page(KEEPERS)
def archives(request: HttpRequest) -> HttpResponse:
    """Files closed, newest first."""
    rows = [{"file": one, "lot": procedures.lot(one.lot)} for one in queries.files()]
    return render(request, "archiving/list.html", {"rows": rows})


@require_GET
@page(READERS)
def file(request: HttpRequest, lot: UUID) -> HttpResponse:
    """One lot's file: close it, see what it holds, download the package."""
    _may_read(request, lot)
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        **lot_context(request, lot, "lot-file"), "file": queries.file(lot), "documents": procedures.documents(lot),
        "acts": acts(lot, actor, ("archiving.close_file", "关闭并归档")),
    }  # fmt: skip
    return render(request, "archiving/file.html", context)


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
