"""The agent's loopback door: one page's origin, a paired page, four small answers (docs/formats/signing-agent.md).

Bound to 127.0.0.1. Host is checked against rebinding of names, Origin against other pages, the pairing against other programs.
"""

import base64
import binascii
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any, Final

from mingzheng.adapters.agent.pairing import Pairing
from mingzheng.adapters.agent.port import Person, Signer
from mingzheng.adapters.agent.reading import Wanted, to_sign, to_unwrap
from mingzheng.adapters.agent.refusals import (
    BUSY,
    DECLINED,
    FOREIGN,
    NO_SUCH_PLACE,
    NOT_PAIRED,
    TOO_LARGE,
    UNREADABLE,
)
from mingzheng.kernel.refusal import Refused

LOOPBACK: Final = "127.0.0.1"
LARGEST: Final = 1_048_576  # bytes of a request: the text of the largest act, with room
_DISCARDED: Final = 4 * LARGEST  # bytes of a refused request that are let in, so that its sender can hear why
PATIENCE: Final = 30  # seconds a connection may stay silent
MOST_CONNECTIONS: Final = 16
Answer = dict[str, str]


@dataclass(slots=True)
class Agent:
    """What the agent does for its one origin, whoever carries the question."""

    signer: Signer
    person: Person
    pairing: Pairing
    origin: str
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def pair(self, given: dict[str, Any]) -> Answer:
        """A key for this page. Refused `agent.wrong-code`, `agent.too-many-tries`."""
        key = self.pairing.pair(_text(given, "code"))
        self.person.tell([f"已与 {self.origin} 的一个页面配对 / paired with a page"])
        return {"key": key}

    def identity(self) -> Answer:
        """Whose key this is."""
        return {"certificate": self.signer.certificate, "suite": self.signer.suite, "token": self.signer.label}

    def sign(self, given: dict[str, Any]) -> Answer:
        """The signature over a text the person agreed to. Refused as `to_sign`, `agent.declined`, `agent.token-removed`."""
        text = _text(given, "text")
        self._ask(to_sign(text, self.origin, self.signer.certificate))
        return {"signature": base64.b64encode(self.signer.sign(text.encode())).decode()}

    def unwrap(self, given: dict[str, Any]) -> Answer:
        """The content key of the person's own bid. Refused as `to_unwrap`, `agent.declined`, `seal.wrong-key`."""
        wrapped, context = _bytes(given, "wrapped"), _bytes(given, "context")
        self._ask(to_unwrap(context, self.origin))
        return {"secret": base64.b64encode(self.signer.unwrap(wrapped, context).reveal()).decode()}

    def _ask(self, wanted: Wanted) -> None:
        if not self._asking.acquire(blocking=False):
            raise BUSY()
        try:
            if not self.person.agrees(wanted.lines):
                raise DECLINED()
        finally:
            self._asking.release()


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if set(given) - {"code", "text", "wrapped", "context"} or not isinstance(value, str):
        raise UNREADABLE()
    try:
        value.encode()
    except UnicodeEncodeError:
        raise UNREADABLE() from None
    return value


def _bytes(given: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(_text(given, name), validate=True)
    except (binascii.Error, ValueError):
        raise UNREADABLE() from None


class Door(ThreadingHTTPServer):
    """Serves one agent on a port of 127.0.0.1; 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 8

    def __init__(self, agent: Agent, port: int) -> None:
        self.agent = agent
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__((LOOPBACK, port), _Visit)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """More connections than one person's browser opens are closed unread."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """As the parent's, giving the room back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """A page that went away in the middle is no event."""


class _Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mingzheng-agent"
    sys_version = ""
    timeout = PATIENCE
    server: Door
    _heard = False

    def do_OPTIONS(self) -> None:
        """What a browser asks before a page of the internet may speak to this machine."""
        self._answer(dict, preflight=True)

    def do_GET(self) -> None:
        self._answer(self._got)

    def do_POST(self) -> None:
        self._answer(self._posted)

    def _got(self) -> Answer:
        self._require_paired()
        if self.path != "/identity":
            raise NO_SUCH_PLACE()
        return self.server.agent.identity()

    def _posted(self) -> Answer:
        if self.path != "/pair":
            self._require_paired()
        given = self._body()
        agent = self.server.agent
        act = {"/pair": agent.pair, "/sign": agent.sign, "/unwrap": agent.unwrap}.get(self.path)
        if act is None:
            raise NO_SUCH_PLACE()
        return act(given)

    def _require_ours(self) -> None:
        """Refused `agent.foreign-origin` unless exactly our page asks exactly us, each said once."""
        host = f"{LOOPBACK}:{self.server.server_address[1]}"
        hosts, origins = self.headers.get_all("Host") or [], self.headers.get_all("Origin") or []
        if hosts != [host] or origins != [self.server.agent.origin]:
            raise FOREIGN()

    def _require_paired(self) -> None:
        scheme, _, key = (self.headers.get("Authorization") or "").partition(" ")
        if scheme != "Bearer":
            raise NOT_PAIRED()
        self.server.agent.pairing.check(key)

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length") or ""
        kind = (self.headers.get("Content-Type") or "").partition(";")[0].strip()
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or kind != "application/json":
            raise UNREADABLE()
        if len(length) > 8 or int(length) > LARGEST:
            raise TOO_LARGE()
        self._heard = True
        try:
            found = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise UNREADABLE() from None
        if not isinstance(found, dict):
            raise UNREADABLE()
        return found

    def _answer(self, act: Any, *, preflight: bool = False) -> None:
        ours = self._heard = False
        try:
            self._require_ours()
            ours = True
            status, answer = (204 if preflight else 200), act()
        except Refused as refused:
            status = refused.kind.status
            answer = {"refused": refused.code, **{name: str(value) for name, value in refused.facts.items()}}
            self._discard()
            self.close_connection = True  # what was not read must not be taken for the next request
        content = b"" if status == 204 else json.dumps(answer).encode()
        self.send_response(status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Cache-Control": "no-store"}
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in {**headers, **(self._permission(preflight) if ours else {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _discard(self) -> None:
        """A connection closed over unread bytes is reset, and the answer lost with it."""
        length = self.headers.get("Content-Length") or ""
        left = 0 if self._heard or not length.isdecimal() or len(length) > 8 else min(int(length), _DISCARDED)
        while left > 0 and (piece := self.rfile.read(min(left, 65_536))):
            left -= len(piece)

    def _permission(self, preflight: bool) -> dict[str, str]:
        """CORS for our origin alone; Private-Network for browsers that ask for it."""
        allowed = {"Access-Control-Allow-Origin": self.server.agent.origin, "Vary": "Origin"}
        if preflight:
            allowed["Access-Control-Allow-Methods"] = "GET, POST"
            allowed["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            if self.headers.get("Access-Control-Request-Private-Network") == "true":
                allowed["Access-Control-Allow-Private-Network"] = "true"
        return allowed

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal belongs to the person."""
