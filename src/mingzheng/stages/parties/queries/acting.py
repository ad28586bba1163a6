"""Who acts for whom: a login becomes an actor, an agency acts for its principal."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.stages.parties import models, rules
from mingzheng.stages.parties.queries.register import (
    OrganisationFacts,
    certificate_tag,
    names,
    organisation_facts,
    roles_of,
)


@dataclass(frozen=True, slots=True)
class AuthorisationFacts:
    """Who may act for whom; `procedure` None means all procedures of the principal."""

    id: UUID
    principal: UUID
    principal_name: str
    agency: UUID
    agency_name: str
    procedure: UUID | None
    valid_from: datetime
    valid_until: datetime
    given_at: datetime
    revoked_at: datetime | None
    reason: str

    def standing(self, at: datetime) -> str:
        """good, not-yet, over or revoked."""
        if self.revoked_at is not None and at >= self.revoked_at:
            return "revoked"
        return "not-yet" if at < self.valid_from else "over" if at >= self.valid_until else "good"


def actor_for(person: UUID, organisation: UUID, strength: str, certificate: str = "", session: str = "") -> Actor:
    """The actor a login stands for, with the roles the person holds this moment in this organisation.

    `certificate` is the fingerprint of an enrolled certificate of this very person and organisation. Refused:
    parties.not-member, parties.certificate-not-enrolled, parties.certificate-revoked, parties.certificate-expired.
    """
    facts = models.Person.objects.filter(pk=person, active=True).first()
    house = models.Organisation.objects.filter(pk=organisation).first()
    roles = roles_of(person, organisation)
    if facts is None or house is None or rules.MEMBER not in roles:
        raise rules.NOT_MEMBER()
    if certificate:
        _check_standing(certificate, person, organisation)
    return Actor(
        person=person, organisation=organisation, roles=roles | {"public"}, strength=strength, certificate=certificate,
        session=session, name=facts.name, organisation_name=house.name,
    )  # fmt: skip


def _check_standing(fingerprint: str, person: UUID, organisation: UUID) -> None:
    at = clock.now()
    row = models.Certificate.objects.filter(tag=certificate_tag(fingerprint)).first()
    if row is None or row.person_id != person or row.organisation_id != organisation:
        raise rules.CERTIFICATE_UNKNOWN()
    if row.revoked_at is not None and at >= row.revoked_at:
        raise rules.CERTIFICATE_GONE(at=row.revoked_at)
    if at > row.not_after:
        raise rules.CERTIFICATE_GONE(at=row.not_after)


def may_act_for(agency: UUID, principal: UUID, procedure: UUID | None, at: datetime) -> bool:
    """Whether an agency may act for a procuring entity in a procedure at `at` (RG-7.1-5)."""
    return any(
        rules.authorisation_stands(
            at, valid_from=a.valid_from, valid_until=a.valid_until, revoked_at=a.revoked_at, scope=a.procedure,
            procedure=procedure,
        )
        for a in models.Authorisation.objects.filter(agency=agency, principal=principal)
    )  # fmt: skip


def require_authorised(agency: UUID, principal: UUID, procedure: UUID | None, at: datetime) -> None:
    """Refuse `parties.not-authorised` unless the agency may act for the principal."""
    if not may_act_for(agency, principal, procedure, at):
        raise rules.NOT_AUTHORISED()


def authorisations(*, principal: UUID | None = None, agency: UUID | None = None) -> list[AuthorisationFacts]:
    """Authorisations given by a principal or held by an agency, newest first."""
    rows = models.Authorisation.objects.order_by("-given_at")
    if principal is not None:
        rows = rows.filter(principal=principal)
    if agency is not None:
        rows = rows.filter(agency=agency)
    found = list(rows)
    known = names({a.principal for a in found} | {a.agency for a in found})
    return [
        AuthorisationFacts(
            id=a.id, principal=a.principal, principal_name=known.get(a.principal, ""), agency=a.agency,
            agency_name=known.get(a.agency, ""), procedure=a.procedure, valid_from=a.valid_from,
            valid_until=a.valid_until, given_at=a.given_at, revoked_at=a.revoked_at, reason=a.reason,
        )
        for a in found
    ]  # fmt: skip


def principals_of(agency: UUID, at: datetime) -> list[OrganisationFacts]:
    """Procuring entities for which an agency may act now in at least one procedure, by name."""
    wanted = {a.principal for a in authorisations(agency=agency) if a.standing(at) == "good"}
    return sorted(
        (organisation_facts(row) for row in models.Organisation.objects.filter(pk__in=wanted)),
        key=lambda facts: facts.name,
    )
