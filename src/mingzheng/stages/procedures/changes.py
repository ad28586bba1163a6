"""What later stages' commands do to the spine inside their own transaction. Each returns the events to return with theirs."""

import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from mingzheng.kernel import clock as time
from mingzheng.kernel import drawing, numbering, ports
from mingzheng.stages.procedures import events, models, rules


def lock(lot: UUID, *, exclusive: bool = False) -> None:
    """Lock the lot's row until the end of the transaction: shared for acts, exclusive for changes of phase or standing."""
    with connection.cursor() as cursor:
        strength = "update" if exclusive else "share"
        cursor.execute(f"select 1 from procedures_lot where id = %s for {strength}", [lot])
        if cursor.fetchone() is None:
            raise rules.NO_SUCH_LOT()


def reach(lot: UUID, phase: str, at: datetime) -> None:
    """The lot comes to a phase (the event that says so is the caller's own)."""
    models.Lot.objects.filter(pk=lot).update(phase=phase)
    models.PhaseReached.objects.update_or_create(lot_id=lot, phase=phase, defaults={"at": at})


def start_clock(
    lot: UUID, name: str, due: datetime, at: datetime, *, because: str = "", rule: str = "", provisional: bool = False
) -> list[Any]:
    """Start a clock, or start it again with another due time."""
    models.Clock.objects.update_or_create(
        lot_id=lot,
        name=name,
        defaults={
            "started_at": at, "due": due, "because": because, "rule": rule,
            "provisional": provisional, "state": "running", "left_seconds": None,
        },
    )  # fmt: skip
    return [events.ClockStarted(lot=lot, clock=name, due=due, because=because, rule=rule, provisional=provisional)]


def move_clock(lot: UUID, name: str, due: datetime, because: str) -> list[Any]:
    """Give a running clock another due time."""
    row = models.Clock.objects.select_for_update().get(lot_id=lot, name=name)
    earlier, row.due, row.because = row.due, due, because
    row.save()
    return [events.ClockMoved(lot=lot, clock=name, due=due, earlier=earlier, because=because)]


def stop_clock(lot: UUID, name: str) -> None:
    """The clock has served (the caller's event says how)."""
    models.Clock.objects.filter(lot_id=lot, name=name).update(state="done")


def pause(lot: UUID, at: datetime) -> None:
    """Stop all running clocks, keeping the time each has left."""
    for row in models.Clock.objects.select_for_update().filter(lot_id=lot, state="running"):
        row.state, row.left_seconds = "paused", (row.due - at).total_seconds()
        row.save()


def resume(lot: UUID, at: datetime) -> dict[str, str]:
    """Let paused clocks run on with the time they had left; returns the new due times."""
    due = {}
    for row in models.Clock.objects.select_for_update().filter(lot_id=lot, state="paused"):
        row.state, row.due, row.left_seconds = "running", at + timedelta(seconds=row.left_seconds or 0), None
        row.save()
        due[row.name] = time.text(row.due)
    return due


def hold(lot: UUID, act: str, *, by: str, lifted_by: str, at: datetime, subject: UUID | None = None) -> list[Any]:
    """Block an act of the lot until `lift`."""
    row = models.Hold.objects.create(lot_id=lot, act=act, by=by, lifted_by=lifted_by, placed_at=at, subject=subject)
    return [events.HoldPlaced(lot=lot, hold=row.id, act=act, by=by, subject=subject, lifted_by=lifted_by)]


def lift(lot: UUID, subject: UUID, at: datetime, because: str) -> list[Any]:
    """Lift every hold placed for `subject`."""
    lifted = []
    for row in models.Hold.objects.select_for_update().filter(lot_id=lot, subject=subject, lifted_at=None):
        row.lifted_at = at
        row.save()
        lifted.append(events.HoldLifted(lot=lot, hold=row.id, act=row.act, because=because))
    return lifted


def fail_lot(lot: UUID, cause: str, rule: str) -> list[Any]:
    """流标: the lot ends without award; it may be tendered again."""
    row = models.Lot.objects.get(pk=lot)
    row.standing, row.cause = rules.FAILED, cause
    row.save()
    models.Clock.objects.filter(lot_id=lot, state__in=("running", "paused")).update(state="done")
    return [events.LotFailed(lot=lot, procedure=row.procedure_id, cause=cause, rule=rule)]


def end_lot(lot: UUID) -> None:
    """The lot's file is closed."""
    models.Lot.objects.filter(pk=lot, standing=rules.RUNNING).update(standing=rules.CLOSED)


def commit_seed(lot: UUID, purpose: str, at: datetime) -> list[Any]:
    """Make the seed of a draw to come and publish its digest; the seed itself stays hidden until the draw."""
    seeds = models.DrawSeed.objects.filter(lot_id=lot, purpose=purpose)
    if seeds.filter(used_at=None).exists():
        return []
    seed, number = os.urandom(drawing.SEED_BYTES), seeds.count() + 1
    models.DrawSeed.objects.create(lot_id=lot, purpose=purpose, number=number, seed=seed.hex(), made_at=at)
    commitment = drawing.commitment(seed)
    return [events.DrawSeedCommitted(lot=lot, purpose=purpose, number=number, commitment=commitment)]


def take_seed(lot: UUID, purpose: str, at: datetime) -> tuple[bytes, list[Any]]:
    """The seed committed to before this draw, and the events that commit to the next one in the same act.

    A lot announced before seeds were committed to has none: the commitment then stands only beside its own draw, and
    whoever checks sees that it did not come earlier.
    """
    late = commit_seed(lot, purpose, at)
    row = models.DrawSeed.objects.select_for_update().get(lot_id=lot, purpose=purpose, used_at=None)
    row.used_at = at
    row.save()
    return bytes.fromhex(row.seed), [*late, *commit_seed(lot, purpose, at)]


def next_serial(name: str) -> int:
    """Count up a counter, gap-free under its row lock."""
    models.Serial.objects.get_or_create(name=name)
    row = models.Serial.objects.select_for_update().get(name=name)
    row.last += 1
    row.save()
    return row.last


def file_document(
    lot: UUID, kind: str, title: str, facts: dict[str, Any], at: datetime, *, public: bool = True,
    signers: tuple[str, ...] = (), addressee: UUID | None = None,
) -> tuple[Any, list[Any]]:  # fmt: skip
    """Render a paper (kind and facts as the `documents` port knows them), keep it, and say so in the lot's chain.

    Facts every paper carries (numbers, names, issuer, place to verify) are filled in here unless given. A paper that is
    not public is for the owner, supervision and its `addressee` (an organisation) only.
    """
    from mingzheng.stages.procedures.queries import document_facts

    pdf = ports.get("documents").render(kind, {**_letterhead(lot, at), **facts})
    row = models.Document(
        lot_id=lot, kind=kind, title=title, public=public, made_at=at, signers=list(signers), addressee=addressee
    )
    row.object = f"documents/{row.id}.pdf"
    stored = ports.get("store").put_stream(row.object, [pdf])
    row.digest, row.size = stored.digest, len(pdf)
    row.save()
    filed = events.DocumentFiled(
        lot=lot, document=row.id, document_kind=kind, title=title, digest=row.digest, size=row.size,
        public=public, signers=signers,
    )  # fmt: skip
    return document_facts(row), [filed]


def _letterhead(lot: UUID, at: datetime) -> dict[str, Any]:
    from mingzheng.stages.parties import queries as parties
    from mingzheng.stages.procedures import queries

    facts = queries.lot(lot)
    number = numbering.document_code(facts.section_code, next_serial(f"document-{lot}"))
    return {
        "document_number": number, "procedure_name": facts.procedure_name, "procedure_code": facts.procedure_number,
        "lot_name": f"{facts.number:02d} {facts.name}", "lot_code": facts.section_code,
        "issuer": parties.organisation(facts.procuring_entity).name, "issued_at": at,
        "verification_url": f"{settings.MINGZHENG_ADDRESS}/verify", "centre": settings.MINGZHENG_CENTRE,
    }  # fmt: skip


def open_documents(lot: UUID, *kinds: str) -> list[Any]:
    """Make papers of these kinds public."""
    rows = list(models.Document.objects.filter(lot_id=lot, kind__in=kinds, public=False))
    models.Document.objects.filter(pk__in=[row.id for row in rows]).update(public=True)
    return [events.DocumentOpened(lot=lot, document=row.id) for row in rows]
