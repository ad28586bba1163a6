"""Closing a file, and recording the package made of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger import packing
from mingzheng.ledger.writing import command
from mingzheng.stages.archiving import catalogue, changes, events, models, rules
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.issuing import changes as issuing
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act


@act(by={"archivist", "centre_staff"}, binds=True, after_end=True, changes_lot=True)
def close_file(*, actor: Actor, at: datetime, lot: UUID, reason: str = "") -> events.FileClosed:
    """Close the lot's file: the closing entry ties every stream and every paper together; nothing can follow it."""
    facts = procedures.lot(lot)
    if models.File.objects.filter(pk=lot).exists():
        raise rules.ALREADY_CLOSED()
    outcome = rules.outcome_of(facts.phase, facts.standing, bool(reason.strip()))
    found = catalogue.lines(lot)
    waiting = sum(one.refund_state in ("waiting", "ready") for one in deposits.of_lot(lot))
    gone = catalogue.missing(lot, found)
    rules.may_close(waiting, gone, catalogue.unsigned(lot), reason)
    streams, documents = changes.streams_of(lot), changes.files_of(lot)
    body = packing.closing_body(streams, documents)
    until, rule = catalogue.retention(lot, at)
    volume, _ = models.Volume.objects.get_or_create(
        procedure=facts.procedure, defaults={"code": facts.procedure_number, "opened_at": at}
    )
    models.File.objects.create(
        lot=lot, closed_at=at, outcome=outcome, streams=body["streams"], documents=body["documents"],
        closing_number=streams[f"lot:{lot}"][0] + 1, volume=volume, missing=gone, reason=reason, retain_until=until,
        retain_rule=rule,
    )  # fmt: skip
    changes.number_items(lot, found)
    if outcome == "awarded":
        spine.reach(lot, "archived", at)
    spine.end_lot(lot)
    issuing.leave_unsealed(lot)
    return events.FileClosed(
        lot=lot, procedure=facts.procedure, outcome=outcome, streams=body["streams"], documents=body["documents"],
        reason=reason,
    )  # fmt: skip


@command(by={"system"})
def record_package(
    *, actor: Actor, at: datetime, lot: UUID, path: str, entries: int, manifest: str, size: int
) -> list[Any]:
    """A verified package lies at `path`."""
    row = models.File.objects.select_for_update().get(pk=lot)
    if row.state == "ready":
        return []
    row.state, row.path, row.entries, row.manifest, row.size, row.packed_at = "ready", path, entries, manifest, size, at
    row.save()
    return [events.ArchivePacked(lot=lot, manifest=manifest, entries=entries, size=size)]
