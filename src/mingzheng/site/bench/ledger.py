"""`ledger`: appending, acknowledged commands, and the sequencer, on a fresh database of a real, durable PostgreSQL.

Sixteen clients (4 processes of 4 threads) over 1,000 streams. The door's signature check is not part of a command here.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from mingzheng.site.bench.ledger_clients import STREAMS
from mingzheng.site.bench.measuring import Measure, MeasureFailed, by_turns, limit_module, percentile
from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.postgres import ensure_postgres

PROCESSES = 4
THREADS = 4


@dataclass
class Clients:
    """The running client processes of one database."""

    url: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    seconds: float = 4.0

    def rate(self, work: str) -> float:
        """How many a second all clients get done. MeasureFailed when one of them failed."""
        return self.run(work)[0]

    def run(self, work: str) -> tuple[float, list[Any]]:
        """The rate, and what commands acknowledged: [stream, number, time]."""
        asked = json.dumps({"work": work, "seconds": self.seconds, "threads": THREADS}) + "\n"
        for process in self.processes:
            _tell(process, asked)
        said = [json.loads(_line(process)) for process in self.processes]
        failed = sum(one["failures"] for one in said)
        if failed:
            raise MeasureFailed(f"{failed} of {work}: {next(one['error'] for one in said if one['error'])}")
        return sum(one["done"] for one in said) / self.seconds, [told for one in said for told in one["acknowledged"]]


def measures(*, rounds: int, small: bool) -> Iterator[Measure]:
    """(a) appends, (b) commands, then the sequencer's cost, lag and drain."""
    with _clients() as clients:
        clients.seconds = 0.5 if small else 4.0
        yield by_turns(
            "ledger", "append", lambda: clients.rate("append"), lambda: clients.rate("insert"),
            target=0.4, unit="appends /s against bare durable INSERTs /s", rounds=rounds,
        )  # fmt: skip
        yield by_turns(
            "ledger", "command", lambda: clients.rate("command"), lambda: clients.rate("transaction"),
            target=0.6, unit="acknowledged commands /s against transactions of as many statements /s", rounds=rounds,
        )  # fmt: skip
        _settle(clients)
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


def _sequenced(clients: Clients, lags: list[float]) -> float:
    _settle(clients)
    before = _one(clients, "select seq from ledger_tree")
    with _process("mingzheng.site.bench.ledger_sequencer", clients.environment) as sequencer:
        rate, acknowledged = clients.run("command")
        until = time.monotonic() + 30
        while _one(clients, "select count(*) from ledger_unplaced") and time.monotonic() < until:
            time.sleep(0.05)
        assert sequencer.stdin is not None
        sequencer.stdin.close()
        rounds = json.loads(_line(sequencer))
    lags.extend(_lags(clients, before, acknowledged, rounds))
    return rate


def _lags(clients: Clients, before: int, acknowledged: list[Any], rounds: list[Any]) -> list[float]:
    """Seconds from a command's acknowledgement to the end of the round that placed its entry (0 when placed before)."""
    at = {(stream, number): moment for stream, number, moment in acknowledged}
    found, seq, placed_by = [], before, iter(rounds)
    moment = 0.0
    with _connected(clients) as connection:
        rows = connection.execute("select seq, stream, number from ledger_order where seq > %s order by seq", [before])
        for number, stream, place in rows:
            while number > seq:
                moment, count = next(placed_by)
                seq += count
            if (stream, place) in at:
                found.append(max(0.0, moment - at[stream, place]))
    if len(found) != len(at):
        raise MeasureFailed(f"{len(at) - len(found)} acknowledged entries have no place in the log")
    return found


def _drained(clients: Clients, rounds: int) -> Measure:
    """How fast the sequencer places what has piled up, against the rate of bare INSERTs."""

    def drain() -> float:
        _settle(clients)
        for _ in range(3):
            clients.rate("append")
        waiting = _one(clients, "select count(*) from ledger_unplaced")
        began = time.perf_counter()
        _settle(clients)
        return waiting / (time.perf_counter() - began)

    return by_turns(
        "ledger", "drain", drain, lambda: clients.rate("insert"),
        target=3.0, unit="entries placed /s from a backlog against bare durable INSERTs /s", rounds=rounds,
    )  # fmt: skip


def _settle(clients: Clients) -> None:
    """Place everything that waits, in a process of its own that is already running."""
    del clients
    from mingzheng.ledger import sequencing

    while sequencing.step(tick=False):
        pass


@contextlib.contextmanager
def _clients() -> Iterator[Clients]:
    """A fresh database, migrated, with the clients' processes on it; nothing of it is left."""
    server = ensure_postgres(checkout())
    name = f"mz_bench_{os.getpid()}_{secrets.token_hex(4)}"
    with tempfile.TemporaryDirectory(prefix="mingzheng-bench-") as state, contextlib.ExitStack() as stack:
        url = server.create_database(name)
        stack.callback(server.stop)
        stack.callback(server.drop_database, name)
        environment = {
            **os.environ, "DATABASE_URL": url, "MINGZHENG_STATE": state, "MINGZHENG_MODE": "test",
            "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings",
        }  # fmt: skip
        os.environ.update(environment)
        _migrate(url)
        clients = Clients(url, environment)
        for _ in range(PROCESSES):
            clients.processes.append(stack.enter_context(_process("mingzheng.site.bench.ledger_clients", environment)))
        stack.callback(_disconnect)
        yield clients


def _migrate(url: str) -> None:
    import psycopg

    from mingzheng.site.launch.django_start import set_up

    set_up()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    with psycopg.connect(url, autocommit=True) as connection:
        limit_module("ledger").prepare(connection)
        for number in range(STREAMS):
            connection.execute("insert into bench_row values (%s, 0, '')", [uuid5(NAMESPACE_OID, f"bench {number}")])


def _disconnect() -> None:
    from django.db import connection

    connection.close()


@contextlib.contextmanager
def _process(module: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A helper process that says `ready`, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        if _line(process).strip() != "ready":
            raise MeasureFailed(f"{module} did not start")
        yield process
    finally:
        if process.stdin is not None and not process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line)
    process.stdin.flush()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise MeasureFailed("a process of the bench has ended")
    return line


def _connected(clients: Clients) -> Any:
    import psycopg

    return psycopg.connect(clients.url, autocommit=True)


def _one(clients: Clients, question: str) -> int:
    with _connected(clients) as connection:
        return int(connection.execute(question).fetchone()[0])
