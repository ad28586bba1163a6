"""How much of a request's body is taken in before anybody has asked who sends it.

Django writes a body into a temporary file first and looks at the request afterwards, so a stranger could fill the disk by
sending without end, or hold a place by sending nothing. Here a body has an end: `LARGEST` for everybody, and more only for
a piece of an upload, as much as that upload still lacks, when the session that sends it owns the upload.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import Error

from mingzheng.adapters.storage.port import StorageFault
from mingzheng.kernel import ports
from mingzheng.site.sessions import SessionStore
from mingzheng.site.uploads import owned
from mingzheng.stages.parties import queries as parties

LARGEST: Final = 8 * 1024 * 1024  # bytes; forms and acts may have 6 MiB, papers that are looked at 2 MiB
QUIET_SECONDS = 60.0  # between two pieces of a body; then its sender is gone
UPLOADS: Final = "/upload/"

Receive = Callable[[], Awaitable[dict[str, Any]]]


class Bounded:
    """A `receive` that ends the request as if its sender had left when the body is too long or stops coming.

    `too_long` tells afterwards which of the two; the answer to disconnects after the body passes through unbounded.
    """

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left, self._whole = receive, most, False
        self.too_long = False

    async def __call__(self) -> dict[str, Any]:
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), QUIET_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.too_long = True
            return {"type": "http.disconnect"}
        self._whole = not message.get("more_body", False)
        return message


def told(scope: dict[str, Any], name: bytes) -> str:
    """A header of a request that nobody has read yet; '' without it."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def length_told(scope: dict[str, Any]) -> int:
    """What the sender says the body's length is; 0 where it does not say."""
    text = told(scope, b"content-length")
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def may_be_longer(scope: dict[str, Any]) -> bool:
    """Whether this is a piece of an upload that is longer than what everybody may send, or does not say how long it is."""
    if scope["method"] != "PATCH" or not scope["path"].startswith(UPLOADS):
        return False
    return length_told(scope) > LARGEST or not told(scope, b"content-length")


def room_for(scope: dict[str, Any]) -> int:
    """Bytes the upload at this address still lacks, if the session of the request owns it; else `LARGEST`."""
    try:
        cookies = SimpleCookie(told(scope, b"cookie"))
        upload = str(UUID(scope["path"].removeprefix(UPLOADS)))
        login = parties.login(UUID(SessionStore(cookies[settings.SESSION_COOKIE_NAME].value)["login"]))
        if login is None or login.ended_at is not None or not owned.belongs(upload, login.organisation):
            return LARGEST
        standing = ports.get("store").upload(upload)
    except (CookieError, KeyError, ValueError, StorageFault, Error):
        return LARGEST
    return max(LARGEST, int(standing.length - standing.offset))
