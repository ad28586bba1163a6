"""What a lot's file holds, line by line, and whether it is whole. Read from the stages; nobody types it."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import digest as digests
from mingzheng.kernel import ports
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.entries import Entry, stored_stream
from mingzheng.ledger.reading import stream_entries, whole
from mingzheng.stages.archiving import models, queries, rules
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering


@dataclass(frozen=True, slots=True)
class Line:
    """An item found in the stages: its class and kind, the entry that made it, its extent (pages or bytes) and digest."""

    category: str
    kind: str
    title: str
    event: str
    made_at: datetime
    extent: str
    digest: str
    reference: str
    medium: str = "electronic"
    source: str = "auto"
    shelf: str = ""


def lines(lot: UUID, *, extents: bool = True) -> list[Line]:
    """Everything, in the order of the classes and then of time; without `extents` no paper is opened to count its pages."""
    found = [*_papers(lot, extents=extents), *_criteria(lot), *_bids(lot), *_proceedings(lot), *_by_hand(lot)]
    order = list(rules.CATEGORIES)
    return sorted(found, key=lambda one: (order.index(one.category), one.made_at, one.title, one.digest))


def missing(lot: UUID, found: list[Line]) -> list[str]:
    """What the phases reached ask for and the file does not have."""
    present: dict[str, list[str]] = {}
    for one in found:
        present.setdefault(one.category, []).append(one.kind)
    phases = _asked(procedures.reached(lot), bidding.closing(lot))
    return rules.missing(phases, present) + [rules.no_seal(title) for title in issuing.unsealed(lot)]


def missing_of(lots: list[UUID]) -> dict[UUID, list[str]]:
    """What `missing` finds for many lots, from what stands in the tables alone: no stream and no paper is read."""
    reached, papers = procedures.reached_by(lots), issuing.of_lots(lots)
    closings, committees = bidding.closings(lots), evaluation.formed(lots)
    present: dict[UUID, dict[str, list[str]]] = {lot: {} for lot in lots}
    for lot in lots:
        for paper in papers[lot]:
            present[lot].setdefault(rules.CATEGORY_OF.get(paper.kind, "other"), []).append(paper.kind)
        if "announced" in reached[lot]:
            present[lot]["criteria"] = ["criteria"]
        if lot in closings and closings[lot].bids:
            present[lot]["bids"] = ["bid"]
        if lot in committees:
            present[lot].setdefault("evaluation", []).append("committee_stream")
    by_hand = models.Item.objects.filter(lot__in=lots, source="manual", number=None)
    for lot, category, medium in by_hand.values_list("lot", "category", "medium"):
        present[lot].setdefault(category, []).append(medium)
    return {
        lot: rules.missing(_asked(reached[lot], closings.get(lot)), present[lot])
        + [rules.no_seal(paper.title) for paper in papers[lot] if paper.waiting]
        for lot in lots
    }


def _asked(reached: Iterable[str], closing: bidding.ClosingFacts | None) -> set[str]:
    """The phases that ask for something: nothing was opened where there was no bid."""
    return {phase for phase in reached if phase != "opened" or closing is None or closing.bids}


def unsigned(lot: UUID) -> list[str]:
    """Seats of the committee without a valid signature under the report, each with its fault."""
    state = evaluation.evaluation(lot)
    if state is None or evaluation.report(lot) is None:
        return []
    signed = {
        e.event.seat: e
        for e in stream_entries(stored_stream(f"committee:{lot}"))
        if e.kind == "evaluation.report-signed"
    }
    faults = []
    for seat in state.seats:
        if seat.recused:
            continue
        entry = signed.get(seat.seat)
        if entry is None or seat.signed_at is None:
            faults.append(f"{seat.seat} 号席位没有签字")
        elif not _valid(entry):
            faults.append(f"{seat.seat} 号席位签字无效")
    return faults


def _valid(entry: Entry) -> bool:
    """Whether the entry's signature is by the certificate it names, in force when it was made."""
    signature = whole(entry.stream, entry.number).get("signature")
    if not signature:
        return False
    try:
        ports.get("certificates").verify_act(signature["certificate"], signature["text"], signature["value"], entry.at)
    except Refused:
        return False
    return True


def pages(content: bytes) -> str:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return f"{len(pdf.pages)} 页"


def _papers(lot: UUID, *, extents: bool) -> list[Line]:
    filed = {
        str(e.event.document): f"{e.stream}/{e.number}"
        for e in stream_entries(f"lot:{lot}")
        if e.kind == "procedures.document-filed"
    }
    store = ports.get("store")
    return [
        Line(
            rules.CATEGORY_OF.get(d.kind, "other"), d.kind, d.title, filed.get(str(d.document), ""), d.made_at,
            pages(store.read(d.object)) if extents else "", d.digest, d.object,
        )
        for d in issuing.of_lot(lot)
    ]  # fmt: skip


def _criteria(lot: UUID) -> list[Line]:
    if "announced" not in procedures.reached(lot):
        return []
    tender = tendering.tender(lot)
    notice = next(e for e in stream_entries(f"lot:{lot}") if e.kind == "tendering.notice-published")
    paper = issuing.issued(tender.tender_document)
    extent = f"{len(tender.criteria)} 项"
    return [
        Line(
            "criteria",
            "criteria",
            "评标办法与标准（招标文件内）",
            f"{notice.stream}/{notice.number}",
            tender.published_at,
            extent,
            paper.digest,
            paper.object,
        )
    ]


def _bids(lot: UUID) -> list[Line]:
    closing = bidding.closing(lot)
    if closing is None:
        return []
    closed = next(e for e in stream_entries(f"lot:{lot}") if e.kind == "bidding.bidding-closed")
    return [
        Line(
            "bids", "bid", f"投标文件 {bid.number:02d} {bid.bidder_name}", f"{closed.stream}/{closed.number}", bid.submitted_at,
            f"{bid.size} 字节", bid.file_digest, bid.object,
        )
        for bid in bidding.bids(lot)
    ]  # fmt: skip


def _proceedings(lot: UUID) -> list[Line]:
    """The committee's own stream is the record of the evaluation; a lot's stream records everything else."""
    found = []
    names = [("other", "lot_stream", "标段账本", f"lot:{lot}")]
    if evaluation.evaluation(lot) is not None:
        names.append(
            ("evaluation", "committee_stream", "评标活动记录（评标委员会账本）", stored_stream(f"committee:{lot}"))
        )
    for category, kind, title, stream in names:
        entries = stream_entries(stream)
        if entries:
            last = entries[-1]
            found.append(
                Line(
                    category,
                    kind,
                    title,
                    f"{stream}/{last.number}",
                    last.at,
                    f"{len(entries)} 条",
                    digests.named(digests.current(), last.digest),
                    f"stream:{stream}/{last.number}",
                )
            )
    return found


def _by_hand(lot: UUID) -> list[Line]:
    return [
        Line(
            one.category,
            one.medium,
            one.title,
            one.event,
            one.made_at,
            one.extent,
            one.digest,
            one.reference,
            one.medium,
            "manual",
            one.shelf,
        )
        for one in models.Item.objects.filter(lot=lot, source="manual", number=None).order_by("id")
    ]


def damage(item: queries.ItemFacts) -> str | None:
    """None when the stored item still hashes to what the catalogue says, else what it hashes to now ('' when gone)."""
    content = content_of(item)
    if content is None:
        return ""
    found = digest_of(item, content)
    return None if found == item.digest else found


def digest_of(item: queries.ItemFacts, content: bytes) -> str:
    if item.reference.startswith("stream:"):
        last = content.rstrip(b"\n").rpartition(b"\n")[2]
        return digests.like(item.digest, b"\0" + last)
    return digests.like(item.digest, content)


def content_of(item: queries.ItemFacts) -> bytes | None:
    """The bytes of a line; None when they are gone (or stand on a shelf only)."""
    if item.medium == "paper":
        return None
    if item.reference.startswith("stream:"):
        stream, _, number = item.reference.removeprefix("stream:").rpartition("/")
        texts = [entry.text for entry in stream_entries(stream) if entry.number <= int(number)]
        return "\n".join(texts).encode() + b"\n"
    store = ports.get("store")
    return bytes(store.read(item.reference)) if store.stat(item.reference) is not None else None


def retention(lot: UUID, closed: datetime) -> tuple[datetime, str]:
    """Until when the file is kept, and by which rules."""
    facts, ended = procedures.lot(lot), procedures.reached(lot).get("evaluated")
    least, rule = queries.least_years(facts.kind, facts.pack, facts.profiles)
    years = queries.years_kept(facts.kind, least)
    until = rules.retain_until(closed, ended, years, max(least, years))
    return until, rule
