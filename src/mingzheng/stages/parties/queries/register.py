"""What others may know of parties. Frozen facts; whoever calls decides who may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from mingzheng.kernel import clock
from mingzheng.ledger import vault
from mingzheng.stages.parties import models, rules


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """An organisation of the register; `code` is its unified social credit code."""

    id: UUID
    name: str
    code: str
    kinds: tuple[str, ...]
    address: str = ""
    phone: str = ""
    email: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person with one of its organisations; `profile` of experts: employer, specialties, title."""

    id: UUID
    name: str
    organisation: UUID
    organisation_name: str
    roles: frozenset[str]
    login: str
    phone: str
    email: str
    active: bool
    profile: dict[str, Any] = field(default_factory=dict)

    @property
    def specialties(self) -> tuple[str, ...]:
        return tuple(self.profile.get("specialties", ()))

    @property
    def employer(self) -> str:
        return str(self.profile.get("employer", ""))


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """An enrolled certificate. `standing` now: good, not-yet, expired or revoked."""

    fingerprint: str
    pem: str
    person: UUID
    person_name: str
    organisation: UUID
    organisation_name: str
    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    reason: str = ""

    def standing(self, at: datetime) -> str:
        if self.revoked_at is not None and at >= self.revoked_at:
            return "revoked"
        if at < self.not_before:
            return "not-yet"
        return "expired" if at > self.not_after else "good"

    def ends_soon(self, at: datetime) -> bool:
        """Whether it is good now and ends within the notice this deployment gives."""
        soon = rules.ends_soon(self.not_after, at, settings.MINGZHENG_CERTIFICATE_NOTICE_DAYS)
        return soon and self.standing(at) == "good"


def organisation_facts(row: models.Organisation) -> OrganisationFacts:
    known = {k: str(v) for k, v in row.contact.items() if k in ("address", "phone", "email", "region")}
    return OrganisationFacts(row.id, row.name, row.code, tuple(row.kinds), **known)


def organisation(organisation: UUID) -> OrganisationFacts:
    """One organisation; `parties.no-such-organisation` if there is none."""
    row = models.Organisation.objects.filter(pk=organisation).first()
    if row is None:
        raise rules.NO_SUCH_ORGANISATION()
    return organisation_facts(row)


def organisation_by_code(code: str) -> OrganisationFacts | None:
    """The organisation with this unified social credit code."""
    row = models.Organisation.objects.filter(tag=code_tag(code)).first()
    return organisation_facts(row) if row else None


def organisations(kind: str = "") -> list[OrganisationFacts]:
    """Organisations of a kind (all without one), by name."""
    rows = models.Organisation.objects.all()
    if kind:
        rows = rows.filter(kinds__contains=[kind])
    return sorted((organisation_facts(row) for row in rows), key=lambda facts: facts.name)


def names(organisations: list[UUID] | set[UUID] | tuple[UUID, ...]) -> dict[UUID, str]:
    """Names of several organisations in one question."""
    return {row.id: row.name for row in models.Organisation.objects.filter(pk__in=organisations)}


def centre() -> OrganisationFacts | None:
    """This deployment's own centre: the first one registered."""
    row = models.Organisation.objects.filter(kinds__contains=["centre"]).order_by("registered_at").first()
    return organisation_facts(row) if row else None


def code_tag(code: str) -> str:
    return vault.tag("credit-code", code.strip().upper())


def login_tag(login: str) -> str:
    return vault.tag("login", login.strip().lower())


def person_tag(person: UUID) -> str:
    return vault.tag("person", person)


def certificate_tag(fingerprint: str) -> str:
    return vault.tag("certificate", fingerprint)


def roles_of(person: UUID, organisation: UUID | None = None) -> frozenset[str]:
    """Roles a person holds now, in one organisation or anywhere."""
    rows = models.Membership.objects.filter(person=person, withdrawn_at=None)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    return frozenset(rows.values_list("role", flat=True))


def organisations_of(person: UUID) -> list[OrganisationFacts]:
    """Organisations in which a person is a member, by name."""
    rows = models.Organisation.objects.filter(memberships__person=person, memberships__withdrawn_at=None).distinct()
    return sorted((organisation_facts(row) for row in rows), key=lambda facts: facts.name)


def person(person: UUID, organisation: UUID | None = None) -> PersonFacts:
    """One person, in this or its first organisation; `parties.no-such-person` if there is none."""
    found = _people(models.Membership.objects.filter(person=person), organisation)
    if not found:
        raise rules.NO_SUCH_PERSON()
    return found[0]


def names_of(people: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and login of many people at once; who is a member nowhere is left out."""
    rows = models.Membership.objects.filter(person__in=set(people), withdrawn_at=None).select_related("person")
    return {row.person_id: (row.person.name, row.person.login) for row in rows}


def members(organisation: UUID) -> list[PersonFacts]:
    """People of an organisation with their roles there, by name."""
    return _people(models.Membership.objects.filter(organisation=organisation), organisation)


def people_with(role: str) -> list[PersonFacts]:
    """People who hold a role, by name."""
    return _people(models.Membership.objects.filter(role=role), None)


def _people(rows: Any, organisation: UUID | None) -> list[PersonFacts]:
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    rows = rows.filter(withdrawn_at=None).select_related("person", "organisation").order_by("granted_at", "id")
    pairs = {(row.person_id, row.organisation_id): row for row in rows}
    held: dict[tuple[UUID, UUID], set[str]] = {pair: set() for pair in pairs}
    people = [pair[0] for pair in pairs]
    for p, o, role in models.Membership.objects.filter(person__in=people, withdrawn_at=None).values_list(
        "person_id", "organisation_id", "role"
    ):
        if (p, o) in held:
            held[p, o].add(role)
    found = [
        PersonFacts(
            id=row.person_id, name=row.person.name, organisation=row.organisation_id,
            organisation_name=row.organisation.name, roles=frozenset(held[pair]), login=row.person.login,
            phone=row.person.phone, email=row.person.email, active=row.person.active, profile=row.person.profile,
        )
        for pair, row in pairs.items()
    ]  # fmt: skip
    return sorted(found, key=lambda facts: facts.name)


def person_by_login(login: str) -> UUID | None:
    """The person with this login name."""
    row = models.Person.objects.filter(tag=login_tag(login), active=True).only("id").first()
    return row.id if row else None


def people_of(organisation: UUID) -> list[UUID]:
    """Ids of an organisation's active people (recipients of notices)."""
    rows = models.Membership.objects.filter(organisation=organisation, withdrawn_at=None, person__active=True)
    return list(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def certificate(fingerprint: str) -> CertificateFacts:
    """An enrolled certificate; `parties.certificate-not-enrolled` for any other."""
    found = list(_certificates(models.Certificate.objects.filter(tag=certificate_tag(fingerprint))))
    if not found:
        raise rules.CERTIFICATE_UNKNOWN()
    return found[0]


def certificates_of(person: UUID) -> list[CertificateFacts]:
    """A person's certificates, newest first."""
    return _certificates(models.Certificate.objects.filter(person=person).order_by("-enrolled_at"))


def certificates_of_house(organisation: UUID) -> list[CertificateFacts]:
    """Every certificate that was enrolled for people of an organisation, good or not, newest first."""
    return _certificates(models.Certificate.objects.filter(organisation=organisation).order_by("-enrolled_at"))


def certificate_ending(person: UUID, at: datetime) -> datetime | None:
    """When a person's last certificate ends, if that is within the notice this deployment gives; None otherwise."""
    rows = models.Certificate.objects.filter(person=person, revoked_at=None, not_after__gte=at)
    last = rows.order_by("-not_after").values_list("not_after", flat=True).first()
    days = settings.MINGZHENG_CERTIFICATE_NOTICE_DAYS
    return last if last is not None and rules.ends_soon(last, at, days) else None


def certificates_in(organisation: UUID) -> list[CertificateFacts]:
    """Certificates that are good now and stand for people of an organisation (rescue holders, sealing), newest first."""
    at = clock.now()
    found = _certificates(models.Certificate.objects.filter(organisation=organisation).order_by("-enrolled_at"))
    return [one for one in found if one.standing(at) == "good"]


def _certificates(rows: Any) -> list[CertificateFacts]:
    return [
        CertificateFacts(
            fingerprint=c.fingerprint, pem=c.pem, person=c.person_id, person_name=c.person.name,
            organisation=c.organisation_id, organisation_name=c.organisation.name, serial=c.serial, issuer=c.issuer,
            not_before=c.not_before, not_after=c.not_after, revoked_at=c.revoked_at, reason=c.reason,
        )
        for c in rows.select_related("person", "organisation")
    ]  # fmt: skip


def is_out_of_use(fingerprint: str) -> bool:
    """Whether this certificate was put out of use here, by its holder, an administrator or its authority's list."""
    tag = certificate_tag(fingerprint)
    return models.Certificate.objects.filter(tag=tag, revoked_at__isnull=False).exists()


def standing_certificates() -> list[CertificateFacts]:
    """All certificates that are enrolled and not out of use, for the comparison with their authorities' lists."""
    return _certificates(models.Certificate.objects.filter(revoked_at=None))


def require_good(certificate: CertificateFacts, at: datetime) -> None:
    """Refuse a certificate that is revoked here; dates and issuer are the certificates port's question."""
    if certificate.standing(at) == "revoked":
        assert certificate.revoked_at is not None
        raise rules.CERTIFICATE_GONE(at=certificate.revoked_at)
