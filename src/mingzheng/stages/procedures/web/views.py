"""Pages of procedures: lists, plan, registration, one procedure, documents."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import page
from mingzheng.kernel.refusal import NOT_YOURS, Refused
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries, rules
from mingzheng.stages.procedures.kinds import enabled, kind
from mingzheng.stages.procedures.web.lotpage import acts, retendering, state_of

WORKERS = {"procuring_entity", "agency", "centre_staff", "witness", "supervisor", "archivist"}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
@page(WORKERS)
def procedures(request: HttpRequest) -> HttpResponse:
    """The procedures on this desk, each lot with its state."""
    rows = [
        {"procedure": one, "lots": [{"lot": lot, "state": state_of(lot)} for lot in one.lots]}
        for one in queries.procedures_for(_actor(request))
    ]
    staff, at = _actor(request).has("centre_staff"), clock.now()
    context = {
        "rows": rows,
        "desk": queries.registration_desk(at) if staff else None,
        "overdue": {one.procedure for one in queries.waiting_registrations() if one.overdue(at)} if staff else set(),
    }
    return render(request, "procedures/list.html", context)


@require_GET
@page({"procuring_entity"})
def new_plan(request: HttpRequest) -> HttpResponse:
    """Form of the tender plan, with the plans already published."""
    organisation = _actor(request).organisation
    assert organisation is not None
    return render(request, "procedures/plan.html", {"plans": queries.plans_of(organisation)})


def _principals(actor: Actor) -> list[Any]:
    """Whose project somebody may register: an agency its principals', the counter everybody's, an owner only its own."""
    assert actor.organisation is not None
    if actor.has("centre_staff"):
        return list(parties.organisations("procuring_entity"))
    return list(parties.principals_of(actor.organisation, clock.now())) if actor.has("agency") else []


def _held(organisation: UUID) -> list[tuple[str, Any]]:
    """What the register keeps of the organisation and earlier registrations said: not asked for again (GF-4.1.2)."""
    known = parties.organisation(organisation)
    found = [(_("单位名称"), known.name), (_("统一社会信用代码"), known.code)]
    found += [(_("数字证书"), one.name) for one in parties.members(organisation)[:3]]
    earlier = queries.latest_registration(organisation)
    if earlier is not None:
        found += [
            (_(rules.REGISTRATION_FIELDS[name]), earlier[name]) for name in rules.REPEATED_FIELDS if earlier.get(name)
        ]
    return found


def _again(request: HttpRequest) -> tuple[queries.LotFacts | None, Refused | None]:
    """The failed or terminated lot the address names (`?retender_of=`), or why it cannot be tendered again."""
    try:
        wanted = UUID(request.GET["retender_of"])
    except (KeyError, ValueError):
        return None, None
    actor, at = _actor(request), clock.now()
    try:
        queries.require_known_lot(wanted, actor, at)
        earlier = queries.lot(wanted)
        if not actor.has("centre_staff") and not queries.owns(earlier, actor, at):
            raise rules.NOT_OWNER()
        rules.may_retender(earlier.standing)
    except Refused as refused:
        return None, refused
    return earlier, None


def _plans(actor: Actor) -> list[dict[str, Any]]:
    """Published plans a registration may follow: a procuring entity's own, for an agency those of its principals."""
    assert actor.organisation is not None
    if actor.has("procuring_entity"):
        return queries.plans_of(actor.organisation)
    if not actor.has("agency"):
        return []
    return [
        {**plan, "owner": one.id, "owner_name": one.name}
        for one in _principals(actor)
        for plan in queries.plans_of(one.id)
    ]


def _planned(plan: dict[str, Any]) -> dict[str, Any]:
    """What a plan already says of the registration that follows it."""
    return {name: plan[name] for name in ("name", "location", "content") if plan[name]}


@require_GET
@page({"procuring_entity", "agency", "centre_staff"})
def new_registration(request: HttpRequest) -> HttpResponse:
    """Registration form; what the platform already knows of the party or its plan is not asked again (GF-4.1.2)."""
    actor = _actor(request)
    assert actor.organisation is not None
    again, refused = _again(request)
    plans = _plans(actor)
    plan = next((one for one in plans if str(one["id"]) == request.GET.get("plan")), None)
    earlier = queries.procedure(again.procedure).content if again else _planned(plan) if plan else {}
    latest = queries.latest_registration(actor.organisation) or {}
    return render(
        request,
        "procedures/register.html",
        {
            "again": again,
            "refused": refused,
            "fields": [
                (name, _(label), latest.get(name, "") if name in rules.REPEATED_FIELDS else "", earlier.get(name, ""))
                for name, label in rules.REGISTRATION_FIELDS.items()
            ],
            "kinds": [(name, kind(name).en if get_language() == "en" else kind(name).zh) for name in enabled()],
            "principals": _principals(actor),
            "agencies": parties.organisations("agency") if actor.has("procuring_entity", "centre_staff") else [],
            "plans": plans,
            "plan": plan,
            "estimate": again.estimate if again else plan["estimate"] if plan else "",
            "held_items": [] if actor.has("centre_staff") else _held(actor.organisation),
        },
    )


@require_GET
@page(WORKERS)
def procedure(request: HttpRequest, procedure: UUID) -> HttpResponse:
    """One registration: what was given, what is missing, who is responsible, its lots."""
    facts, actor = queries.procedure(procedure), _actor(request)
    mine = queries.owns(facts, actor, clock.now())
    if not mine and not actor.has("centre_staff", "witness", "supervisor", "archivist"):
        raise NOT_YOURS()
    return render(
        request,
        "procedures/procedure.html",
        {
            "procedure": facts,
            "labels": rules.REGISTRATION_FIELDS,
            "stages": [s.en if get_language() == "en" else s.zh for s in kind(facts.kind).stages],
            "kind": kind(facts.kind).en if get_language() == "en" else kind(facts.kind).zh,
            "plan": next((one for one in queries.plans_of(facts.procuring_entity) if one["id"] == facts.plan), None),
            "waiting": next((one for one in queries.waiting_registrations() if one.procedure == procedure), None),
            "given": [(_(label), facts.content.get(name, "")) for name, label in rules.REGISTRATION_FIELDS.items()],
            "owner": parties.organisation(facts.procuring_entity),
            "agency": parties.organisation(facts.agency) if facts.agency else None,
            "mine": mine,
            "now": clock.now(),
            "staff": parties.people_with("centre_staff") if actor.has("centre_staff") else [],
            "lots": [{"lot": lot, "state": state_of(lot), **retendering(lot, actor)} for lot in facts.lots],
        },
    )


@require_GET
@page({"procuring_entity", "agency", "centre_staff", "supervisor"})
def steer(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Appointments, suspension, resumption, termination of a lot."""
    from mingzheng.stages.procedures.web.lotpage import lot_context

    actor, facts = _actor(request), queries.lot(lot)
    if not actor.has("centre_staff", "supervisor") and not queries.owns(facts, actor, clock.now()):
        raise NOT_YOURS()
    hosts = [p for o in (facts.procuring_entity, facts.agency) if o for p in parties.members(o)]
    held = {part: parties.person(who) for part, (who, _house) in queries.parts(lot).items()}
    context = {
        **lot_context(request, lot),
        "parts": held,
        "hosts": hosts,
        "witnesses": parties.people_with("witness"),
        "supervisors": parties.people_with("supervisor"),
        "drafted": next((d for d in queries.documents(lot) if d.kind == "suspension_notice" and not d.public), None)
        if queries.owns(facts, actor, clock.now())
        else None,
        "acts": acts(
            lot, actor,
            ("procedures.appoint_person", _("更换主持人") if "host" in held else _("指定主持人")), ("procedures.suspend_lot", "暂停"),
            ("procedures.resume_lot", "恢复"), ("procedures.terminate_lot", "终止招标"),
        ),
    }  # fmt: skip
    return render(request, "procedures/steer.html", context)
