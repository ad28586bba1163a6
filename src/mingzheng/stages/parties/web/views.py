"""The own account, agencies, and the desks of the three administrators."""

from typing import Any
from uuid import UUID

import pyotp
import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM, Actor
from mingzheng.kernel.page import ANY_LOGIN, page
from mingzheng.ledger import reading
from mingzheng.stages.parties import commands, queries, rules
from mingzheng.stages.parties.web import rows
from mingzheng.stages.parties.web.certificates import why_not_enrol
from mingzheng.stages.parties.web.controls import CONTROLS, GROUPS

LISTED = ("centre", "supervision", "procuring_entity", "agency")  # bidders and experts only by exact name: never a list


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_GET
@page(ANY_LOGIN)
def account(request: HttpRequest) -> HttpResponse:
    """My certificates, sessions, second way in, and everything that happened to my account."""
    actor = _actor(request)
    assert actor.person is not None
    waiting = queries.totp_waiting(actor.person) if actor.strength == "certificate" else ""
    me = queries.person(actor.person, actor.organisation)
    found = {
        "me": me, "roles": [rules.ROLES[r].label for r in sorted(me.roles) if r in rules.ROLES],
        "certificates": [rows.certificate(c, actor.certificate) for c in queries.certificates_of(actor.person)],
        "live_pages": ports.get("live").of_person(actor.person),
        "ending": queries.certificate_ending(actor.person, clock.now()),
        "sessions": [rows.session(s, actor.session) for s in queries.sessions_of(actor.person, open_only=True)],
        "history": [rows.trail(line) for line in queries.login_history(actor.person)[:50]],
        "accesses": queries.access_log(actor.person, 30), "second_way": queries.has_password(actor.person), "waiting": waiting, "qr": _qr(me.login, waiting),
        "needs_certificate": actor.strength != "certificate",
        "colleagues": [rows.person(p) for p in queries.members(me.organisation)] if _manages(actor) else [],
    }  # fmt: skip
    return render(request, "parties/account.html", found | {"columns": rows.columns()})


def _manages(actor: Actor) -> bool:
    """Whether people of a trading party see and add their own colleagues."""
    return actor.has(*rules.OWN_ROLE.values())


def _qr(login: str, secret: str) -> str:
    """A data URI of the authenticator's code."""
    if not secret:
        return ""
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=settings.MINGZHENG_CENTRE)
    return str(segno.make(uri).png_data_uri(scale=4))


@require_GET
@page({"procuring_entity", "agency"})
def authorisations(request: HttpRequest) -> HttpResponse:
    """委托代理: whom my organisation has authorised; for an agency, by whom it is authorised."""
    actor = _actor(request)
    at = clock.now()
    given = queries.authorisations(principal=actor.organisation) if actor.has("procuring_entity") else []
    held = queries.authorisations(agency=actor.organisation) if actor.has("agency") else []
    found = {
        "given": [rows.authorisation(one, at) for one in given], "held": [rows.authorisation(one, at) for one in held],
        "open": [(one.id, one.agency_name) for one in given if one.standing(at) in ("good", "not-yet")],
        "agencies": [(one.id, one.name) for one in queries.organisations("agency")],
    }  # fmt: skip
    return render(request, "parties/authorisations.html", found | {"columns": rows.columns()})


@require_GET
@page({"system_admin", "operator"})
def admin_system(request: HttpRequest) -> HttpResponse:
    """Configuration: what this deployment runs with, its certificate authorities, reactions that wait."""
    home = queries.centre()
    facts = [
        ("本中心", home.name if home else settings.MINGZHENG_CENTRE), ("运行方式", settings.MINGZHENG_MODE),
        ("账本名称", settings.MINGZHENG_ORIGIN), ("密码套件", settings.MINGZHENG_SUITE),
        ("标准配置", "、".join(settings.MINGZHENG_PROFILES)), ("联署方", "、".join(settings.MINGZHENG_COSIGNERS) or "—"),
        ("会话时限", f"{rules.IDLE.seconds // 60} 分钟无操作，最长 {rules.LONGEST.seconds // 3600} 小时"),
    ]  # fmt: skip
    authorities = [{"issuer": i, "logins": n, "refusals": m} for i, n, m in queries.authorities()]
    checklist = [
        {"group": gettext(GROUPS[c.group]), "label": gettext(c.label), "evidence": "、".join(t.split("::")[1] for t in c.tests)}
        for c in CONTROLS
    ]  # fmt: skip
    found = {
        "facts": [(gettext(label), value) for label, value in facts], "authorities": authorities,
        "live": _live(ports.get("live").counts()), "stuck": reading.stuck(), "controls": checklist, "assessments": queries.assessments(),
    }  # fmt: skip
    return render(request, "parties/admin_system.html", found | {"columns": rows.columns()})


def _live(counts: Any) -> list[tuple[str, str]]:
    """Open live pages as numbers: who listens to a lot may be who bids."""
    limit = gettext("不限") if not counts.limit else str(counts.limit)
    of_person = gettext("不限") if not counts.limit_of_person else str(counts.limit_of_person)
    return [
        (gettext("打开的连接"), gettext("%(open)s，上限 %(limit)s") % {"open": counts.open, "limit": limit}),
        (gettext("登录人员的"), gettext("%(of_people)s，共 %(people)s 人") % {"of_people": counts.of_people, "people": counts.people}),
        (gettext("一人最多"), gettext("%(most)s，上限 %(limit)s") % {"most": counts.most_of_one, "limit": of_person}),
        (gettext("启动以来被拒"), str(counts.refused)),
    ]  # fmt: skip


@require_GET
@page({"security_admin"})
def admin_security(request: HttpRequest) -> HttpResponse:
    """People and roles. Bidders and experts are found by exact login name or credit code only."""
    wanted = request.GET.get("q", "").strip()[:80]
    people = (
        _found(wanted)
        if wanted
        else [p for k in LISTED for o in queries.organisations(k) for p in queries.members(o.id)]
    )
    unique = {(p.id, p.organisation): p for p in people}
    _note_experts(request, [p.id for p in unique.values() if "expert" in p.roles])
    houses = [*[o for k in LISTED for o in queries.organisations(k)], *queries.organisations("expert_pool")]
    found = {
        "q": wanted, "people": [rows.person(p) for p in unique.values()],
        "person_options": [(p.id, f"{p.name}（{p.organisation_name}）") for p in unique.values()],
        "houses": [(o.id, o.name) for o in houses], "why_enrol": why_not_enrol(_actor(request)),
        "enrol_houses": list({p.organisation: p.organisation_name for p in unique.values()}.items()),
        "roles": [(name, role.label) for name, role in rules.ROLES.items()],
        "kinds": list(rules.KINDS.items()),
        "certificates": [
            rows.certificate(c) for p in (unique.values() if wanted else ()) for c in queries.certificates_of(p.id)
        ],
    }  # fmt: skip
    return render(request, "parties/admin_security.html", found | {"columns": rows.columns()})


def _note_experts(request: HttpRequest, experts: list[UUID]) -> None:
    """Looking at many experts' records within an hour is a warning (SD-3.6.3-4)."""
    person = _actor(request).person
    if experts and person is not None:
        commands.note_sensitive_view(actor=SYSTEM, person=person, what="expert", subjects=experts)


def _found(wanted: str) -> list[queries.PersonFacts]:
    house = queries.organisation_by_code(wanted)
    if house is not None:
        return queries.members(house.id)
    who = queries.person_by_login(wanted)
    return [queries.person(who, one.id) for one in queries.organisations_of(who)] if who else []
