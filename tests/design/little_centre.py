"""A tiny web server for the browser tests of the front end: our real pages and assets, and a door and a stream we steer."""

from __future__ import annotations

import json
import mimetypes
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import mingzheng

STATIC = Path(mingzheng.__file__).parent / "static"
CHROMIUM = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


class LittleCentre:
    """What the pages see: `pages` by path, what `door` answers to an act, and `happen` on the live stream."""

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[], str]] = {}
        self.acts: list[dict[str, Any]] = []
        self.door: Callable[[dict[str, Any]], tuple[int, dict[str, Any]] | None] = lambda act: (200, done())
        self.streams: list[queue.Queue[str | None]] = []
        self.asked: list[str] = []
        self.address = ""
        self.policy = "default-src 'self'; script-src 'self'; style-src 'self'"

    def happen(self, kind: str, lot: str, position: int) -> None:
        """Tell every open stream that an event happened."""
        said = json.dumps({"stream": f"lot:{lot}", "kind": kind, "position": position})
        for stream in list(self.streams):
            stream.put(f"id: {position}\nevent: happened\ndata: {said}\n\n")


def done(kind: str = "test.done", **body: Any) -> dict[str, Any]:
    """The door's answer to an act that was done."""
    return {
        "act": "test.act",
        "at": "2026-03-02T09:00:00.000000+08:00",
        "again": False,
        "events": [{"kind": kind, "body": body}],
        "entries": [],
    }


def _answers(centre: LittleCentre) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

        def _say(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", centre.policy)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path == "/live":
                self._live()
            elif path.startswith("/static/"):
                file = STATIC / path.removeprefix("/static/")
                kind = mimetypes.guess_type(file.name)[0] or "text/plain"
                self._say(200, file.read_bytes(), kind) if file.is_file() else self._say(404, b"", "text/plain")
            elif path in centre.pages:
                centre.asked.append(self.path)
                self._say(200, centre.pages[path]().encode(), "text/html; charset=utf-8")
            else:
                self._say(404, b"", "text/plain")

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            act = {"path": self.path, **json.loads(content)}
            centre.acts.append(act)
            answer = centre.door(act)
            if answer is None:  # the line is cut before an answer
                self.close_connection = True
                self.connection.close()
                return
            self._say(answer[0], json.dumps(answer[1]).encode(), "application/json")

        def _live(self) -> None:
            stream: queue.Queue[str | None] = queue.Queue()
            centre.asked.append(self.path)
            centre.streams.append(stream)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                self.wfile.write(b"retry: 100\n\n")
                self.wfile.flush()
                while True:
                    try:
                        said = stream.get(timeout=0.2)
                    except queue.Empty:
                        said = ": alive\n\n"
                    if said is None:
                        break
                    self.wfile.write(said.encode())
                    self.wfile.flush()
            except OSError:
                pass
            finally:
                centre.streams.remove(stream)
                self.close_connection = True

    return Answers


class _Quiet(ThreadingHTTPServer):
    """A browser that walks away in mid-answer is no error here."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing to say."""


@contextmanager
def open_centre() -> Iterator[LittleCentre]:
    """The server on a free port of 127.0.0.1."""
    centre = LittleCentre()
    server = _Quiet(("127.0.0.1", 0), _answers(centre))
    centre.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield centre
    finally:
        for stream in list(centre.streams):
            stream.put(None)
        server.shutdown()
        server.server_close()
        thread.join(5)
