"""Password and authenticator of the second way in, which gives reading and drafts only."""

import secrets as randomness
from base64 import b32encode
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import NEEDS_CERTIFICATE, NOT_YOURS
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import events, models, rules
from mingzheng.stages.parties.queries import passwords


def _own(actor: Actor, person: UUID | None) -> models.Person:
    """The person itself, after a certificate login: whoever has only the password cannot replace it."""
    whose = person or actor.person
    if actor.strength != "system":
        if whose != actor.person:
            raise NOT_YOURS()
        if actor.strength != "certificate":
            raise NEEDS_CERTIFICATE()
    row = models.Person.objects.filter(pk=whose, active=True).first() if whose else None
    if row is None:
        raise rules.NO_SUCH_PERSON()
    return row


@command(by={"member", "system"})
def set_password(*, actor: Actor, at: datetime, password: str, person: UUID | None = None) -> events.PasswordSet:
    """Set the own password for reading and drafts; needs a certificate login."""
    row = _own(actor, person)
    rules.check_password(password, row.login)
    models.Credential.objects.update_or_create(
        person=row, defaults={"password": passwords.made(password), "changed_at": at}
    )
    return events.PasswordSet(person=row.id)


@command(by={"member", "system"})
def begin_totp(*, actor: Actor, at: datetime, person: UUID | None = None, secret: str = "") -> events.TotpBegun:
    """Make a new authenticator secret, shown once on the own account page until a code confirms it."""
    row = _own(actor, person)
    if actor.strength != "system" or not secret:
        secret = b32encode(randomness.token_bytes(20)).decode()
    models.Credential.objects.update_or_create(person=row, defaults={"totp_next": secret, "changed_at": at})
    return events.TotpBegun(person=row.id)


@command(by={"member", "system"})
def confirm_totp(*, actor: Actor, at: datetime, code: str = "", person: UUID | None = None) -> events.TotpConfirmed:
    """Show a code of the new authenticator: from now on it opens the password way."""
    row = _own(actor, person)
    held = models.Credential.objects.select_for_update().filter(person=row).first()
    if held is None or not held.totp_next:
        raise rules.CODE_NOT_RIGHT()
    step = 0 if actor.strength == "system" else passwords.totp_step(held.totp_next, code, clock.real(), after=0)
    if step is None:
        raise rules.CODE_NOT_RIGHT()
    held.totp, held.totp_next, held.totp_step, held.changed_at = held.totp_next, "", step, at
    held.save()
    return events.TotpConfirmed(person=row.id)
