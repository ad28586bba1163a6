"""Organisations and people come into the register."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import BAD_INPUT, NOT_YOURS
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import changes, events, models, queries, rules


@command(by={"public", "security_admin", "system"})
def register_organisation(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    code: str,
    kinds: list[str],
    person_name: str,
    login: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    region: str = "",
    certificate: str = "",
    organisation: UUID | None = None,
    person: UUID | None = None,
    profile: dict[str, Any] | None = None,
) -> list[Any]:
    """An organisation registers with its first person: trading parties by themselves, others by the security administrator.

    `organisation` and `person` are ids the caller made beforehand (a certificate names the person's); a certificate
    (PEM) is enrolled at once. Trading parties get the role of their kind (the centre does not admit or reject them).
    """
    by_itself = not actor.has("security_admin", "system")
    code, found = rules.check_code(code), rules.check_kinds(kinds, by_itself=by_itself)
    if not name or not person_name:
        raise BAD_INPUT(field="name", problem="没有填写")
    if by_itself:  # else anybody could take the code of a house that has not registered yet
        changes.require_certificate_of(certificate, code, at)
    given = {"id": organisation} if organisation is not None else {}
    contact = {"address": address, "phone": phone, "email": email, "region": region}
    try:
        with transaction.atomic():
            row = models.Organisation.objects.create(
                **given, name=name, code=code, tag=queries.code_tag(code), kinds=list(found), contact=contact,
                registered_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise rules.CODE_TAKEN() from None
    who, added = changes.new_person(
        at, row, id=person, name=person_name, login=login, phone=phone, email=email, profile=profile or {}
    )
    happened: list[Any] = [
        events.OrganisationRegistered(organisation=row.id, name=name, code=code, kinds=found),
        added,
        *changes.give_roles(at, who.id, row, [rules.OWN_ROLE[kind] for kind in found if kind in rules.OWN_ROLE]),
    ]
    if certificate:
        happened.append(changes.take_certificate(at, who, row, certificate))
    return happened


@command(by={"security_admin", "system", "procuring_entity", "agency", "bidder"})
def add_person(
    *,
    actor: Actor,
    at: datetime,
    organisation: UUID,
    name: str,
    login: str,
    phone: str = "",
    email: str = "",
    profile: dict[str, Any] | None = None,
    roles: list[str] | None = None,
    person: UUID | None = None,
) -> list[Any]:
    """A person gets an account under an organisation. A trading party adds its own colleagues in its own role."""
    row = changes.house(organisation)
    wanted = [role for role in roles or [] if role]
    if not actor.has("security_admin", "system"):
        if organisation != actor.organisation or not set(wanted) <= actor.roles & set(rules.OWN_ROLE.values()):
            raise NOT_YOURS()
        wanted = wanted or sorted(actor.roles & set(rules.OWN_ROLE.values()))
    who, added = changes.new_person(
        at, row, id=person, name=name, login=login, phone=phone, email=email, profile=profile or {}
    )
    return [added, *changes.give_roles(at, who.id, row, wanted)]
