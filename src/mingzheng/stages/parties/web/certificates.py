"""Certificates: one's own and, for a trading party, its colleagues'; enrolling a further one before the last one ends."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_GET, require_POST

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import ANY_LOGIN, page
from mingzheng.kernel.refusal import NOT_FOUND, Refused
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.parties import queries, rules
from mingzheng.stages.parties.web import rows


def why_not_enrol(actor: Actor) -> Refused | None:
    """Why this login cannot enrol a certificate, or None."""
    try:
        COMMANDS["parties.enrol_certificate"].require_caller(actor)
    except Refused as refused:
        return refused
    return None


@require_GET
@page(ANY_LOGIN)
def certificates(request: HttpRequest) -> HttpResponse:
    """My certificates with their validity, how to enrol a further one, and those of my organisation's people."""
    return _page(request)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    assert actor.person is not None
    assert actor.organisation is not None
    at, me = clock.now(), queries.person(actor.person, actor.organisation)
    own = queries.certificates_of(actor.person)
    found: dict[str, Any] = {
        "me": me, "refused": refused, "simulated": settings.SIMULATED, "why": why_not_enrol(actor),
        "ending": queries.certificate_ending(actor.person, at), "days": settings.MINGZHENG_CERTIFICATE_NOTICE_DAYS,
        "certificates": [rows.certificate(one, actor.certificate) for one in own],
        "standing": [(one.fingerprint, rows.named(one)) for one in own if one.standing(at) == "good"],
        "manages": actor.has(*rules.OWN_ROLE.values()), "columns": rows.columns(),
    }  # fmt: skip
    if found["manages"]:
        colleagues = [one for one in queries.members(actor.organisation) if one.id != actor.person]
        found["colleagues"] = [(one.id, f"{one.name}（{one.login}）") for one in colleagues]
        found["of_house"] = [
            rows.certificate(one) for one in queries.certificates_of_house(actor.organisation) if one.person != actor.person
        ]  # fmt: skip
    return render(request, "parties/certificates.html", found, status=refused.kind.status if refused else 200)


@require_POST
@page(ANY_LOGIN)
def demo_counter(request: HttpRequest) -> HttpResponse:
    """The counter of a demo's certificate authority: a fresh key file in one's own name, to be enrolled like any other."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not settings.SIMULATED:
        raise NOT_FOUND()
    assert actor.person is not None
    assert actor.organisation is not None
    me, house = queries.person(actor.person, actor.organisation), queries.organisation(actor.organisation)
    try:
        text, _ = ports.get("certificates").new_key_file(
            request.POST.get("key_password", ""), subject_name=me.name, organisation_name=house.name[:64],
            organisation_code=house.code, person_id=str(me.id), at=clock.now(),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, refused)
    answer = HttpResponse(text, content_type="application/octet-stream")
    name = get_valid_filename(f"{me.login}-{clock.now():%Y%m%d}.mzkey")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
