"""HTTP with connections that stay open: one for each thread, shared by all parties whose turn the thread plays."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 600  # a busy machine needs a while for two hundred papers in one act
PATIENCE = 60.0  # seconds in which a request whose answer was lost is repeated
PAUSE = 0.1  # seconds before the first repetition; each is twice as long as the one before
LONGEST_PAUSE = 0.4
AGAIN = 503  # "try again": the server could not reach its database


class Lost(RuntimeError):
    """No answer came. Whether the server did what was asked is not known; only what may be repeated is asked again."""


class Refusal(RuntimeError):
    """The server did not do what was asked: its code (or HTTP status) and sentence."""

    def __init__(self, method: str, path: str, status: int, said: Any) -> None:
        self.status = status
        self.code = str(said.get("refused", "")) if isinstance(said, dict) else ""
        what = f"{self.code} {said.get('what', '')}" if isinstance(said, dict) else str(said)[:300]
        super().__init__(f"{method} {path}: {status} {what}".strip())


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status, headers and body."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return self.body.decode("utf-8", "replace")[:300]


class Server:
    """A Mingzheng server. `origin` is the address as a browser would show it (logins are bound to it)."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"not the address of a server: {url}")
        self.origin, self._secure, self._host = (
            f"{parts.scheme}://{parts.netloc}",
            parts.scheme == "https",
            parts.netloc,
        )
        self._own = threading.local()
        self._links: set[http.client.HTTPConnection] = set()
        self.acknowledged: list[tuple[str, str]] = []  # (act, digest) of every entry an answer told of

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One request, asked again while no answer comes and asking again does no harm: every act has a nonce.

        Raises `Lost` for anything else, and when the patience is over.
        """
        began, pause = time.monotonic(), PAUSE
        while True:
            try:
                answer = self._once(method, path, body, headers)
                if answer.status != AGAIN:
                    return answer
                what = f"{AGAIN}"
            except (http.client.HTTPException, OSError) as broken:
                self.close()
                what = f"{type(broken).__name__} {broken}"
            if not _repeatable(method, path) or time.monotonic() - began > PATIENCE:
                raise Lost(f"{method} {path}: no answer ({what})")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if not _repeatable(method, path):
            self.close()  # on a fresh connection "no answer" never means "closed while it was idle"
        link = self._link()
        link.request(method, path, body, headers)
        reply = link.getresponse()
        return Answer(reply.status, reply.headers, reply.read())

    def _link(self) -> http.client.HTTPConnection:
        link: http.client.HTTPConnection | None = getattr(self._own, "link", None)
        if link is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            link = self._own.link = kind(self._host, timeout=TIMEOUT)
            self._links.add(link)
        return link

    def close(self) -> None:
        """Close this thread's connection."""
        link, self._own.link = getattr(self._own, "link", None), None
        if link is not None:
            link.close()
            self._links.discard(link)

    def close_all(self) -> None:
        """Close what every thread left open."""
        while self._links:
            self._links.pop().close()


def _repeatable(method: str, path: str) -> bool:
    """Reading, acts (their nonce), beginning an upload (an empty one is forgotten), paying (its own number)."""
    return method in ("GET", "HEAD") or path == "/upload" or path.startswith(("/act/", "/demo/bank/pay"))
