"""Seeking through the trail: by person, kind, day and object, a page at a time, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import KINDS
from mingzheng.stages.parties import models
from mingzheng.stages.parties.queries.logins import TrailFacts, address_at, trail_fact, watched
from mingzheng.stages.parties.queries.register import person_tag

MOST_LOOKED_THROUGH = 20_000  # lines opened for one page; the next page goes on from there
AT_ONCE = 500
REFUSED = "refused"
SECRET = ("bidder", "expert")


@dataclass(frozen=True, slots=True)
class Sought:
    """What an auditor seeks; what is None or empty does not narrow. `kind` is an event's kind, or `refused`.

    Without a person the lines of all accounts are sought but those of bidders and experts, who are in no list.
    """

    person: UUID | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    objects: frozenset[str] | None = None
    before: int | None = None

    def fits(self, line: dict[str, Any]) -> bool:
        """Whether a line is what is sought, as far as its own content tells."""
        kind = line["what"] if line["what"] in KINDS else REFUSED
        asked = self.kind in ("", kind) or kind.startswith(f"{self.kind}-v")  # all versions of an event
        return asked and (self.objects is None or line["object"] in self.objects)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Lines, newest first, and from where older ones are to be sought; None when there are none."""

    lines: tuple[TrailFacts, ...]
    older: int | None


def seek(sought: Sought, limit: int) -> TrailPage:
    """One page of the trail."""
    people = {person_tag(sought.person): sought.person} if sought.person else _listed()
    secret = sought.person is not None and not watched(sought.person)
    found: list[tuple[models.TrailLine, UUID]] = []
    looked = last = 0
    for row in _rows(sought, people):
        if len(found) == limit or looked == MOST_LOOKED_THROUGH:
            return TrailPage(_facts(found), last)
        looked, last = looked + 1, row.seq
        if not (secret and row.line["business"]) and sought.fits(row.line):
            found.append((row, people[row.tag]))
    return TrailPage(_facts(found), None)


def _listed() -> dict[str, UUID]:
    """Accounts that may be listed, by tag: nobody who is or ever was a bidder or an expert."""
    hidden = models.Membership.objects.filter(role__in=SECRET).values("person")
    return {person_tag(one): one for one in models.Person.objects.exclude(pk__in=hidden).values_list("pk", flat=True)}


def _rows(sought: Sought, people: dict[str, UUID]) -> Iterator[models.TrailLine]:
    rows = models.TrailLine.objects.filter(tag__in=people).order_by("-seq")
    if sought.since is not None:
        rows = rows.filter(at__gte=sought.since)
    if sought.until is not None:
        rows = rows.filter(at__lt=sought.until)
    before = sought.before
    while True:
        piece = list((rows if before is None else rows.filter(seq__lt=before))[:AT_ONCE])
        yield from piece
        if len(piece) < AT_ONCE:
            return
        before = piece[-1].seq


def _facts(found: list[tuple[models.TrailLine, UUID]]) -> tuple[TrailFacts, ...]:
    addresses = {person: address_at(person) for person in {person for _, person in found}}
    return tuple(replace(trail_fact(row.line, addresses[person]), person=person, seq=row.seq) for row, person in found)
