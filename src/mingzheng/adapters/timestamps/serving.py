"""The authority over HTTP, for programs on other machines: POST a query, get a reply (RFC 3161, 3.4)."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mingzheng.adapters.timestamps.authority import LARGEST_QUERY
from mingzheng.adapters.timestamps.direct import QUERY, REPLY
from mingzheng.adapters.timestamps.port import Timestamps


def server(authority: Timestamps, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """A server that is not running yet; `serve_forever` and `server_close` are the caller's."""

    class Door(BaseHTTPRequestHandler):
        timeout = 10.0

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.headers.get_content_type() != QUERY or not length.isdecimal() or int(length) > LARGEST_QUERY:
                self.close_connection = True
                self.send_error(415 if self.headers.get_content_type() != QUERY else 413)
                return
            answer = authority.respond(self.rfile.read(int(length)))
            self.send_response(200)
            self.send_header("Content-Type", REPLY)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *ignored: object) -> None:
            """Quiet: what was stamped is nobody's business."""

    found = ThreadingHTTPServer((host, port), Door)
    found.daemon_threads = True
    return found
