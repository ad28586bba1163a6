"""Roles are given and taken by the security administrator alone."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import changes, events, models, rules


@command(by={"security_admin", "system"}, binds=True)
def grant_role(*, actor: Actor, at: datetime, person: UUID, organisation: UUID, role: str) -> events.RoleGranted:
    """Give a person a role in an organisation. Refused where the organisation or another role of the person forbids it."""
    if person == actor.person:
        raise rules.NOT_ONESELF()
    return changes.give_role(at, person, changes.house(organisation), role)


@command(by={"security_admin", "system"}, binds=True)
def withdraw_role(
    *, actor: Actor, at: datetime, person: UUID, organisation: UUID, role: str, reason: str
) -> events.RoleWithdrawn:
    """Take a role away; it is gone with the person's next request. Taking `member` closes the account there."""
    if person == actor.person:
        raise rules.NOT_ONESELF()
    if role not in rules.ROLES and role != rules.MEMBER:
        raise rules.ROLE_UNKNOWN(role=role[:40])
    held = models.Membership.objects.filter(person=person, organisation=organisation, withdrawn_at=None)
    if role != rules.MEMBER:
        held = held.filter(role=role)
    if not held.update(withdrawn_at=at):
        raise rules.ROLE_NOT_HELD(role=rules.ROLES[role].label if role in rules.ROLES else role)
    return events.RoleWithdrawn(person=person, organisation=organisation, role=role, reason=reason)
