"""`ledger`: appending, acknowledged commands, and the sequencer, on a fresh database of a real, durable PostgreSQL.

Sixteen clients (4 processes of 4 threads) over 1,000 streams. The door's signature check is not part of a command here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from mingzheng.site.bench.ledger_database import Clients, connected, hear, helper, number, running_clients, settle
from mingzheng.site.bench.ledger_growth import ENTRIES, growth
from mingzheng.site.bench.measuring import Measure, MeasureFailed, by_turns, percentile


def measures(*, rounds: int, small: bool, entries: int = ENTRIES) -> Iterator[Measure]:
    """(a) appends, (b) commands, then the sequencer's cost, lag and drain, then growth up to `entries`."""
    with running_clients() as clients:
        clients.seconds = 0.5 if small else 4.0
        yield by_turns(
            "ledger", "append", lambda: clients.rate("append"), lambda: clients.rate("insert"),
            target=0.4, unit="appends /s against bare durable INSERTs /s", rounds=rounds,
        )  # fmt: skip
        yield by_turns(
            "ledger", "command", lambda: clients.rate("command"), lambda: clients.rate("transaction"),
            target=0.6, unit="acknowledged commands /s against transactions of as many statements /s", rounds=rounds,
        )  # fmt: skip
        settle(clients)
        lags: list[float] = []
        yield by_turns(
            "ledger", "with the sequencer", lambda: _sequenced(clients, lags), lambda: clients.rate("command"),
            target=0.8, unit="commands /s with the sequencer running against without", rounds=rounds,
        )  # fmt: skip
        for share, most in ((0.5, 50.0), (0.99, 200.0)):
            lag = percentile(lags, share) * 1000 if lags else 0.0
            yield Measure(
                "ledger", f"sequencer lag p{share * 100:.0f}", lag, most, lag / most, 1.0,
                "ms from acknowledgement to place in the log", len(lags), 0 if lags else 1, least=False,
            )  # fmt: skip
        yield _drained(clients, rounds=min(rounds, 3))
        yield from growth(clients, 300 if small else entries, rounds=min(rounds, 5))


def _sequenced(clients: Clients, lags: list[float]) -> float:
    settle(clients)
    before = number(clients, "select seq from ledger_tree")
    with helper("mingzheng.site.bench.ledger_sequencer", clients.environment) as sequencer:
        rate, acknowledged = clients.run("command")
        until = time.monotonic() + 30
        while number(clients, "select count(*) from ledger_unplaced") and time.monotonic() < until:
            time.sleep(0.05)
        assert sequencer.stdin is not None
        sequencer.stdin.close()
        rounds = json.loads(hear(sequencer))
    lags.extend(_lags(clients, before, acknowledged, rounds))
    return rate


def _lags(clients: Clients, before: int, acknowledged: list[Any], rounds: list[Any]) -> list[float]:
    """Seconds from a command's acknowledgement to the end of the round that placed its entry (0 when placed before)."""
    at = {(stream, number): moment for stream, number, moment in acknowledged}
    found, seq, placed_by = [], before, iter(rounds)
    moment = 0.0
    with connected(clients) as connection:
        rows = connection.execute("select seq, stream, number from ledger_order where seq > %s order by seq", [before])
        for place_in_order, stream, entry in rows:
            while place_in_order > seq:
                moment, count = next(placed_by)
                seq += count
            if (stream, entry) in at:
                found.append(max(0.0, moment - at[stream, entry]))
    if len(found) != len(at):
        raise MeasureFailed(f"{len(at) - len(found)} acknowledged entries have no place in the log")
    return found


def _drained(clients: Clients, rounds: int) -> Measure:
    """How fast the sequencer places what has piled up, against the rate of bare INSERTs."""

    def drain() -> float:
        settle(clients)
        for _ in range(3):
            clients.rate("append")
        waiting = number(clients, "select count(*) from ledger_unplaced")
        began = time.perf_counter()
        settle(clients)
        return waiting / (time.perf_counter() - began)

    return by_turns(
        "ledger", "drain", drain, lambda: clients.rate("insert"),
        target=3.0, unit="entries placed /s from a backlog against bare durable INSERTs /s", rounds=rounds,
    )  # fmt: skip
