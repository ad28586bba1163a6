"""HTTP with connections that stay open: one for each thread, shared by all parties whose turn the thread plays."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 600  # a busy machine needs a while for two hundred papers in one act


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

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One request. A connection the server closed meanwhile is opened again once; every act has a nonce."""
        for again in (False, True):
            link = self._link()
            try:
                link.request(method, path, body, headers)
                reply = link.getresponse()
                return Answer(reply.status, reply.headers, reply.read())
            except (http.client.HTTPException, OSError):
                self.close()
                if again:
                    raise
        raise AssertionError("unreachable")

    def _link(self) -> http.client.HTTPConnection:
        link: http.client.HTTPConnection | None = getattr(self._own, "link", None)
        if link is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            link = self._own.link = kind(self._host, timeout=TIMEOUT)
        return link

    def close(self) -> None:
        """Close this thread's connection."""
        link, self._own.link = getattr(self._own, "link", None), None
        if link is not None:
            link.close()
