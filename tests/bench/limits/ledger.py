"""The limits of the ledger: a bare durable INSERT of one row, and a transaction of as many statements that does no more."""

import os
from typing import Any
from uuid import UUID, uuid4


def prepare(connection: Any) -> None:
    """The tables of the limits and the rows that commands and transactions change."""
    connection.execute(
        "create table bench_bare (id bigint generated always as identity primary key, stream text, text text)"
    )
    connection.execute("create table bench_done (key text primary key, act text not null, result bytea)")
    connection.execute("create table bench_row (stream uuid primary key, count integer not null, note text not null)")


def bare_insert(connection: Any, stream: str, text: str) -> None:
    """One row of an entry's size, committed by itself."""
    connection.execute("insert into bench_bare (stream, text) values (%s, %s)", [stream, text])


def orm_transaction(row_model: Any, stream: UUID, padding: str) -> None:
    """What a command sends, without a ledger: a slot, a row read and written, a row of the entry's size, an answer."""
    from django.db import connection, transaction

    with transaction.atomic():
        key = str(uuid4())
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into bench_done (key, act) values (%s, %s) on conflict do nothing returning 1", [key, "bench"]
            )
            cursor.fetchone()
        row = row_model._default_manager.get(stream=stream)
        row.count += 1
        row.save()
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into bench_bare (stream, text) values (%s, %s) returning id", [str(stream), padding * 2]
            )
            cursor.fetchone()
            cursor.execute("update bench_done set result = %s where key = %s", [os.urandom(400), key])
