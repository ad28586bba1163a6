"""The database of the `ledger` bench: fresh, migrated, durable, with the client processes on it; nothing of it is left."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from mingzheng.site.bench.ledger_clients import STREAMS
from mingzheng.site.bench.measuring import MeasureFailed, limit_module
from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.postgres import ensure_postgres

PROCESSES = 4
THREADS = 4


@dataclass
class Clients:
    """The running client processes of one database. `copy` makes a database like it was when empty: address of the new one."""

    url: str
    environment: dict[str, str]
    copy: Callable[[str], str]
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    seconds: float = 4.0

    def rate(self, work: str) -> float:
        """How many a second all clients get done. MeasureFailed when one of them failed."""
        return self.run(work)[0]

    def run(self, work: str) -> tuple[float, list[Any]]:
        """The rate, and what commands acknowledged: [stream, number, time]."""
        asked = json.dumps({"work": work, "seconds": self.seconds, "threads": THREADS}) + "\n"
        for process in self.processes:
            tell(process, asked)
        said = [json.loads(hear(process)) for process in self.processes]
        failed = sum(one["failures"] for one in said)
        if failed:
            raise MeasureFailed(f"{failed} of {work}: {next(one['error'] for one in said if one['error'])}")
        return sum(one["done"] for one in said) / self.seconds, [told for one in said for told in one["acknowledged"]]


def settle(clients: Clients) -> None:
    """Place everything that waits, in a process of its own that is already running."""
    del clients
    from mingzheng.ledger import sequencing

    while sequencing.step(tick=False):
        pass


@contextlib.contextmanager
def running_clients() -> Iterator[Clients]:
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
        _disconnect()
        empty = f"{name}_empty"
        server.create_database(empty, template=name)
        stack.callback(server.drop_database, empty)

        def copy(suffix: str) -> str:
            address = server.create_database(f"{name}_{suffix}", template=empty)
            stack.callback(server.drop_database, f"{name}_{suffix}")
            return address

        clients = Clients(url, environment, copy)
        for _ in range(PROCESSES):
            clients.processes.append(stack.enter_context(helper("mingzheng.site.bench.ledger_clients", environment)))
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
def helper(module: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A helper process that says `ready`, ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        if hear(process).strip() != "ready":
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


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Say a line to a helper."""
    assert process.stdin is not None
    process.stdin.write(line)
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    """Its next line. MeasureFailed when it has ended."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise MeasureFailed("a process of the bench has ended")
    return line


def connected(clients: Clients) -> Any:
    """A connection to ask the database with."""
    import psycopg

    return psycopg.connect(clients.url, autocommit=True)


def number(clients: Clients, question: str) -> int:
    """The one number that answers a question."""
    with connected(clients) as connection:
        return int(connection.execute(question).fetchone()[0])
