"""What several commands of this stage do in the same transaction; plain functions that return events."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from mingzheng.kernel import ports
from mingzheng.kernel.refusal import BAD_INPUT
from mingzheng.stages.parties import events, models, queries, rules


def new_person(
    at: datetime,
    house: models.Organisation,
    *,
    id: UUID | None,
    name: str,
    login: str,
    phone: str,
    email: str,
    profile: dict[str, Any],
) -> tuple[models.Person, events.PersonAdded]:
    """An account under an organisation, with no role but being there (GF-3.3)."""
    login = rules.login_name(login)
    given = {"id": id} if id is not None else {}
    try:
        with transaction.atomic():
            row = models.Person.objects.create(
                **given, name=name, login=login, tag=queries.login_tag(login), phone=phone, email=email,
                profile=profile, added_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise rules.LOGIN_TAKEN() from None
    models.Membership.objects.create(person=row, organisation=house, role=rules.MEMBER, granted_at=at)
    return row, events.PersonAdded(person=row.id, organisation=house.id, name=name, login=login)


def give_role(at: datetime, person: UUID, house: models.Organisation, role: str) -> events.RoleGranted:
    """Give a role after asking every rule; the person's row is locked, so that two grants cannot pass each other."""
    row = models.Person.objects.select_for_update().filter(pk=person, active=True).first()
    if row is None:
        raise rules.NO_SUCH_PERSON()
    rules.may_hold(role, house.kinds, house.name)
    if rules.MEMBER not in queries.roles_of(person, house.id):
        raise rules.NOT_MEMBER()
    if role in queries.roles_of(person, house.id):
        raise rules.ROLE_HELD(role=rules.ROLES[role].label)
    rules.may_combine(role, queries.roles_of(person))
    models.Membership.objects.create(person=row, organisation=house, role=role, granted_at=at)
    return events.RoleGranted(person=person, organisation=house.id, role=role)


def give_roles(
    at: datetime, person: UUID, house: models.Organisation, roles: Iterable[str]
) -> list[events.RoleGranted]:
    return [give_role(at, person, house, role) for role in roles]


def require_certificate_of(pem: str, code: str, at: datetime) -> None:
    """Whoever registers by itself shows a certificate a trusted authority issued to this very credit code."""
    if not pem:
        raise BAD_INPUT(field="certificate", problem="没有填写")
    if ports.get("certificates").check(pem, at).organisation_code.upper() != code:
        raise rules.CERTIFICATE_OTHER_PARTY()


def take_certificate(
    at: datetime, person: models.Person, house: models.Organisation, pem: str, *, by: str = "holder"
) -> events.CertificateEnrolled:
    """Enrol a certificate that a trusted authority issued to this organisation (RG-4.1-2).

    `by`: holder, colleague or office (who enrols for somebody else, enrols what names that person). Certificates enrolled
    before stay as they are.
    """
    facts = ports.get("certificates").check(pem, at)
    if facts.organisation_code and facts.organisation_code.upper() != house.code:
        raise rules.CERTIFICATE_OTHER_PARTY()
    if by != "holder":
        office = by == "office"
        rules.may_enrol_for_another(facts.person_name, person.name, house.name, by_account_office=office)
    tag = queries.certificate_tag(facts.fingerprint)
    if models.Certificate.objects.filter(tag=tag).exists():
        raise rules.CERTIFICATE_TWICE()
    models.Certificate.objects.create(
        tag=tag, person=person, organisation=house, fingerprint=facts.fingerprint, serial=facts.serial,
        issuer=facts.issuer, pem=pem, not_before=facts.not_before, not_after=facts.not_after, enrolled_at=at,
    )  # fmt: skip
    return events.CertificateEnrolled(
        person=person.id, organisation=house.id, fingerprint=facts.fingerprint, serial=facts.serial,
        issuer=facts.issuer, not_after=facts.not_after,
    )  # fmt: skip


def house(organisation: UUID) -> models.Organisation:
    """The organisation's row, locked for sharing; `parties.no-such-organisation` if there is none."""
    row = models.Organisation.objects.filter(pk=organisation).first()
    if row is None:
        raise rules.NO_SUCH_ORGANISATION()
    return row


def seen(login: UUID, now: datetime) -> None:
    """Note that a session is in use (real time). Not an act of anybody: it stands in no stream."""
    models.LoginSession.objects.filter(pk=login).update(seen=now)


def warn(at: datetime, kind: str, person: UUID, facts: dict[str, Any]) -> events.WarningRaised:
    """Keep a security warning about an account (SD-3.6.3-4)."""
    row = models.Warning.objects.create(
        kind=kind, tag=queries.person_tag(person), raised_at=at, line={"person": str(person), "facts": facts}
    )
    centre = queries.centre()
    return events.WarningRaised(
        organisation=centre.id if centre else queries.NO_CENTRE, warning=row.id, kind=kind, person=person, facts=facts
    )


def note_access(at: datetime, person: UUID, address: str, method: str, path: str) -> None:
    """A line of the access log: who opened what, from where."""
    models.Access.objects.create(
        tag=queries.person_tag(person), at=at, line={"path": path[:500], "method": method, "address": address}
    )


def sweep(at: datetime, now: datetime) -> int:
    """Delete access-log lines past their retention and failures nobody counts any more; how many."""
    old, _ = models.Access.objects.filter(at__lt=at - rules.ACCESS_KEPT).delete()
    stale = [
        row.tag
        for row in models.Failures.objects.filter(suppressed=0)
        if all(now - moment > rules.WINDOW + rules.LOCKED_FOR for moment in row.times)
    ]
    gone, _ = models.Failures.objects.filter(tag__in=stale).delete()
    return old + gone
