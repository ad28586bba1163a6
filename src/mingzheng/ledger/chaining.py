"""Putting an entry on its chain: one round trip where PostgreSQL can hash (SHA-256), two where the client must (SM3)."""

from typing import Any

from django.db import OperationalError, connection, transaction

from mingzheng.kernel import digest
from mingzheng.ledger.entries import Draft
from mingzheng.ledger.tree import leaf_hash

SUITES = {name: suite for suite, name in digest.SUITES.items()}


class OtherSuite(RuntimeError):
    """This deployment's suite is not the one its log was begun with."""


def declare() -> None:
    """Say at start which digests this log has; the first time for ever. OtherSuite when it has others."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select digest from ledger_log")
        row = cursor.fetchone()
        if row is not None and row[0] != digest.current():
            raise OtherSuite(
                f"This log was begun under {SUITES[row[0]]} ({row[0]}); its entries cannot go on under "
                f"{SUITES[digest.current()]}. Set MINGZHENG_SUITE={SUITES[row[0]]}, or begin a new deployment with a "
                f"database of its own."
            )
        cursor.execute("select ledger_declare(%s)", [digest.current()])


def append(cursor: Any, draft: Draft) -> tuple[int, bytes, str]:
    """Append in the running transaction; returns number, digest and text. The chain stays locked until its end."""
    try:
        return _append(cursor, draft)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "55000":  # raised by ledger_declare
            raise OtherSuite(str(error)) from error
        raise


def _append(cursor: Any, d: Draft) -> tuple[int, bytes, str]:
    algorithm = digest.current()
    if algorithm == "sha256":
        cursor.execute(
            "select o_number, o_digest, o_text from ledger_append(%s, %s, %s, %s, %s)",
            [d.stream, d.sealed, d.before, d.after, d.box],
        )
        number, found, text = cursor.fetchone()
        return number, bytes(found), text
    cursor.execute("select o_number, o_head from ledger_next(%s, %s)", [d.stream, algorithm])
    number, head = cursor.fetchone()
    previous = digest.named(algorithm, bytes(head))
    text = f'{{{d.before},"number":{number},"previous":"{previous}",{d.after}}}'
    found = leaf_hash(text.encode())
    cursor.execute("select ledger_put(%s, %s, %s, %s, %s, %s)", [d.stream, number, d.sealed, text, found, d.box])
    return number, found, text
