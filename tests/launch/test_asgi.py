"""The web process sends files piece by piece without holding them in memory, and takes in no body without end."""

import asyncio
import io
import os
from typing import Any
from uuid import UUID

import pytest
from django.http import FileResponse, StreamingHttpResponse
from django.test import Client
from tests.walls import looking

from mingzheng.site import bodies
from mingzheng.site.asgi import SeatedApplication


class Counted(io.BytesIO):
    """A file that knows how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


async def sent(response: StreamingHttpResponse, file: Counted) -> tuple[bytes, int]:
    """What went out, and how far the reading ever was ahead of the sending."""
    got, ahead = b"", 0

    async def send(message: dict[str, object]) -> None:
        nonlocal got, ahead
        got += bytes(message.get("body", b""))  # type: ignore[call-overload]
        ahead = max(ahead, file.taken - len(got))

    await SeatedApplication().send_response(response, send)
    return got, ahead


async def test_a_file_is_read_as_it_is_sent_and_closed_afterwards() -> None:
    content = os.urandom(3_000_001)
    file = Counted(content)
    got, ahead = await sent(FileResponse(file), file)
    assert got == content
    assert ahead <= 256 * 1024 + 4096


class Sender:
    """A client that sends pieces for as long as they are taken, and hears the answer."""

    def __init__(self, piece: bytes, count: int, **told: str) -> None:
        self.piece, self.left, self.taken, self.heard = piece, count, 0, []
        headers = {
            "host": "127.0.0.1",
            "content-type": "application/json",
            **{k.replace("_", "-"): v for k, v in told.items()},
        }
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def receive(self) -> dict[str, object]:
        if self.left <= 0:
            return await asyncio.Future()  # type: ignore[no-any-return]
        self.left, self.taken = self.left - 1, self.taken + len(self.piece)
        return {"type": "http.request", "body": self.piece, "more_body": self.left > 0}

    async def send(self, message: dict[str, object]) -> None:
        self.heard.append(message)

    async def asks(self, method: str, path: str) -> int:
        """Send to this address; the status of the answer, 0 for none."""
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": self.headers, "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9), "http_version": "1.1",
        }  # fmt: skip
        await SeatedApplication()(scope, self.receive, self.send)
        return int(self.heard[0]["status"]) if self.heard else 0


ANYWHERE = [("POST", "/login/password"), ("POST", "/act/consulting.ask"), ("POST", "/nowhere"), ("PATCH", f"/upload/{UUID(int=1)}"), ("GET", "/")]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("method", "path"), ANYWHERE)
async def test_a_strangers_endless_body_ends_before_it_fills_the_disk(method: str, path: str) -> None:
    sender = Sender(bytes(1024 * 1024), 1000)
    assert await sender.asks(method, path) == 413
    assert sender.taken <= bodies.LARGEST + 1024 * 1024
    headers = dict(sender.heard[0]["headers"])
    assert headers[b"Connection"] == b"close" and headers[b"X-Content-Type-Options"] == b"nosniff"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("method", "path"), ANYWHERE)
async def test_a_body_that_is_announced_as_too_long_is_not_begun(method: str, path: str) -> None:
    sender = Sender(bytes(1024), 10, content_length=str(4 * 1024**3))
    assert await sender.asks(method, path) == 413
    assert sender.taken == 0


async def test_whoever_stops_sending_in_the_middle_gives_the_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "QUIET_SECONDS", 0.01)
    sender = Sender(b"{", 2)
    sender.left = 1
    first = sender.receive

    async def hesitate() -> dict[str, object]:
        return {**await first(), "more_body": True}

    sender.receive = hesitate  # type: ignore[method-assign]
    assert await sender.asks("POST", "/login/password") == 0


@pytest.mark.django_db
def test_only_the_session_that_owns_an_upload_may_send_a_long_piece_of_it(cast: Any) -> None:
    length = 64 * 1024 * 1024
    owner, rival = looking.visitor(cast.bidder), looking.visitor(cast.rival)
    begun = owner.post("/upload", headers={"Upload-Length": str(length), "Tus-Resumable": "1.0.0"})

    def room(client: Any, path: str) -> int:
        cookie = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        return bodies.room_for({"path": path, "method": "PATCH", "headers": [(b"cookie", cookie.encode())]})

    path = begun.headers["Location"]
    assert room(owner, path) == length
    for client, where in ((rival, path), (Client(), path), (owner, f"/upload/{UUID(int=1)}"), (owner, "/upload/x")):
        assert room(client, where) == bodies.LARGEST
    owner.post("/logout")
    assert room(owner, path) == bodies.LARGEST
