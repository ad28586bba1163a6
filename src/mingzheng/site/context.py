"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from mingzheng.kernel import clock
from mingzheng.kernel.actor import PUBLIC
from mingzheng.site import deployment_clock
from mingzheng.site.navigation import nav_for


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Centre, clock, actor and navigation."""
    actor = getattr(request, "actor", PUBLIC)
    now = clock.now()
    return {
        "centre": settings.MINGZHENG_CENTRE,
        "mode": settings.MINGZHENG_MODE,
        "now": now,
        "mz_now": clock.text(now),
        "mz_rate": deployment_clock.rate(),
        "demo_clock": now if settings.SIMULATED else None,
        "actor": actor,
        "nav": nav_for(actor, request.path),
    }
