"""One tender of the rehearsal, and what all steps share: the people, the clock, waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingzheng.site.rehearse.ocds import Tender
from mingzheng.site.rehearse.party import until_in
from mingzheng.site.rehearse.people import Bidder, Bidders, Cast
from mingzheng.site.rehearse.wire import Refusal

WAIT_SECONDS = 120.0
POLL_SECONDS = 0.15


class Stuck(RuntimeError):
    """The server did not come to where it should within the time of `WAIT_SECONDS`."""


@dataclass
class Envelope:
    """The bid of a bidder that stands: its id, seal, and the price inside."""

    bidder: Bidder
    bid: str
    seal: str
    price: Decimal
    status: str


@dataclass
class Play:
    """A tender being played. `problem` names the first thing that went wrong; later steps leave it alone then."""

    tender: Tender
    place: int
    procedure: str = ""
    lot: str = ""
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    taking_part: list[Bidder] = field(default_factory=list)
    outcome: str = ""
    winner: str | None = None
    winning_amount: Decimal | None = None
    entries: int = 0
    archive: Path | None = None
    problem: str = ""


@dataclass
class Stage:
    """What every step is given: the cast and the bidders."""

    cast: Cast
    bidders: Bidders

    def lot(self, play: Play) -> dict[str, Any]:
        """The lot as everybody may know it."""
        return dict(self.cast.public.get(f"/api/v1/lots/{play.lot}"))

    def jump(self, moment: str) -> None:
        """Jump the demo's clock forwards; when the answer was lost it may have jumped already."""
        try:
            until_in(lambda: self.cast.public.form("/demo/clock", to=moment))
        except Refusal as refused:
            if refused.code != "clock.not-back":
                raise


def wait(what: str, done: Callable[[], Any]) -> Any:
    """The first true answer of `done`, asked again and again. Raises `Stuck`."""
    began = time.monotonic()
    while time.monotonic() - began < WAIT_SECONDS:
        answer = done()
        if answer:
            return answer
        time.sleep(POLL_SECONDS)
    raise Stuck(f"waited {WAIT_SECONDS:.0f} s for {what}")
