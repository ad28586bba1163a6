"""A little site on loopback with the product's own sealing page and scripts: for the bench, and for tests in a browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel import clock

POLICY = "default-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'"
HEAD = """<!doctype html><meta charset="utf-8"><title>{title}</title><meta name="mz-now" content="{now}">
<meta name="mz-rate" content="1"><meta name="mz-csrf" content="token">
<script type="module" src="/built/sealing.js"></script>"""
SEAL = """<form data-seal="bidding.submit_bid" data-lot="{lot}" data-next="/open">
<input name="summary.price" data-type="decimal"><input name="summary.period_days" data-type="int">
<input name="summary.quality"><input type="file" name="files" multiple>
<input type="checkbox" name="consent" data-type="bool"><button>seal</button>
<div data-progress hidden><b data-percent></b><progress></progress><p data-amount></p></div>
<div data-seal-unfinished hidden><button type="button" data-seal-continue>go on</button></div></form>"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the browser."""

    status: int
    content: bytes = b""
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


class SealingSite:
    """Pages, scripts from `built`, and the lot's sealing parameters. It takes no upload: a subclass may."""

    def __init__(self, terms: SealingTerms, built: Path, now: datetime) -> None:
        self.terms, self.built, self.now = terms, built, now

    @property
    def policy(self) -> str:
        return POLICY

    @property
    def head(self) -> str:
        return HEAD

    def page(self, path: str) -> str:
        """The HTML of a page; every page has the scripts."""
        top = self.head.format(title=path, now=clock.text(self.now))
        return top + SEAL.format(lot=self.terms.lot) if path == "/seal" else top

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """The answer to one request."""
        if method != "GET":
            return Answer(503)
        if path.startswith("/built/") and "/" not in path[7:]:
            return Answer(200, (self.built / path[7:]).read_bytes(), "text/javascript")
        if path == f"/lots/{self.terms.lot}/sealing.json":
            return Answer(200, json.dumps(self.terms.as_json()).encode(), "application/json")
        return Answer(200, self.page(path).encode())


@contextmanager
def running(site: SealingSite) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1; the address."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None: ...

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = site.answer(self.command, self.path, body)
            self.send_response(said.status)
            for name, value in {
                "Content-Type": said.kind,
                "Content-Length": str(len(said.content)),
                "Content-Security-Policy": site.policy,
                **said.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.content)

        def do_GET(self) -> None:
            self._any()

        def do_HEAD(self) -> None:
            self._any()

        def do_POST(self) -> None:
            self._any()

        def do_PATCH(self) -> None:
            self._any()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
