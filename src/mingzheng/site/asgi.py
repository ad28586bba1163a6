"""The web process: a fixed number of threads, each with a database connection that stays open.

Django gives every request a thread, and so a database connection, of its own, which ends with it; opening connections
would then cost more than most requests. Here requests share `THREADS` of them; live streams, which last, share one.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")

from dataclasses import dataclass, field
from typing import Any

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

THREADS = 8
STREAMS = "/live"


@dataclass(slots=True)
class Seat:
    """One thread (asgiref keeps it as long as the context lives) and how many requests sit on it."""

    context: ThreadSensitiveContext = field(default_factory=ThreadSensitiveContext)
    busy: int = 0


class SeatedApplication(ASGIHandler):
    """Django's handler with lasting threads: a request takes the seat with the fewest others."""

    def __init__(self) -> None:
        super().__init__()
        self._seats = [Seat() for _ in range(THREADS)]
        self._streams = Seat()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one HTTP request."""
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is served here, not {scope['type']}")
        seat = self._streams if scope["path"] == STREAMS else min(self._seats, key=lambda one: one.busy)
        seat.busy += 1
        token = SyncToAsync.thread_sensitive_context.set(seat.context)
        try:
            await self.handle(scope, receive, send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            seat.busy -= 1


django.setup(set_prefix=False)
application = SeatedApplication()
