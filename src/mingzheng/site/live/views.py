"""Live pages: server-sent events that say "something happened in this lot", never what; the page draws itself again."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT

POLL_SECONDS = 0.15
HEARTBEAT_SECONDS = 15.0
QUEUE = 100
MOST_LOTS = 50

_listeners: dict[str, set[asyncio.Queue[str]]] = {}
_follower: asyncio.Task[None] | None = None


def _since(position: int, streams: list[str] | None = None) -> list[tuple[int, str, str]]:
    """Public entries after a platform position: (position, stream, kind)."""
    only = "and l.stream = any(%s)" if streams is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select l.position, l.stream, (e.text::json ->> 'kind') from ledger_leaf l
                join ledger_entry e using (stream, number)
                where l.position > %s and l.stream is not null {only} order by l.position limit 500""",
            [position, streams] if streams is not None else [position],
        )
        return list(cursor.fetchall())


def _last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select size - 1 from ledger_tree")
        return int(cursor.fetchone()[0])


async def _follow() -> None:
    """One task a process reads the log and hands out to all listeners; a slow one is dropped, it will reconnect."""
    position = await sync_to_async(_last)()
    while True:
        await asyncio.sleep(POLL_SECONDS)
        if not _listeners:
            position = await sync_to_async(_last)()
            continue
        for at, stream, kind in await sync_to_async(_since)(position):
            position = at
            for queue in list(_listeners.get(stream, ())):
                try:
                    queue.put_nowait(_frame(at, stream, kind))
                except asyncio.QueueFull:
                    _listeners[stream].discard(queue)


def _frame(position: int, stream: str, kind: str) -> str:
    return f"id: {position}\nevent: happened\ndata: {json.dumps({'stream': stream, 'kind': kind, 'position': position})}\n\n"


@require_GET
@page(PUBLIC_PAGE)
def live(request: HttpRequest) -> HttpResponseBase:
    """`/live?lots=<uuid>,<uuid>`: resumes after `Last-Event-ID` without loss."""
    try:
        lots = [UUID(text) for text in request.GET.get("lots", "").split(",") if text][:MOST_LOTS]
        after = int(request.headers.get("Last-Event-ID") or request.GET.get("after") or -1)
    except ValueError:
        raise BAD_INPUT(field="lots", problem="格式不对") from None
    response = StreamingHttpResponse(_stream([f"lot:{lot}" for lot in lots], after), content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _stream(streams: list[str], after: int) -> AsyncIterator[str]:
    global _follower
    if _follower is None or _follower.done():
        _follower = asyncio.create_task(_follow())
    queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
    for stream in streams:
        _listeners.setdefault(stream, set()).add(queue)
    try:
        yield "retry: 1000\n\n"
        if after >= 0:
            for position, stream, kind in await sync_to_async(_since)(after, streams):
                yield _frame(position, stream, kind)
        while True:
            try:
                yield await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": alive\n\n"
    finally:
        for stream in streams:
            with contextlib.suppress(KeyError):
                _listeners[stream].discard(queue)
                if not _listeners[stream]:
                    del _listeners[stream]
