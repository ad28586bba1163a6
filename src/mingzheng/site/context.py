"""What every template may use."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from mingzheng.kernel import clock, digest
from mingzheng.kernel.actor import PUBLIC
from mingzheng.site import deployment_clock
from mingzheng.site.navigation import nav_for
from mingzheng.stages.notifying import queries as notifying


def _newest() -> tuple[int, datetime | None]:
    """Size and time of the newest checkpoint: what the page was drawn from."""
    with connection.cursor() as cursor:
        cursor.execute("select size, at from ledger_checkpoint order by size desc limit 1")
        row = cursor.fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Centre, clock, actor and navigation."""
    actor = getattr(request, "actor", PUBLIC)
    now = clock.now()
    size, at = _newest()
    return {
        "centre": settings.MINGZHENG_CENTRE,
        "mode": settings.MINGZHENG_MODE,
        "suite": settings.MINGZHENG_SUITE,
        "signing_agent": settings.MINGZHENG_SIGNING_AGENT,
        "digest_name": digest.current(),
        "now": now,
        "mz_now": clock.text(now),
        "mz_rate": deployment_clock.rate(),
        "demo_clock": now if settings.SIMULATED else None,
        "actor": actor,
        "nav": nav_for(actor, request.path),
        "bell": notifying.unread_count(actor.person) if actor.person else 0,
        "mz_position": size - 1,
        "checkpoint": {"size": size, "at": at} if at else None,
    }
