"""The clients of the `ledger` bench: processes with four threads each, told on standard input what to do for how long.

Run as a module with DATABASE_URL set. One JSON line in: {"work", "seconds", "threads"}; one JSON line out when done:
{"done", "failures", "acknowledged": [[stream, number, time], ...]}. `quit` ends it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

STREAMS = 1_000
PADDING = "x" * 200


class Worker:
    """One thread's connection and its place among the streams."""

    def __init__(self, number: int) -> None:
        import psycopg

        self.plain = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        self.turn = number * 7919

    def stream(self) -> UUID:
        self.turn += 1
        return uuid5(NAMESPACE_OID, f"bench {self.turn % STREAMS}")


def kinds_of_work() -> dict[str, Callable[[Worker], list[Any] | None]]:
    """What can be asked for. A command's acknowledged entries are returned, for the lag."""
    from django.db import models

    from mingzheng.kernel.actor import Actor
    from mingzheng.kernel.event import event
    from mingzheng.ledger.writing import command
    from mingzheng.site.bench.measuring import limit_module

    limit = limit_module("ledger")

    @event("bench.row-counted", stream="lot")
    class RowCounted:
        lot: UUID
        count: int
        note: str

    class Row(models.Model):
        stream = models.UUIDField(primary_key=True)
        count = models.IntegerField(default=0)
        note = models.TextField(default="")

        class Meta:
            app_label = "site"
            managed = False
            db_table = "bench_row"

    @command(by={"system"})
    def count_row(*, actor: Actor, at: Any, lot: UUID) -> RowCounted:
        """Count one up: as little as a command can do with the ORM."""
        row = Row._default_manager.get(stream=lot)
        row.count += 1
        row.save()
        return RowCounted(lot=lot, count=row.count, note=PADDING)

    system = Actor(roles=frozenset({"system"}), strength="system", name="bench")
    before = '"actor":null,"at":"2026-03-02T09:00:00.000000+08:00","body":{"note":"' + PADDING + '"},"kind":"bench"'

    def append(worker: Worker) -> None:
        stream = f"lot:{worker.stream()}"
        after = f'"signature":null,"stream":"{stream}"'
        worker.plain.execute("select ledger_append(%s, false, %s, %s, null)", [stream, before, after])

    def acknowledged(worker: Worker) -> list[Any]:
        happened = count_row(actor=system, key=str(uuid4()), lot=worker.stream())
        return [happened.entries[0].stream, happened.entries[0].number, time.time()]

    return {
        "append": append,
        "insert": lambda worker: limit.bare_insert(worker.plain, f"lot:{worker.stream()}", before),
        "command": acknowledged,
        "transaction": lambda worker: limit.orm_transaction(Row, worker.stream(), PADDING),
    }


def _work(one: Callable[[Worker], list[Any] | None], worker: Worker, until: float, said: dict[str, Any]) -> None:
    from django.db import connection

    while time.perf_counter() < until:
        try:
            told = one(worker)
        except Exception as error:  # counted and named; the bench fails on it
            said["failures"] += 1
            said["error"] = f"{type(error).__name__}: {error}"[:300]
            continue
        said["done"] += 1
        if told:
            said["acknowledged"].append(told)
    if one.__name__ != "append":
        connection.close()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve requests until `quit`."""
    from mingzheng.site.launch.django_start import set_up

    set_up()
    kinds, workers = kinds_of_work(), [Worker(os.getpid() * 16 + n) for n in range(16)]
    _say("ready")
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        asked = json.loads(line)
        said: list[dict[str, Any]] = [{"done": 0, "failures": 0, "acknowledged": []} for _ in range(asked["threads"])]
        until = time.perf_counter() + asked["seconds"]
        threads = [
            threading.Thread(target=_work, args=(kinds[asked["work"]], workers[n], until, said[n]))
            for n in range(asked["threads"])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        whole = {
            "done": sum(one["done"] for one in said),
            "failures": sum(one["failures"] for one in said),
            "error": next((one["error"] for one in said if "error" in one), ""),
            "acknowledged": [told for one in said for told in one["acknowledged"]],
        }
        _say(json.dumps(whole))


if __name__ == "__main__":
    main()
