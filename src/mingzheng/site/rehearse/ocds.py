"""Reading tenders from OCDS 1.1 compiled releases (with the bids extension): bidders and prices, nothing else.

Dates, ceilings and currencies of the file are left aside; amounts are rounded half up to cents and taken as yuan.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingzheng.kernel.money import NotMoney, yuan

#: Statuses of the OCDS bid codelist under which nobody handed in an offer.
NO_OFFER = ("invited",)
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Offer:
    """One bid as the file has it, in the order of the file. `status` is valid, disqualified or withdrawn."""

    bidder: str
    name: str
    price: Decimal
    status: str = "valid"


@dataclass(frozen=True, slots=True)
class Tender:
    """One tender to play: `title` is its name as registered; `left_out` names bids that could not be read and why."""

    ocid: str
    title: str
    offers: tuple[Offer, ...]
    left_out: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[Offer, ...]:
        """The offers that count at the deadline: of each tenderer the last, unless it was withdrawn."""
        last: dict[str, Offer] = {}
        for offer in self.offers:
            last.pop(offer.bidder, None)
            last[offer.bidder] = offer
        return tuple(offer for offer in last.values() if offer.status != "withdrawn")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A release that cannot be played, and why."""

    line: int
    ocid: str
    reason: str


@dataclass
class Read:
    """What a file holds."""

    tenders: list[Tender] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


class Unreadable(ValueError):
    """A release that cannot be played."""


def read(path: Path, limit: int | None = None) -> Read:
    """The first `limit` releases of a file: JSON lines, a release, a release package or a record package; gzip or plain.

    OSError when the file cannot be read; everything wrong inside is listed under `skipped`.
    """
    found, seen = Read(), set()
    for count, (line, value) in enumerate(_values(path), start=1):
        if limit is not None and count > limit:
            break
        ocid = str(value.get("ocid", "")) if isinstance(value, dict) else ""
        try:
            tender = tender_of(value)
            if tender.ocid in seen:
                raise Unreadable("this ocid was played already")
            seen.add(tender.ocid)
            found.tenders.append(tender)
        except Unreadable as wrong:
            found.skipped.append(Skipped(line, ocid[:200], str(wrong)))
    return found


def _values(path: Path) -> Iterator[tuple[int, Any]]:
    """(line, release) one after another; a line that is no JSON gives None."""
    content = path.read_bytes()
    if content.startswith(GZIP):
        content = gzip.decompress(content)
    whole = _json(content)
    if isinstance(whole, dict | list):
        for release in _releases(whole):
            yield 1, release
        return
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            for release in _releases(_json(line)):
                yield number, release


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _releases(value: Any) -> list[Any]:
    """The releases inside a package, or the value itself."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(value.get("releases"), list):
        return list(value["releases"])
    if isinstance(value, dict) and isinstance(value.get("records"), list):
        return [one.get("compiledRelease") if isinstance(one, dict) else None for one in value["records"]]
    return [value]


def tender_of(value: Any) -> Tender:
    """The tender of a compiled release. Raises `Unreadable`."""
    if not isinstance(value, dict):
        raise Unreadable("not a JSON object")
    ocid = value.get("ocid")
    if not isinstance(ocid, str) or not ocid.strip():
        raise Unreadable("no ocid")
    bids = value.get("bids")
    details = bids.get("details") if isinstance(bids, dict) else None
    if not isinstance(details, list):
        raise Unreadable("no bids.details")
    names = _names(value.get("parties"))
    offers, left_out = [], []
    for place, detail in enumerate(details):
        try:
            offer = _offer(detail, names)
        except Unreadable as wrong:
            left_out.append(f"bids.details[{place}]: {wrong}")
        else:
            offers += [offer] if offer else []
    if details and not offers and left_out:
        raise Unreadable(f"no bid can be read: {left_out[0]}")
    about = value.get("tender")
    title = str(about.get("title") or about.get("id") or "") if isinstance(about, dict) else ""
    return Tender(ocid.strip(), _clean(f"{title} {ocid}") or "OCDS", tuple(offers), tuple(left_out))


def _offer(detail: Any, names: dict[str, str]) -> Offer | None:
    if not isinstance(detail, dict):
        raise Unreadable("not an object")
    status = str(detail.get("status") or "valid")
    if status in NO_OFFER:
        return None
    bidder, name = _tenderer(detail.get("tenderers"))
    worth = detail.get("value")
    amount = worth.get("amount") if isinstance(worth, dict) else None
    if amount is None:
        raise Unreadable("no amount")
    try:
        price = yuan(amount)
    except (NotMoney, TypeError) as wrong:
        raise Unreadable(str(wrong)[:120]) from None
    known = status if status in ("disqualified", "withdrawn") else "valid"
    return Offer(bidder, _clean(names.get(bidder) or name) or _clean(bidder) or "投标人", price, known)


def _tenderer(listed: Any) -> tuple[str, str]:
    """Id and name of who bids; of a consortium the first member, which leads it."""
    if not isinstance(listed, list) or not listed or not isinstance(listed[0], dict):
        raise Unreadable("no tenderers")
    identity = listed[0].get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if not isinstance(identity, str) or not identity.strip():
        raise Unreadable("the tenderer has no id")
    return identity, str(listed[0].get("name") or "")


def _names(parties: Any) -> dict[str, str]:
    if not isinstance(parties, list):
        return {}
    return {
        one["id"]: str(one.get("name") or "")
        for one in parties
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }


def _clean(text: str) -> str:
    """A name as it can be registered: printable, on one line, at most 100 characters."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(kept.encode("utf-8", "ignore").decode("utf-8").split())[:100]
