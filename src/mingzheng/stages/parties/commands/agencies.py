"""委托代理: a procuring entity lets an agency act for it, and takes it back at once (RG-7.1-5; 招标投标法 12, 15)."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import changes, events, models, rules


@command(by={"procuring_entity"}, binds=True)
def authorise_agency(
    *,
    actor: Actor,
    at: datetime,
    agency: UUID,
    valid_until: datetime,
    valid_from: datetime | None = None,
    procedure: UUID | None = None,
) -> events.AgencyAuthorised:
    """Let an agency act for the own organisation, in one procedure or in all, from now or a stated time until another."""
    assert actor.organisation is not None
    if "agency" not in changes.house(agency).kinds:
        raise rules.NOT_AN_AGENCY()
    start = valid_from or at
    rules.check_period(at, start, valid_until)
    row = models.Authorisation.objects.create(
        principal=actor.organisation, agency=agency, procedure=procedure, valid_from=start, valid_until=valid_until,
        given_at=at,
    )  # fmt: skip
    return events.AgencyAuthorised(
        organisation=actor.organisation, authorisation=row.id, agency=agency, procedure=procedure, valid_from=start,
        valid_until=valid_until,
    )  # fmt: skip


@command(by={"procuring_entity"}, binds=True)
def revoke_authorisation(
    *, actor: Actor, at: datetime, authorisation: UUID, reason: str
) -> events.AuthorisationRevoked:
    """Take an authorisation back: the agency's very next act is refused."""
    assert actor.organisation is not None
    row = (
        models.Authorisation.objects.select_for_update()
        .filter(pk=authorisation, principal=actor.organisation, revoked_at=None)
        .first()
    )
    if row is None:
        raise rules.AUTHORISATION_GONE()
    row.revoked_at, row.reason = at, reason
    row.save(update_fields=["revoked_at", "reason"])
    return events.AuthorisationRevoked(
        organisation=actor.organisation, authorisation=row.id, agency=row.agency, reason=reason
    )
