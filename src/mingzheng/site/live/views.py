"""Live pages: server-sent events that say "something happened in this lot", never what; the page draws itself again."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from uuid import UUID

import structlog
from asgiref.sync import sync_to_async
from django.db import Error, connection
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from mingzheng.kernel import clock
from mingzheng.kernel.page import PUBLIC_PAGE, page
from mingzheng.kernel.refusal import BAD_INPUT
from mingzheng.site.limits import LIVE_FULL
from mingzheng.site.live.connections import connections, visitor_of
from mingzheng.stages.procedures import queries as procedures

POLL_SECONDS = 0.15
HEARTBEAT_SECONDS = 15.0
QUEUE = 100
MOST_LOTS = 50
AT_ONCE = 500
AGAIN_MILLISECONDS = 10_000

Told = tuple[int, str]  # position in the log, frame
_listeners: dict[str, set[asyncio.Queue[Told]]] = {}
_dropped: set[asyncio.Queue[Told]] = set()  # too slow: their streams end, and the browser resumes after what it has
_follower: asyncio.Task[None] | None = None
log = structlog.get_logger()


def _since(position: int, streams: list[str] | None = None) -> list[tuple[int, str, str]]:
    """Public entries after a platform position: (position, stream, kind)."""
    only = "and l.stream = any(%s)" if streams is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select l.position, l.stream, (e.text::json ->> 'kind') from ledger_leaf l
                join ledger_entry e using (stream, number)
                where l.position > %s and l.stream is not null {only} order by l.position limit {AT_ONCE}""",
            [position, streams] if streams is not None else [position],
        )
        return list(cursor.fetchall())


def _last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select size - 1 from ledger_tree")
        return int(cursor.fetchone()[0])


async def _follow() -> None:
    """One task a process reads the log and hands out to all listeners; a lost database is waited for, nothing is skipped."""
    position: int | None = None
    while True:
        await asyncio.sleep(POLL_SECONDS)
        try:
            if position is None or not _listeners:
                position = await sync_to_async(_last)()
            else:
                position = _hand_out(await sync_to_async(_since)(position), position)
        except Error as error:
            log.warning("database_trouble", job="live", error=type(error).__name__)
            await sync_to_async(connection.close)()


def _hand_out(found: list[tuple[int, str, str]], position: int) -> int:
    """Every entry to those who listen to its stream; a slow one is dropped, it will come again. The last position."""
    for at, stream, kind in found:
        position = at
        for queue in _listeners.get(stream, set()) - _dropped:
            try:
                queue.put_nowait((at, _frame(at, stream, kind)))
            except asyncio.QueueFull:
                _dropped.add(queue)
    return position


def _frame(position: int, stream: str, kind: str) -> str:
    return f"id: {position}\nevent: happened\ndata: {json.dumps({'stream': stream, 'kind': kind, 'position': position})}\n\n"


@require_GET
@page(PUBLIC_PAGE)
def live(request: HttpRequest) -> HttpResponseBase:
    """`/live?lots=<uuid>,<uuid>`: resumes after `Last-Event-ID` without loss; of lots one may not know of it is silent."""
    try:
        lots = [UUID(text) for text in request.GET.get("lots", "").split(",") if text][:MOST_LOTS]
        after = int(request.headers.get("Last-Event-ID") or request.GET.get("after") or -1)
    except ValueError:
        raise BAD_INPUT(field="lots", problem="格式不对") from None
    visitor = visitor_of(request.actor, str(request.META.get("REMOTE_ADDR", "")))  # type: ignore[attr-defined]
    if not connections.has_room(visitor):
        raise LIVE_FULL()
    known, actor, at = procedures.lots_by_id(lots), request.actor, clock.now()  # type: ignore[attr-defined]
    told = [one for one in lots if one in known and procedures.may_know(known[one], actor, at)]
    counted = _counted(visitor, _stream([f"lot:{lot}" for lot in told], after))
    response = StreamingHttpResponse(counted, content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _counted(visitor: str, stream: AsyncGenerator[str]) -> AsyncIterator[str]:
    """Counted from the first piece to the end, however it ends; a stream nobody begins to read is never counted."""
    if not connections.take(visitor):  # others were quicker since the view looked
        yield f"retry: {AGAIN_MILLISECONDS}\n\n"
        return
    try:
        async with contextlib.aclosing(stream) as pieces:
            async for piece in pieces:
                yield piece
    finally:
        connections.give_back(visitor)


async def _stream(streams: list[str], after: int) -> AsyncGenerator[str]:
    global _follower
    if _follower is None or _follower.done():
        _follower = asyncio.create_task(_follow())
    queue: asyncio.Queue[Told] = asyncio.Queue(QUEUE)
    for stream in streams:
        _listeners.setdefault(stream, set()).add(queue)
    try:
        yield "retry: 1000\n\n"
        sent, missed = after, after >= 0
        while missed:
            found = await sync_to_async(_since)(sent, streams)
            for sent, stream, kind in found:
                yield _frame(sent, stream, kind)
            missed = len(found) == AT_ONCE
        while queue not in _dropped or not queue.empty():
            try:
                at, frame = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": alive\n\n"
                continue
            if at > sent:  # what was missed may have been handed out meanwhile too
                sent = at
                yield frame
    finally:
        _forget(queue, streams)


def _forget(queue: asyncio.Queue[Told], streams: list[str]) -> None:
    _dropped.discard(queue)
    for stream in streams:
        with contextlib.suppress(KeyError):
            _listeners[stream].discard(queue)
            if not _listeners[stream]:
                del _listeners[stream]
