"""The audit administrator's page: the trail with its filters, what an account opened, warnings, strangers at the door."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import Refused
from mingzheng.site.audit import naming
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.parties.web import rows
from mingzheng.stages.procedures import queries as procedures

LINES = 50
FILTERS = ("q", "kind", "since", "until", "procedure")


@require_GET
@page({"audit_admin"})
def admin_audit(request: HttpRequest) -> HttpResponse:
    """Every login and operation with person, time, address and object, narrowed as asked; bidders and experts by exact login only."""
    given = {name: request.GET.get(name, "").strip()[:80] for name in FILTERS}
    who = parties.person_by_login(given["q"]) if given["q"] else None
    project = procedures.procedure_by_number(given["procedure"]) if given["procedure"] else None
    unknown = bool(given["q"]) and who is None
    missing = bool(given["procedure"]) and project is None
    found = None if unknown or missing else parties.seek(_sought(request.GET, given, who, project), LINES)
    context = {
        **given, "person": _person(who), "unknown": unknown, "missing": missing, "project": project,
        "kinds": naming.kinds(), "lines": naming.shown(found.lines) if found else [], "narrowed": any(given.values()),
        "older": _address(given, found.older) if found and found.older is not None else "",
        "newest": _address(given) if "before" in request.GET else "",
        "accesses": parties.access_log(who) if who is not None and parties.watched(who) else [],
        "warnings": rows.warnings(parties.warnings()),
        "strangers": [rows.trail(line) for line in parties.strangers()[:100]],
        "columns": rows.columns(),
    }  # fmt: skip
    return render(request, "audit/audit.html", context)


def _sought(
    asked: QueryDict, given: dict[str, str], who: UUID | None, project: procedures.ProcedureFacts | None
) -> parties.Sought:
    objects = None
    if project is not None:
        objects = frozenset({f"procedure:{project.id}", *(f"lot:{lot.id}" for lot in project.lots)})
    until = _midnight(given["until"])
    before = asked.get("before", "")
    return parties.Sought(
        person=who, kind=given["kind"], since=_midnight(given["since"]), until=until + timedelta(days=1) if until else None,
        objects=objects, before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
    )  # fmt: skip


def _midnight(text: str) -> datetime | None:
    """The beginning of a day here; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), clock.UTC8)
    except ValueError:
        return None


def _address(given: dict[str, str], before: int | None = None) -> str:
    kept: dict[str, Any] = {name: value for name, value in given.items() if value}
    return "?" + urlencode(kept if before is None else kept | {"before": before})


def _person(who: UUID | None) -> parties.PersonFacts | None:
    try:
        return parties.person(who) if who else None
    except Refused:  # an account that was closed everywhere still has its trail
        return None
