"""Logins, good and bad, are operations of an account and stand in its own sealed stream (RG-4.1-2, ZB-4.4.1-a-2).

The login pages call these as SYSTEM after having checked what they could; nobody reaches them through the door.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import events, models, queries, rules

STRANGERS_A_MINUTE = 20  # the rest is counted and written with the next one


@command(by={"system"})
def log_in(
    *, actor: Actor, at: datetime, person: UUID, organisation: UUID, way: str, address: str,
    certificate: str = "", step: int = 0,
) -> events.LoggedIn:  # fmt: skip
    """A person is in: a session begins, the name's failures are forgotten, the authenticator's step is used up."""
    now = clock.real()
    row = models.Person.objects.select_for_update().get(pk=person)
    if step and not models.Credential.objects.filter(person=person, totp_step__lt=step).update(totp_step=step):
        raise rules.LOGIN_FAILED()  # the same code in two windows at once
    if way == "password":
        models.Failures.objects.filter(tag=row.tag).delete()
    issuer = queries.certificate(certificate).issuer if certificate else ""
    if issuer:
        _count(issuer, logins=1)
    login = models.LoginSession.objects.create(
        person=row, organisation=organisation, strength=way, certificate=certificate, address=address, began_at=at,
        started=now, seen=now,
    )  # fmt: skip
    return events.LoggedIn(
        person=person, organisation=organisation, login=login.id, way=way, address=address, certificate=certificate,
        issuer=issuer,
    )  # fmt: skip


@command(by={"system"})
def refuse_login(
    *, actor: Actor, at: datetime, way: str, code: str, address: str, person: UUID | None = None,
    name: str = "", claimed: str = "", issuer: str = "",
) -> Any:  # fmt: skip
    """A login failed: counted against the typed name (password way only), written down for the person or the centre."""
    if way == "password" and code != rules.LOGIN_LOCKED.code:
        _failed(queries.login_tag(name))
    if issuer:
        _count(issuer, refusals=1)
    if person is not None:
        return events.LoginRefused(person=person, way=way, code=code, address=address)
    suppressed = _strangers()
    if suppressed is None:
        return None
    centre = queries.centre()
    return events.StrangerRefused(
        organisation=centre.id if centre else queries.NO_CENTRE, way=way, code=code, address=address, claimed=claimed,
        suppressed=suppressed,
    )  # fmt: skip


@command(by={"system"})
def log_out(*, actor: Actor, at: datetime, login: UUID, why: str) -> events.LoggedOut | None:
    """A session ends: left, idle, too-old or revoked. Ending it twice changes nothing."""
    row = models.LoginSession.objects.select_for_update().filter(pk=login, ended_at=None).first()
    if row is None:
        return None
    row.ended_at, row.why_ended = at, why
    row.save(update_fields=["ended_at", "why_ended"])
    return events.LoggedOut(person=row.person_id, login=login, why=why)


@command(by={"system"})
def choose_organisation(*, actor: Actor, at: datetime, login: UUID, organisation: UUID) -> events.OrganisationChosen:
    """Go on in another organisation of the same person; a certificate stands for one organisation and cannot move."""
    row = models.LoginSession.objects.select_for_update().get(pk=login)
    if row.strength != "password" or rules.MEMBER not in queries.roles_of(row.person_id, organisation):
        raise rules.NOT_MEMBER()
    row.organisation = organisation
    row.save(update_fields=["organisation"])
    return events.OrganisationChosen(person=row.person_id, organisation=organisation, login=login)


def _failed(tag: str) -> None:
    now = clock.real()
    models.Failures.objects.get_or_create(tag=tag)
    row = models.Failures.objects.select_for_update().get(tag=tag)
    kept = [moment for moment in row.times if now - moment <= rules.WINDOW + rules.LOCKED_FOR]
    row.times = [*kept, now][-4 * rules.FAILURES :]
    row.save(update_fields=["times"])


def _strangers() -> int | None:
    """How many strangers were not written down before this one; None when this one is not to be written either."""
    now = clock.real()
    models.Failures.objects.get_or_create(tag="strangers")
    row = models.Failures.objects.select_for_update().get(tag="strangers")
    row.times = [moment for moment in row.times if (now - moment).total_seconds() < 60]
    if len(row.times) >= STRANGERS_A_MINUTE:
        row.suppressed += 1
        row.save()
        return None
    suppressed, row.suppressed = row.suppressed, 0
    row.times.append(now)
    row.save()
    return suppressed


def _count(issuer: str, *, logins: int = 0, refusals: int = 0) -> None:
    models.AuthorityUse.objects.get_or_create(issuer=issuer)
    models.AuthorityUse.objects.filter(issuer=issuer).update(
        logins=F("logins") + logins, refusals=F("refusals") + refusals
    )
