"""Drawing the portal from the ledger."""

from typing import Any

from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reader
from mingzheng.readers.portal import models
from mingzheng.readers.portal.sentences import line
from mingzheng.stages.procedures import queries as procedures

STATES = {
    "tendering.notice-published": "announced", "bidding.bidding-closed": "closed", "opening.hall-opened": "opening",
    "opening.opening-ended": "opened", "evaluation.evaluation-started": "evaluation",
    "evaluation.evaluation-finished": "evaluated", "award.candidates-published": "publicity",
    "award.award-decided": "awarded", "award.contract-signed": "contracted", "archiving.file-closed": "archived",
    "procedures.lot-terminated": "terminated", "procedures.lot-failed": "failed",
}  # fmt: skip
PAPERS = {
    "tender_notice", "tender_document", "clarification", "opening_record", "candidate_publicity", "result_announcement",
    "termination_notice", "failure_notice", "suspension_notice",
}  # fmt: skip


def clear() -> None:
    for table in (models.PortalLot, models.PortalLine, models.PortalPaper, models.PortalPlan):
        table.objects.all().delete()


@reader("portal", clear=clear)
def draw(event: Any, entry: Entry) -> None:
    """Every public entry of a lot becomes a line; some move the lot's state or publish a paper."""
    if entry.kind in ("procedures.tender-plan-published", "procedures.tender-plan-published-v2"):
        models.PortalPlan.objects.update_or_create(
            plan=event.plan,
            defaults={
                "name": event.name, "location": getattr(event, "location", ""), "owner": event.procuring_entity_name, "estimate": event.estimate,
                "expected_notice": event.expected_notice, "at": entry.at, "position": entry.position,
            },
        )  # fmt: skip
        return
    if not entry.stream.startswith("lot:"):
        return
    told = line(entry.kind, event)
    if told is not None:
        title, sentence, facts = told
        models.PortalLine.objects.update_or_create(
            lot=event.lot, number=entry.number,
            defaults={
                "position": entry.position, "at": entry.at, "kind": entry.kind, "title": title, "sentence": sentence,
                "facts": facts,
            },
        )  # fmt: skip
    _move(entry.kind, event, entry)


def _move(kind: str, event: Any, entry: Entry) -> None:
    row = models.PortalLot.objects.filter(pk=event.lot)
    if kind == "procedures.lot-registered":
        facts = procedures.lot(event.lot)
        models.PortalLot.objects.update_or_create(
            lot=event.lot,
            defaults={
                "procedure": event.procedure, "code": facts.procedure_number, "number": event.number,
                "lot_name": event.name, "name": facts.procedure_name,
                "text": f"{facts.procedure_name} {event.name} {facts.procedure_number} {event.section_code}",
            },
        )  # fmt: skip
    elif kind == "procedures.document-filed" and event.document_kind in PAPERS:
        models.PortalPaper.objects.update_or_create(
            document=event.document,
            defaults={
                "lot": event.lot, "kind": event.document_kind, "title": event.title, "at": entry.at,
                "position": entry.position, "public": event.public,
            },
        )  # fmt: skip
    elif kind == "tendering.notice-published":
        row.update(
            announced_at=entry.at, opening_at=event.bid_deadline, place=event.opening_place, ceiling=event.price_ceiling
        )
    elif kind == "procedures.clock-moved" and event.clock == "bid_deadline":
        row.update(opening_at=event.due)
    elif kind == "bidding.bidding-closed":
        row.update(bidders=len(event.bids))
    elif kind == "award.candidates-published":
        row.update(publicity_ends=event.ends)
    elif kind == "award.award-decided":
        row.update(winner_name=event.winner_name, amount=event.amount, awarded_at=entry.at)
    elif kind in ("procedures.lot-suspended", "procedures.lot-resumed"):
        row.update(suspended=kind.endswith("suspended"))
    if kind in STATES and not (kind == "archiving.file-closed" and event.outcome != "awarded"):
        row.update(state=STATES[kind])
