"""The web process: a fixed number of threads, each with a database connection that stays open.

Django gives every request a thread, and so a database connection, of its own, which ends with it; opening connections
would then cost more than most requests. Here requests share `THREADS` of them; live streams, which last, share one.
"""

import io
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpResponseBase, StreamingHttpResponse

THREADS = 8
STREAMS = "/live"
AT_ONCE = 64  # pieces of a file (4 KiB each) read in one go


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
            await self._bounded(scope, receive, send)
        finally:
            SyncToAsync.thread_sensitive_context.reset(token)
            seat.busy -= 1

    async def _bounded(self, scope: Any, receive: Any, send: Any) -> None:
        """A body that is longer than this sender may send is refused before it fills the disk."""
        most = await sync_to_async(bodies.room_for)(scope) if bodies.may_be_longer(scope) else bodies.LARGEST
        body = bodies.Bounded(receive, most)
        if bodies.length_told(scope) <= most:
            await self.handle(scope, body, send)
            if not body.too_long:
                return
        request, unreadable = self.create_request(scope, io.BytesIO())
        answer = failures.bad_request(request, RequestDataTooBig()) if request is not None else unreadable
        assert answer is not None
        for name, value in {**HEADERS, "Connection": "close"}.items():  # what comes after it is not read
            answer.headers.setdefault(name, value)
        await self.send_response(answer, send)

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """Files are read piece by piece on the seat's thread; Django would read them whole into memory, and warn."""
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _pieces(iter(response.streaming_content))  # type: ignore[arg-type]
        await super().send_response(response, send)


async def _pieces(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await sync_to_async(_next)(content):
        yield piece


def _next(content: Iterator[bytes]) -> bytes:
    return b"".join(islice(content, AT_ONCE))


django.setup(set_prefix=False)

from mingzheng.site import bodies, failures  # noqa: E402 - they read models
from mingzheng.site.middleware import HEADERS  # noqa: E402

application = SeatedApplication()
