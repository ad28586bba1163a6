"""The database: durable, migrated, not ours to break, its clock with the machine's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from mingzheng.site.doctor.finding import Finding, judge

OLDEST = 15_00_00  # PostgreSQL 15, as server_version_num
FARTHEST = 1.0  # seconds between the two clocks
MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")
LONGEST_TRANSACTION = 600  # seconds; an old snapshot keeps the queue of the sequencer from being swept
LOGGING = ("log_statement", "log_min_duration_statement", "log_parameter_max_length")


def look(connection: Any) -> Iterator[Finding]:
    """What the server says of itself, and what is left to migrate."""
    version = int(_one(connection, "show server_version_num"))
    yield judge("database", "version", version >= OLDEST, f"PostgreSQL {version // 10000}", "PostgreSQL 15 or later")
    for name in MUST_BE_ON:
        value = str(_one(connection, f"show {name}"))
        yield judge("database", name, value != "off", value, f"{name} = on: an acknowledged act must be on the disk")
    encoding = str(_one(connection, "show server_encoding"))
    yield judge("database", "encoding", encoding == "UTF8", encoding, "create the database with encoding UTF8")
    above = bool(_one(connection, "select rolsuper from pg_roles where rolname = current_user"))
    yield judge(
        "database", "role", not above, "superuser" if above else "ordinary",
        "let the program use a role that owns its database and nothing else",
    )  # fmt: skip
    apart = abs(time.time() - float(_one(connection, "select extract(epoch from clock_timestamp())")))
    yield judge(
        "database", "clock", apart <= FARTHEST, f"{apart:.2f} s from this machine's",
        "synchronise both machines with one time source (chrony)",
    )  # fmt: skip
    yield from _care(connection)
    yield _migrations(connection)


def _care(connection: Any) -> Iterator[Finding]:
    """What slows the ledger down with time, or writes down what nobody may read."""
    sweeps = str(_one(connection, "show autovacuum"))
    yield judge(
        "database", "autovacuum", sweeps == "on", sweeps, "autovacuum = on: the sequencer's queue is swept by it"
    )
    oldest = int(
        _one(
            connection,
            "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity"
            " where datname = current_database() and backend_type = 'client backend'",
        )
        or 0
    )
    yield judge(
        "database", "transactions", oldest <= LONGEST_TRANSACTION, f"the oldest is {oldest} s old",
        "see pg_stat_activity: a dump or somebody's session holds an old snapshot; end what was forgotten",
        otherwise="warn",
    )  # fmt: skip
    written = {name: str(_one(connection, f"show {name}")) for name in LOGGING}
    loud = (written["log_statement"], written["log_min_duration_statement"]) != ("none", "-1")
    loud = loud and written["log_parameter_max_length"] != "0"
    yield judge(
        "database", "server's log", not loud, "writes statements with their values" if loud else "no values",
        "log_parameter_max_length = 0: prices and names are secret before the opening",
    )  # fmt: skip


def _migrations(connection: Any) -> Finding:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return judge(
        "database", "migrations", not waiting, f"{len(waiting)} to do" if waiting else "all done", "mingzheng migrate"
    )


def _one(connection: Any, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
        return row[0] if row else None
