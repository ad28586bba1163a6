"""Security warnings: what is raised by looking, by taking away, and by granting in conflict (SD-3.6.3-4)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import changes, events, models, queries, rules


@command(by={"system"})
def raise_warning(
    *, actor: Actor, at: datetime, kind: str, person: UUID, facts: dict[str, Any]
) -> events.WarningRaised:
    """A warning about what an account did, for the audit administrator."""
    return changes.warn(at, kind, person, facts)


@command(by={"system"})
def note_sensitive_view(
    *, actor: Actor, at: datetime, person: UUID, what: str, subjects: list[UUID]
) -> events.WarningRaised | None:
    """An account looked at records of a sensitive kind (experts); many different ones within an hour raise one warning."""
    tag = queries.person_tag(person)
    models.Access.objects.bulk_create(
        models.Access(tag=tag, at=at, line={"what": what, "subject": str(subject)}) for subject in subjects
    )
    since = at - rules.BULK_WINDOW
    recent = models.Access.objects.filter(tag=tag, at__gt=since)
    seen = {row.line["subject"] for row in recent if row.line.get("what") == what}
    warned = models.Warning.objects.filter(tag=tag, kind="sensitive_data_use", raised_at__gt=since).exists()
    if len(seen) < rules.BULK or warned:
        return None
    return changes.warn(at, "sensitive_data_use", person, {"what": what, "records": len(seen)})
