"""How many live pages are open, by visitor, and how many may be. Counted in the memory of the web process that holds them."""

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings

from mingzheng.kernel.actor import Actor
from mingzheng.site import limits

PERSON: Final = "person "


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Open connections of this web process: all, those of people who are logged in, how many people, the most of one, and
    how many more were refused since it started. `limit` and `limit_of_person` are 0 where there is none."""

    open: int
    of_people: int
    people: int
    most_of_one: int
    refused: int
    limit: int
    limit_of_person: int


class Connections:
    """The open streams of one process. `factor` multiplies every limit; 0 takes the limits away."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._open: Counter[str] = Counter()
        self._refused = 0
        self._lock = threading.Lock()

    def has_room(self, visitor: str) -> bool:
        """Whether one more of this visitor would be let in; a refusal is counted."""
        with self._lock:
            self._refused += self._is_full(visitor)
            return not self._is_full(visitor)

    def take(self, visitor: str) -> bool:
        """Count one more of this visitor; False where there is no room."""
        with self._lock:
            if self._is_full(visitor):
                self._refused += 1
                return False
            self._open[visitor] += 1
            return True

    def _is_full(self, visitor: str) -> bool:
        of_one = limits.LIVE_OF_PERSON if visitor.startswith(PERSON) else limits.LIVE_OF_ADDRESS
        all_open, own = self._open.total(), self._open[visitor]
        return bool(self._factor) and (all_open >= limits.LIVE_AT_ONCE * self._factor or own >= of_one * self._factor)

    def give_back(self, visitor: str) -> None:
        """One of this visitor has ended."""
        with self._lock:
            self._open[visitor] -= 1
            if self._open[visitor] <= 0:
                del self._open[visitor]

    def of_person(self, person: UUID) -> int:
        """How many this person has open."""
        with self._lock:
            return self._open[f"{PERSON}{person}"]

    def counts(self) -> LiveCounts:
        """Numbers only: who is listening may tell who bids."""
        with self._lock:
            people = [number for visitor, number in self._open.items() if visitor.startswith(PERSON)]
            return LiveCounts(
                self._open.total(), sum(people), len(people), max(people, default=0), self._refused,
                int(limits.LIVE_AT_ONCE * self._factor), int(limits.LIVE_OF_PERSON * self._factor),
            )  # fmt: skip


connections = Connections(settings.MINGZHENG_LIMITS)


def visitor_of(actor: Actor, address: str) -> str:
    """Whose connection it is: a person's, whatever it comes from, or an address's."""
    return f"{PERSON}{actor.person}" if actor.person else f"address {limits.network(address)}"
