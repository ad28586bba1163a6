"""Taking up a filed paper, and recording its seal. Sealing itself is a job; here its outcome becomes a fact."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.issuing import events, models, rules
from mingzheng.stages.procedures import changes as spine


@command(by={"system"})
def take_up_paper(*, actor: Actor, at: datetime, lot: UUID, document: UUID, code: str, paper: str, seal: bool) -> None:
    """Note a filed paper's verification code, and whether it waits for the seal from now on (no event)."""
    row, made = models.Paper.objects.get_or_create(
        document=document,
        defaults={
            "lot": lot, "code": code, "paper": paper, "state": rules.WAITING if seal else rules.PLAIN,
            "next_try": at if seal else None,
        },
    )  # fmt: skip
    if not made and not row.code:
        row.code = code
        row.save(update_fields=["code"])


@command(by={"system"})
def record_seal(
    *, actor: Actor, at: datetime, document: UUID, object: str, digest: str, size: int, holder: str, certificate: str,
    stamped_at: datetime, stamp: str, signature: str = "", signature_digest: str = "",
) -> list[events.PaperSealed]:  # fmt: skip
    """The sealed file lies in the store: from now on it is what everybody gets."""
    found = models.Paper.objects.get(pk=document)
    spine.lock(found.lot)
    row = models.Paper.objects.select_for_update().get(pk=document)
    if row.state != rules.WAITING:
        return []
    row.state, row.object, row.digest, row.size, row.sealed_at = rules.SEALED, object, digest, size, stamped_at
    row.holder, row.certificate, row.stamp, row.signature = holder, certificate, stamp, signature
    row.next_try, row.problem = None, ""
    row.save()
    sealed = events.PaperSealed(
        lot=row.lot, document=document, digest=digest, size=size, paper=row.paper, holder=holder, certificate=certificate,
        stamped_at=stamped_at, stamp=stamp, signature=signature_digest,
    )  # fmt: skip
    return [sealed]


@command(by={"system"})
def postpone_seal(*, actor: Actor, at: datetime, document: UUID, problem: str) -> None:
    """Key or time-stamp authority did not answer: try again later, and say so on the desks (transport, no event)."""
    row = models.Paper.objects.select_for_update().filter(pk=document, state=rules.WAITING).first()
    if row is not None:
        row.next_try, row.tries, row.problem = rules.next_try(row.tries, at), row.tries + 1, problem[:300]
        row.save()
