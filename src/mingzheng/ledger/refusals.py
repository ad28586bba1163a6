"""A refused act is written down, in the dealing it belongs to or in the person's own stream, but never as a flood."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.event import to_json
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import vault
from mingzheng.ledger.chaining import append
from mingzheng.ledger.entries import draft
from mingzheng.ledger.events import ActRefused, DealingRefused

RECORDED_A_MINUTE = 10  # protects the chain from a flood; the number left out is written with the next one recorded


def record(act: str, refused: Refused, actor: Actor, dealing: UUID | None) -> None:
    """Record a refusal in a transaction of its own, after the refused one was rolled back."""
    at = clock.now()
    facts = {name: _plain(value) for name, value in refused.facts.items()}
    with transaction.atomic():
        suppressed = _rate(vault.tag("refusal", actor.person, act, refused.code), at)
        if suppressed is None:
            return
        happened: Any
        if dealing is not None:
            happened = DealingRefused(dealing=dealing, act=act, code=refused.code, facts=facts, suppressed=suppressed)
        else:
            assert actor.person is not None
            happened = ActRefused(person=actor.person, act=act, code=refused.code, facts=facts, suppressed=suppressed)
        d = draft(happened, actor, at)
        with connection.cursor() as cursor:
            append(cursor, d)


def _plain(value: Any) -> Any:
    try:
        return to_json(value)
    except TypeError:
        return str(value)


def _rate(tag: str, at: datetime) -> int | None:
    """How many were left out before this one; None when this one is to be left out too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_refusal_rate values (%s, %s, 0, 0) on conflict do nothing",
            [tag, at],
        )
        cursor.execute("select since, recorded, suppressed from ledger_refusal_rate where tag = %s for update", [tag])
        since, recorded, suppressed = cursor.fetchone()
        if at - since > timedelta(minutes=1):
            since, recorded = at, 0
        if recorded >= RECORDED_A_MINUTE:
            cursor.execute("update ledger_refusal_rate set suppressed = suppressed + 1 where tag = %s", [tag])
            return None
        cursor.execute(
            "update ledger_refusal_rate set since = %s, recorded = %s, suppressed = 0 where tag = %s",
            [since, recorded + 1, tag],
        )
        return int(suppressed)
