"""A page of the centre as the agent sees it, and a person at its terminal."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mingzheng.adapters.agent.door import Agent, Door
from mingzheng.adapters.agent.pairing import Pairing
from mingzheng.adapters.agent.port import Signer

ORIGIN = "https://centre.example"


class Clerk:
    """Remembers what was shown and agrees to it unless told otherwise."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.asked: list[str] = []
        self.says = True
        self.codes: list[str] = []
        self.gate: threading.Event | None = None
        self.before = threading.Event()

    def tell(self, lines: list[str]) -> None:
        self.shown += lines

    def agrees(self, lines: list[str]) -> bool:
        self.asked += lines
        self.before.set()
        if self.gate:
            assert self.gate.wait(20)
        return self.says


class Page:
    """Speaks HTTP as a browser does for a page of `origin`."""

    def __init__(self, port: int, clerk: Clerk, origin: str = ORIGIN) -> None:
        self.port, self.clerk, self.origin = port, clerk, origin
        self.key = ""

    def ask(self, method: str, path: str, content: Any = None, **headers: str | None) -> tuple[int, dict[str, Any]]:
        """(status, answer); a header given as None is left out."""
        status, _, answer = self.full(method, path, content, **headers)
        return status, answer

    def full(
        self, method: str, path: str, content: Any = None, **headers: str | None
    ) -> tuple[int, Any, dict[str, Any]]:
        body = content if isinstance(content, bytes) else None if content is None else json.dumps(content).encode()
        sent: dict[str, str | None] = {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": self.origin,
            "Authorization": f"Bearer {self.key}" if self.key else None,
            "Content-Type": "application/json" if body is not None else None,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    line.putheader(name, value)
            if body is not None and "Content-Length" not in sent:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            said = answer.read()
            return answer.status, answer.headers, json.loads(said) if said else {}
        finally:
            line.close()

    def pair(self) -> None:
        status, answer = self.ask("POST", "/pair", {"code": self.clerk.codes[-1]})
        assert status == 200, answer
        self.key = answer["key"]

    def sign(self, text: str) -> tuple[int, dict[str, Any]]:
        return self.ask("POST", "/sign", {"text": text})

    def unwrap(self, wrapped: bytes, context: bytes) -> tuple[int, dict[str, Any]]:
        texts = {"wrapped": wrapped, "context": context}
        return self.ask("POST", "/unwrap", {name: base64.b64encode(value).decode() for name, value in texts.items()})


@contextmanager
def agent_for(signer: Signer, origin: str = ORIGIN, port: int = 0) -> Iterator[Page]:
    """A running agent and a page that is not paired yet."""
    clerk = Clerk()
    agent = Agent(signer, clerk, Pairing(clerk.codes.append), origin)
    with Door(agent, port) as door:
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Page(door.server_address[1], clerk, origin)
        finally:
            door.shutdown()
            thread.join(10)
