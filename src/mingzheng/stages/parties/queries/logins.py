"""Sessions, secrets and the record of what an account did. For this stage's own pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel.event import KINDS
from mingzheng.ledger.entries import Entry, stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.parties import events, models, rules
from mingzheng.stages.parties.queries import passwords
from mingzheng.stages.parties.queries.register import centre, login_tag, person_tag, roles_of

NO_CENTRE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class LoginFacts:
    """A session. `started` and `seen` are real time, `began_at` and `ended_at` the deployment's."""

    id: UUID
    person: UUID
    organisation: UUID
    strength: str
    certificate: str
    address: str
    began_at: datetime
    ended_at: datetime | None
    started: datetime
    seen: datetime
    why_ended: str


@dataclass(frozen=True, slots=True)
class TrailFacts:
    """One operation of an account: when, from where, what, on which object, with which outcome.

    `what` is the kind of an event, or the act that was refused. `number` counts in the entry's stream; `person` and `seq`
    are given where lines of several accounts are sought.
    """

    at: datetime
    what: str
    object: str
    address: str
    outcome: str
    number: int
    person: UUID | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """One line of the access log."""

    at: datetime
    method: str
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class WarningFacts:
    """A security warning about what an account did."""

    id: UUID
    kind: str
    person: UUID
    raised_at: datetime
    facts: dict[str, Any]


def login(login: UUID) -> LoginFacts | None:
    """One session, ended or not."""
    row = models.LoginSession.objects.filter(pk=login).first()
    return _login(row) if row else None


def sessions_of(person: UUID, *, open_only: bool = False) -> list[LoginFacts]:
    """A person's sessions, newest first."""
    rows = models.LoginSession.objects.filter(person=person).order_by("-started")
    return [_login(row) for row in (rows.filter(ended_at=None) if open_only else rows)[:200]]


def _login(row: models.LoginSession) -> LoginFacts:
    return LoginFacts(
        id=row.id, person=row.person_id, organisation=row.organisation, strength=row.strength,
        certificate=row.certificate, address=row.address, began_at=row.began_at, ended_at=row.ended_at,
        started=row.started, seen=row.seen, why_ended=row.why_ended,
    )  # fmt: skip


def locked(login: str) -> bool:
    """Whether the password way is closed for this login name, whether such an account exists or not."""
    row = models.Failures.objects.filter(tag=login_tag(login)).first()
    until = rules.locked_until(row.times) if row else None
    return until is not None and clock.real() < until


def password_opens(login: str, password: str, code: str) -> tuple[UUID | None, UUID | None, int]:
    """(whose login name it is, who may come in, the code's time step) for a typed name, password and code.

    Takes as long for a name nobody has. Both secrets are looked at whatever the first one gave.
    """
    row = models.Person.objects.filter(tag=login_tag(login), active=True).first()
    held = models.Credential.objects.filter(person=row).first() if row else None
    fits = passwords.matches(password, held.password if held else "")
    secret = held.totp if held and held.totp else passwords.NOBODYS_SECRET
    step = passwords.totp_step(secret, code, clock.real(), after=held.totp_step if held else 0)
    if row is None or held is None or not held.totp or not fits or step is None:
        return (row.id if row else None), None, 0
    return row.id, row.id, step


def totp_waiting(person: UUID) -> str:
    """The authenticator secret that waits to be confirmed, for its owner's page alone; '' when none does."""
    row = models.Credential.objects.filter(person=person).first()
    return row.totp_next if row else ""


def has_password(person: UUID) -> bool:
    """Whether the second way in is complete: a password and a confirmed authenticator."""
    row = models.Credential.objects.filter(person=person).first()
    return bool(row and row.password and row.totp)


def authorities() -> list[tuple[str, int, int]]:
    """Certificate authorities with their logins and refusals (SD-3.4.2-2)."""
    return list(models.AuthorityUse.objects.order_by("issuer").values_list("issuer", "logins", "refusals"))


def assessments() -> list[dict[str, Any]]:
    """Certificates of network-protection assessments, newest first (ZB-4.4.2)."""
    fields = ("number", "level", "body", "issued", "valid_until", "recorded_at")
    return list(models.Assessment.objects.order_by("-issued").values(*fields))


def login_history(person: UUID) -> list[TrailFacts]:
    """Logins, refusals and changes of an account from its own sealed stream, newest first, without waiting for a reader."""
    entries = stream_entries(stored_stream(f"person:{person}"))
    lines = [_line(entry) for entry in entries if _stage(entry) == "parties"]
    return [trail_fact(line, lambda at: "") for line in reversed(lines)]


def access_log(person: UUID, limit: int = 200) -> list[AccessFacts]:
    """What an account opened, newest first (LN-3.14). Whoever shows it to others asks `watched` first."""
    rows = models.Access.objects.filter(tag=person_tag(person)).order_by("-id")[: 2 * limit]
    found = [(row.at, row.line) for row in rows if "path" in row.line]
    return [AccessFacts(at, line["method"], line["path"], line["address"]) for at, line in found[:limit]]


def watched(person: UUID) -> bool:
    """Whether the audit administrator may read what this account opened: never for bidders and experts."""
    return not roles_of(person) & {"bidder", "expert"}


def warnings() -> list[WarningFacts]:
    """Security warnings, newest first (SD-3.6.3-4)."""
    return [
        WarningFacts(row.id, row.kind, UUID(row.line["person"]), row.raised_at, row.line["facts"])
        for row in models.Warning.objects.order_by("-raised_at", "-id")[:200]
    ]


def strangers() -> list[TrailFacts]:
    """Refused logins that fit no account, newest first."""
    home = centre()
    entries = stream_entries(stored_stream(f"organisation:{home.id if home else NO_CENTRE}"))
    return [
        trail_fact(_line(e), lambda at: "") for e in reversed(entries) if isinstance(e.event, events.StrangerRefused)
    ]


def trail(person: UUID) -> list[TrailFacts]:
    """Every login and operation of an account with time, address and object, newest first (ZB-4.4.1-a-2).

    What bidders and experts do in their dealings and committees is not here: it stands in streams that their lot opens
    in its time, and until then nobody may even count it.
    """
    secret = not watched(person)
    kept = [
        row.line
        for row in models.TrailLine.objects.filter(tag=person_tag(person)).order_by("-seq")
        if not (secret and row.line["business"])
    ]
    address = address_at(person)
    return [trail_fact(line, address) for line in kept]


def address_at(person: UUID) -> Callable[[datetime], str]:
    """From where a person was logged in at a moment."""
    known = sessions_of(person)

    def address(at: datetime) -> str:
        found = {
            s.address
            for s in known
            if s.began_at <= at and (s.ended_at is None or at <= s.ended_at + timedelta(seconds=1))
        }
        return "、".join(sorted(found))

    return address


def trail_line(entry: Entry) -> tuple[UUID, dict[str, Any]] | None:
    """Whose operation an entry is, and what the trail keeps of it; None for what is nobody's or sealed business."""
    if entry.event is None or KINDS[entry.kind].stream in ("dealing", "committee", "pool"):
        return None
    whose = entry.actor.get("person")
    if whose is None and KINDS[entry.kind].stream == "person":
        whose = entry.event.person
    return (UUID(str(whose)), _line(entry)) if whose else None


def _stage(entry: Entry) -> str:
    return entry.kind.partition(".")[0]


def _line(entry: Entry) -> dict[str, Any]:
    """An entry as the trail keeps it. `business` marks a refused act of another stage (a bidder's would tell who bids)."""
    happened = entry.event
    stream = KINDS[entry.kind].stream
    act = getattr(happened, "act", "")
    subject = getattr(happened, stream, "") if stream != "centre" else ""
    return {
        "at": clock.text(entry.at),
        "what": act if act and hasattr(happened, "code") else entry.kind,  # a hold names the act it blocks
        "object": f"{stream}:{subject}" if subject else stream,
        "address": getattr(happened, "address", ""),
        "outcome": getattr(happened, "code", "") or getattr(happened, "why", "") or getattr(happened, "role", ""),
        "number": entry.number,
        "business": bool(act) and not act.startswith("parties."),
    }


def trail_fact(line: dict[str, Any], address: Callable[[datetime], str]) -> TrailFacts:
    """A kept line as it is shown; an operation without an address of its own was done from where the person was logged in."""
    at = clock.parse(line["at"])
    return TrailFacts(at, line["what"], line["object"], line["address"] or address(at), line["outcome"], line["number"])
