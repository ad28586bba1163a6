"""Bidders, host and experts of the demo who act by themselves, with their own keys, where no visitor has taken their part.

They wait a little so that a visitor can follow, longer where a visitor may want to act, longest where one has begun to.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import Refused
from mingzheng.site.demo import acting, outcome, taken
from mingzheng.site.demo.acting import do
from mingzheng.site.demo.cast import cast, others
from mingzheng.site.demo.parties import organisation_id, person_id
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures

log = structlog.get_logger()
LEADS = ("jia", "agency")  # the parts the guide offers to newcomers
SOON = timedelta(seconds=100)
LOOK_SECONDS = 4.0
TAKEN_SECONDS = 240.0
ANSWER = "已当场核对：开标数据与递交的投标文件一致，记录在案。"
WELCOME = "各位投标人好，投标文件已经截止接收，现在开标。请各单位用封装时的证书解密。"


@dataclass
class Robots:
    """One round looks at every hall that is open or about to be; `live` is the lot whose committee they also play."""

    live: UUID | None = None
    now: Callable[[], float] = time.monotonic
    _since: dict[tuple[Any, ...], float] = field(default_factory=dict)
    _coming: list[tuple[UUID, list[str]]] = field(default_factory=list)
    _looked: float = -1e9

    def round(self) -> None:
        """Do what is ripe; what a rule refuses (a visitor was quicker) is left."""
        if self.now() - self._looked >= LOOK_SECONDS:
            self._looked, self._coming = self.now(), _coming()
        for lot, bidders in self._coming:
            for place, login in enumerate(bidders):
                if self._ripe(("sign in", lot, login), self._wait(login, 3.0 + 9.0 * place, 90.0)):
                    self._do(login, "opening.sign_in", lot)
        for facts in procedures.lots(phases=("closed", "opening")):
            hall = opening.opening(facts.id)
            if hall is not None and facts.standing == "running":
                self._hall(facts.id, hall)
        if self.live is not None:
            self._committee(self.live)

    def _wait(self, login: str, usual: float, lead: float) -> float:
        """Seconds to wait for this person: a visitor's part waits for the visitor."""
        if taken.lately(login):
            return TAKEN_SECONDS
        return lead if login in LEADS else usual

    def _ripe(self, what: tuple[Any, ...], seconds: float) -> bool:
        return self.now() - self._since.setdefault(what, self.now()) >= seconds

    def _do(self, login: str, act: str, lot: UUID, **fields: Any) -> None:
        with suppress(Refused):
            do(login, act, f"robot {lot}", lot=lot, **fields)

    def _hall(self, lot: UUID, hall: opening.OpeningFacts) -> None:
        rows, host = opening.board(lot), _host(lot)
        bidders = {organisation_id(one.house.key): one.login for one in [*cast(), *others()] if "bidder" in one.roles}
        for place, row in enumerate(rows):
            if login := bidders.get(row.bidder):
                self._bidder(lot, hall, row, login, place)
        if host:
            self._host(lot, hall, rows, host)

    def _bidder(self, lot: UUID, hall: opening.OpeningFacts, row: opening.BoardRow, login: str, place: int) -> None:
        if row.signed_in_at is None and self._ripe(("late", lot, login), self._wait(login, 1.0, 20.0)):
            self._do(login, "opening.sign_in", lot)
        sealed = hall.phase == "decryption" and row.state == "waiting"
        if sealed and self._ripe(("key", lot, login), self._wait(login, 4.0 + 6.0 * place, 75.0)):
            with suppress(Refused):
                acting.release(login, lot, row.bid, f"robot {lot}")
        unconfirmed = hall.phase == "objections" and row.state == "read" and row.confirmed_at is None
        if unconfirmed and self._ripe(("confirm", lot, login), self._wait(login, 5.0 + 5.0 * place, 75.0)):
            self._do(login, "opening.confirm_record", lot, board_digest=hall.board_digest)

    def _host(self, lot: UUID, hall: opening.OpeningFacts, rows: tuple[opening.BoardRow, ...], host: str) -> None:
        """The next act of the host, when its time has come."""
        if hall.phase == "list":
            if self._ripe(("start", lot), self._wait(host, 20.0, 30.0)):
                self._do(host, "opening.say", lot, text=WELCOME)
                self._do(host, "opening.start_decryption", lot)
        elif hall.phase == "decryption":
            self._to_reading(lot, hall, rows, host)
        elif hall.phase == "objections":
            for one in opening.objections(lot):
                if one.answered_at is None and self._ripe(("answer", one.id), self._wait(host, 12.0, 20.0)):
                    self._do(host, "opening.answer_objection", lot, objection=one.id, text=ANSWER)
            over = hall.confirmation_ends is not None and clock.now() >= hall.confirmation_ends
            settled = over or all(row.confirmed_at or row.state != "read" for row in rows)
            if settled and self._ripe(("end", lot), self._wait(host, 10.0, 25.0)):
                self._do(host, "opening.end_opening", lot)

    def _to_reading(self, lot: UUID, hall: opening.OpeningFacts, rows: tuple[opening.BoardRow, ...], host: str) -> None:
        late = [row for row in rows if row.state in ("waiting", "contradicts")]
        if late:
            if hall.decryption_ends is not None and clock.now() > hall.decryption_ends:
                for row in late:
                    self._do(
                        host,
                        "opening.rule_on_bid",
                        lot,
                        bid=row.bid,
                        cause="other",
                        reason="解密时限已过，演示中时钟被快进",
                    )
            return
        if opening.parameters_to_draw(lot) and not hall.drawn:
            if self._ripe(("draw", lot), self._wait(host, 6.0, 20.0)):
                self._do(host, "opening.draw_parameters", lot)
        elif self._ripe(("read", lot), self._wait(host, 8.0, 25.0)):
            self._do(host, "opening.read_bids", lot)

    def _committee(self, lot: UUID) -> None:
        """The members of a committee a visitor has formed."""
        state = evaluation.evaluation(lot)
        if state is None or state.state == "finished" or procedures.lot(lot).standing != "running":
            return
        people = {person_id(one.login): one.login for one in cast() if "expert" in one.roles}
        seats = {seat.seat: seat for seat in state.seats}
        for place, one in enumerate(member for member in evaluation.members(lot) if member["active"]):
            seat, login = seats[one["seat"]], people.get(one["person"], "")
            if login and self._ripe(
                ("seat", lot, login, *_stand(seat, state)), self._wait(login, 2.0 + 2.0 * place, 0.0)
            ):
                self._seat(lot, login, seat, state, place)

    def _seat(
        self, lot: UUID, login: str, seat: evaluation.SeatFacts, state: evaluation.EvaluationState, place: int
    ) -> None:
        if not seat.signed_in_at:
            self._do(login, "evaluation.sign_in_member", lot)
        elif not seat.declared_at:
            self._do(login, "evaluation.declare", lot)
        elif not seat.voted and state.chair is None and all(one.declared_at for one in state.seats):
            self._do(login, "evaluation.vote_chair", lot, seat=1)
        elif state.started_at and not seat.committed_at:
            self._do(login, "evaluation.commit_scores", lot, **outcome.scores(lot, place))
        elif state.started_at and not seat.signed_at and all(one.committed_at for one in state.seats):
            self._do(login, "evaluation.sign_report", lot, report=state.report)


def _stand(seat: evaluation.SeatFacts, state: evaluation.EvaluationState) -> tuple[bool, ...]:
    """How far the seat and the committee are: each step waits anew."""
    return (
        bool(seat.signed_in_at), bool(seat.declared_at), seat.voted, bool(state.started_at), bool(seat.committed_at),
        all(one.committed_at for one in state.seats),
    )  # fmt: skip


def _host(lot: UUID) -> str:
    """The login of the lot's host."""
    person = procedures.parts(lot).get("host", (None, None))[0]
    return next((one.login for one in [*cast(), *others()] if person_id(one.login) == person), "")


def _coming() -> list[tuple[UUID, list[str]]]:
    """Lots about to open with their bidders."""
    found, now = [], clock.now()
    for facts in procedures.lots(phases=("announced",), standing="running"):
        due = procedures.clock(facts.id, "bid_deadline")
        if due is not None and timedelta(0) < due.due - now <= SOON:
            logins = [one.login for one in [*cast(), *others()] if "bidder" in one.roles]
            with_bid = [
                name for name in logins if (mine := acting.dealing(name, facts.id)) and bidding.bid(mine) is not None
            ]
            found.append((facts.id, with_bid))
    return found
