"""What may be known of an opening, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel import ports
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.opening import models, rules
from mingzheng.stages.procedures import formulas
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """Where the hall stands."""

    lot: UUID
    phase: str
    opened_at: datetime
    decryption_ends: datetime | None
    confirmation_ends: datetime | None
    read_at: datetime | None
    ended_at: datetime | None
    record: UUID | None
    board_digest: str
    drawn: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of the board: what may be shown now; price and the rest only after the reading act."""

    number: int
    bid: UUID
    dealing: UUID
    bidder: UUID
    bidder_name: str
    submitted_at: datetime
    deposit: str
    signed_in_at: datetime | None
    state: str
    decrypted_at: datetime | None
    confirmed_at: datetime | None
    cause: str
    summary: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """A bid after the reading act."""

    bid: UUID
    dealing: UUID
    bidder: UUID
    bidder_name: str
    submitted_at: datetime
    state: str
    price: Decimal
    period_days: int | None
    quality: str
    project_manager: str
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileCheckFacts:
    """How a file's check stands: state (waiting, clear, warned, held), the scanner that looked, the one connected now
    ('' for none), and what was found: code, severity, place."""

    state: str
    engine: str
    connected: str
    findings: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """An objection on the spot with its answer."""

    id: UUID
    bidder: UUID
    bidder_name: str
    text: str
    raised_at: datetime
    answer: str
    answered_at: datetime | None


def opening(lot: UUID) -> OpeningFacts | None:
    """The hall of a lot, None before it opened."""
    row = models.Opening.objects.filter(pk=lot).first()
    if row is None:
        return None
    clocks = procedures.clocks(lot)
    decryption, confirmation = clocks.get("decryption_ends"), clocks.get("confirmation_ends")
    return OpeningFacts(
        lot, row.phase, row.opened_at, decryption.due if decryption else None,
        confirmation.due if confirmation else None, row.read_at, row.ended_at, row.record, row.board_digest,
        tuple(row.drawn),
    )  # fmt: skip


def board(lot: UUID) -> tuple[BoardRow, ...]:
    """The lines of the board in order of submission; refused before closing (by bidding)."""
    opened = {row.bid: row for row in models.OpenedBid.objects.filter(lot=lot)}
    signed = dict(models.SignIn.objects.filter(lot=lot).values_list("dealing", "at"))
    closing = bidding.closing(lot)
    paid = {b["bid"]: b["deposit"] for b in closing.bids} if closing else {}
    rows = []
    for number, bid in enumerate(bidding.bids(lot, seals=False), start=1):
        row = opened.get(bid.id)
        assert bid.bidder is not None
        rows.append(
            BoardRow(
                number, bid.id, bid.dealing, bid.bidder, bid.bidder_name, bid.submitted_at,
                paid.get(str(bid.id), "none"), signed.get(bid.dealing), row.state if row else "waiting",
                row.decrypted_at if row else None, row.confirmed_at if row else None, row.cause if row else "",
                dict(row.summary) if row and row.summary is not None else None,
            )
        )  # fmt: skip
    return tuple(rows)


def opened_bids(lot: UUID) -> tuple[OpenedBid, ...]:
    """Bids as read; refused before the reading act."""
    row = models.Opening.objects.filter(pk=lot).first()
    if row is None or row.read_at is None:
        raise rules.NOT_READ_OUT()
    found = []
    for line in board(lot):
        summary = line.summary or {}
        found.append(
            OpenedBid(
                line.bid, line.dealing, line.bidder, line.bidder_name, line.submitted_at, line.state,
                Decimal(summary.get("price", "0")), summary.get("period_days"), str(summary.get("quality", "")),
                str(summary.get("project_manager", "")), summary,
            )
        )  # fmt: skip
    return tuple(found)


def parameters_to_draw(lot: UUID) -> list[dict[str, Any]]:
    """Parameters of the tender document's price formula that are drawn in the hall: name and candidates."""
    benchmark = tendering.tender(lot).benchmark
    if not benchmark:
        return []
    return [{"name": one.name, "candidates": list(one.candidates)} for one in formulas.read(benchmark).parameters]


def drawn_parameters(lot: UUID) -> dict[str, str]:
    """Parameters drawn in the hall: name -> value."""
    row = models.Opening.objects.filter(pk=lot).first()
    return {one["name"]: one["value"] for one in row.drawn} if row else {}


def objections(lot: UUID) -> list[ObjectionFacts]:
    """Objections on the spot, oldest first."""
    return [
        ObjectionFacts(o.id, o.bidder, o.bidder_name, o.text, o.raised_at, o.answer, o.answered_at)
        for o in models.HallObjection.objects.filter(lot=lot).order_by("raised_at")
    ]


@dataclass(frozen=True, slots=True)
class WordFacts:
    """One private word: with which bidder, who spoke, what, when."""

    dealing: UUID
    role: str
    speaker: str
    text: str
    at: datetime


def private_words(lot: UUID, dealing: UUID | None = None) -> list[WordFacts]:
    """Words between the host and one bidder, or for the host with every bidder; oldest first (who may is the caller's rule)."""
    rows = models.PrivateWord.objects.filter(lot=lot).order_by("at", "id")
    if dealing is not None:
        rows = rows.filter(dealing=dealing)
    return [WordFacts(row.dealing, row.role, row.speaker, row.text, row.at) for row in rows]


def parts(lot: UUID, bid: UUID) -> list[dict[str, Any]]:
    """Files of a read bid: part number, name, size, and its `check`; refused before the reading act."""
    row, found = _read(lot, bid)
    checks = {one.part: one for one in models.FileCheck.objects.filter(bid=bid)}
    rows = ports.get("sealing").parts(found.seal, row.content_key, found.object)
    return [{**one, "check": _check(checks.get(one["part"]))} for one in rows]


def _check(row: models.FileCheck | None) -> FileCheckFacts:
    """A check by another scanner than the one connected now, or by none, waits to be made again."""
    wanted = ports.get("scanner").engine
    if row is None:
        return FileCheckFacts("waiting", "", wanted, ())
    state = "waiting" if row.state != "held" and row.engine != wanted else row.state
    return FileCheckFacts(state, row.engine, wanted, tuple(row.findings))


def file_check(lot: UUID, bid: UUID, part: int) -> FileCheckFacts:
    """How the check of one file stands; refused before the reading act."""
    _read(lot, bid)
    return _check(models.FileCheck.objects.filter(bid=bid, part=part).first())


def _engine_mark() -> str:
    """What a bid whose files are all checked by the scanner connected now is marked with."""
    return f"checked {ports.get('scanner').engine}"


def unchecked(at: datetime) -> Iterator[tuple[UUID, UUID, dict[str, Any]]]:
    """Files of read bids that wait for a check and may be tried again: lot, bid, part.

    Only while the committee may need them: nothing is written about a lot whose file may be closed.
    """
    lots = [one.id for one in procedures.lots(phases=rules.CHECKED_IN) if one.standing in ("running", "suspended")]
    recently = set(
        models.FileCheck.objects.filter(state="waiting", looked_at__gt=at - rules.SEEN_AGAIN).values_list("bid", "part")
    )
    for row in models.OpenedBid.objects.filter(state="read", lot__in=lots).exclude(files_checked_by=_engine_mark()):
        for one in parts(row.lot, row.bid):
            if one["check"].state == "waiting" and (row.bid, one["part"]) not in recently:
                yield row.lot, row.bid, one


def all_checked(bid: UUID) -> str:
    """The mark a bid gets when no file of it waits; '' while one does."""
    row = models.OpenedBid.objects.get(pk=bid)
    return "" if any(one["check"].state == "waiting" for one in parts(row.lot, bid)) else _engine_mark()


def bid_file(lot: UUID, bid: UUID, part: int) -> Iterator[bytes]:
    """One file of a read bid, piece by piece (who may is the caller's rule); refused before the reading act.

    Refused as well until it has been checked, and for good when a virus was found in it.
    """
    check = file_check(lot, bid, part)
    if check.state == "waiting":
        raise rules.FILE_WAITING()
    if check.state == "held":
        raise rules.FILE_HELD(found="、".join(one["place"] for one in check.findings if one["code"] == "scanner.virus"))
    return file_content(lot, bid, part)


def file_content(lot: UUID, bid: UUID, part: int) -> Iterator[bytes]:
    """The bytes of a file of a read bid, for whoever checks it."""
    row, found = _read(lot, bid)
    return iter(ports.get("sealing").open_part(found.seal, row.content_key, found.object, part))


def _read(lot: UUID, bid: UUID) -> tuple[models.OpenedBid, bidding.BidFacts]:
    row = models.OpenedBid.objects.filter(pk=bid, lot=lot, state="read").first()
    if row is None:
        raise rules.NOT_READ_OUT()
    return row, next(one for one in bidding.bids(lot) if one.id == bid)


def signed_in(dealing: UUID) -> datetime | None:
    """When a dealing signed in."""
    row = models.SignIn.objects.filter(pk=dealing).first()
    return row.at if row else None
