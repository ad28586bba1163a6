"""Certificates are enrolled and put out of use."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import NOT_YOURS
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import changes, events, models, queries, rules


@command(by={"member", "security_admin", "system"}, binds=True)
def enrol_certificate(
    *, actor: Actor, at: datetime, certificate: str, person: UUID | None = None, organisation: UUID | None = None
) -> events.CertificateEnrolled:
    """Enrol a further certificate (PEM); those enrolled before stay good until they end or are put out of use.

    For oneself, signed with a good one; for others by a colleague of the same trading party or the security administrator.
    """
    whose, where = person or actor.person, organisation or actor.organisation
    by = _enrols_as(actor, whose, where)
    row = models.Person.objects.filter(pk=whose, active=True).first() if whose else None
    if row is None or where is None:
        raise rules.NO_SUCH_PERSON()
    if rules.MEMBER not in queries.roles_of(row.id, where):
        raise rules.NOT_MEMBER()
    return changes.take_certificate(at, row, changes.house(where), certificate, by=by)


def _enrols_as(actor: Actor, whose: UUID | None, where: UUID | None) -> str:
    """`holder`, `office` or `colleague`. Refused `access.not-yours` for everybody else."""
    if actor.strength == "system" or (whose == actor.person and where == actor.organisation):
        return "holder"
    if actor.has("security_admin"):
        return "office"
    of_own_house = where is not None and where == actor.organisation and actor.has(*rules.OWN_ROLE.values())
    if of_own_house and whose is not None and rules.MEMBER in queries.roles_of(whose, where):
        return "colleague"
    raise NOT_YOURS()


@command(by={"member", "security_admin", "system"})
def revoke_certificate(*, actor: Actor, at: datetime, fingerprint: str, reason: str) -> events.CertificateRevoked:
    """Put a certificate out of use at once: the holder or the security administrator (lost, left, replaced)."""
    row = models.Certificate.objects.select_for_update().filter(tag=queries.certificate_tag(fingerprint)).first()
    if row is None or (row.person_id != actor.person and not actor.has("security_admin", "system")):
        raise rules.CERTIFICATE_UNKNOWN()  # whether somebody else has it is nobody's business
    if row.revoked_at is not None:
        raise rules.CERTIFICATE_GONE(at=row.revoked_at)
    row.revoked_at, row.reason = at, reason
    row.save(update_fields=["revoked_at", "reason"])
    return events.CertificateRevoked(
        person=row.person_id, organisation=row.organisation_id, fingerprint=row.fingerprint, serial=row.serial,
        reason=reason,
    )  # fmt: skip
