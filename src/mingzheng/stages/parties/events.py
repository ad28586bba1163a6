"""What happened to parties. All of it lies in sealed streams: who has an account is not for the public."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("parties.organisation-registered", stream="organisation")
class OrganisationRegistered:
    """An organisation came into the register, with its unified social credit code and what it is."""

    organisation: UUID
    name: str
    code: str
    kinds: tuple[str, ...]


@event("parties.person-added", stream="person")
class PersonAdded:
    """A person got an account under an organisation (GF-3.3: no account without one)."""

    person: UUID
    organisation: UUID
    name: str
    login: str


@event("parties.certificate-enrolled", stream="person")
class CertificateEnrolled:
    """A certificate of a trusted authority stands for this person in this organisation."""

    person: UUID
    organisation: UUID
    fingerprint: str
    serial: str
    issuer: str
    not_after: datetime


@event("parties.certificate-revoked", stream="person")
class CertificateRevoked:
    """From now on the certificate binds nobody; sessions under it end with their next request."""

    person: UUID
    organisation: UUID
    fingerprint: str
    serial: str
    reason: str


@event("parties.role-granted", stream="person")
class RoleGranted:
    """The security administrator gave a person a role within an organisation."""

    person: UUID
    organisation: UUID
    role: str


@event("parties.role-withdrawn", stream="person")
class RoleWithdrawn:
    """The role is gone with the next request."""

    person: UUID
    organisation: UUID
    role: str
    reason: str


@event("parties.agency-authorised", stream="organisation")
class AgencyAuthorised:
    """委托: a procuring entity (`organisation`) lets an agency act for it in one procedure, or in all (RG-7.1-5)."""

    organisation: UUID
    authorisation: UUID
    agency: UUID
    procedure: UUID | None
    valid_from: datetime
    valid_until: datetime


@event("parties.authorisation-revoked", stream="organisation")
class AuthorisationRevoked:
    """The agency's very next act for this principal is refused (RG-7.1-5)."""

    organisation: UUID
    authorisation: UUID
    agency: UUID
    reason: str


@event("parties.password-set", stream="person")
class PasswordSet:
    """A password for reading and drafts was set; what it is stands nowhere."""

    person: UUID


@event("parties.totp-begun", stream="person")
class TotpBegun:
    """A new authenticator secret was made and waits to be confirmed."""

    person: UUID


@event("parties.totp-confirmed", stream="person")
class TotpConfirmed:
    """The person showed a code of the new authenticator: password login is open."""

    person: UUID


@event("parties.logged-in", stream="person")
class LoggedIn:
    """A login: from where, by which way; `login` is the session's id, `object` of this operation is the platform."""

    person: UUID
    organisation: UUID
    login: UUID
    way: str
    address: str
    certificate: str
    issuer: str


@event("parties.login-refused", stream="person")
class LoginRefused:
    """Somebody tried to log in as this person and was refused, and why (RG-4.1-2)."""

    person: UUID
    way: str
    code: str
    address: str


@event("parties.stranger-refused", stream="organisation")
class StrangerRefused:
    """A login that fits no account (a foreign or unknown certificate, an unknown name). `organisation` is the centre.

    `claimed` is the certificate's fingerprint; what was typed as a name or password is not kept.
    """

    organisation: UUID
    way: str
    code: str
    address: str
    claimed: str
    suppressed: int = 0


@event("parties.organisation-chosen", stream="person")
class OrganisationChosen:
    """A person of several organisations went on in this one."""

    person: UUID
    organisation: UUID
    login: UUID


@event("parties.logged-out", stream="person")
class LoggedOut:
    """A session ended: left, idle, too-old, replaced, revoked."""

    person: UUID
    login: UUID
    why: str


@event("parties.assessment-recorded", stream="centre")
class AssessmentRecorded:
    """等级保护测评: the deployment was assessed at a level by a body; the certificate and its dates (ZB-4.4.2)."""

    level: int
    number: str
    body: str
    issued: date
    valid_until: date


@event("parties.warning-raised", stream="organisation")
class WarningRaised:
    """安全预警: sensitive data used in bulk, a way out used, roles granted in conflict (SD-3.6.3-4).

    `organisation` is the centre; kinds: sensitive_data_use, leak_channel, role_grant.
    """

    organisation: UUID
    warning: UUID
    kind: str
    person: UUID
    facts: dict[str, Any]
