"""A small outside system on 127.0.0.1 that speaks signed JSON: checks every request, signs every answer, and can fail."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mingzheng.adapters.wire import SignedClient, answer_text, request_text
from mingzheng.kernel import clock

Route = Callable[[str, str, dict[str, Any] | None], tuple[int, dict[str, Any]]]


class Peer:
    """What the other side knows: its key, our key, the nonces it has seen, and how it misbehaves (`fault`)."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.key = Ed25519PrivateKey.generate()
        self.our_key = Ed25519PrivateKey.generate()
        self.nonces: set[str] = set()
        self.requests: list[tuple[str, str]] = []
        self.fault = ""
        self.url = ""
        self.last_answer: tuple[int, bytes, str] | None = None

    def client(self, **changes: Any) -> SignedClient:
        wanted = {"identity": "centre", "key": self.our_key, "peer": self.key.public_key(), "timeout": 2.0} | changes
        return SignedClient(self.url, **wanted)

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, bytes, str]:
        self.requests.append((method, path))
        nonce, at = headers["Mingzheng-Nonce"], headers["Mingzheng-At"]
        covered = request_text(method=method, path=path, at=at, nonce=nonce, body=body)
        try:
            self.our_key.public_key().verify(base64.b64decode(headers["Mingzheng-Signature"]), covered)
        except InvalidSignature:
            return self.signed(401, {"error": "signature"}, nonce)
        if nonce in self.nonces or abs((clock.real() - clock.parse(at)).total_seconds()) > 300:
            return self.signed(401, {"error": "replayed"}, nonce)
        self.nonces.add(nonce)
        status, answer = self.route(method, path, json.loads(body) if body else None)
        return self.signed(status, answer, nonce)

    def signed(self, status: int, answer: dict[str, Any], nonce: str) -> tuple[int, bytes, str]:
        raw = json.dumps(answer, ensure_ascii=False).encode()
        signature = self.key.sign(answer_text(status=status, nonce=nonce, body=raw))
        return status, raw, base64.b64encode(signature).decode()


@contextmanager
def serving(route: Route, tls: Any = None) -> Iterator[Peer]:
    """The peer on a free port, until the block ends."""
    peer = Peer(route)

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            status, raw, signature = peer.answer(self.command, self.path, self.headers, body)
            if peer.fault == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                self.wfile.write(raw[:10])
                self.close_connection = True
                return
            if peer.fault == "late":
                threading.Event().wait(0.6)
            if peer.fault == "another's answer" and peer.last_answer:
                status, raw, signature = peer.last_answer
            if peer.fault == "not json":
                raw = b"<html>"
                signature = base64.b64encode(
                    peer.key.sign(answer_text(status=status, nonce=self.headers["Mingzheng-Nonce"], body=raw))
                ).decode()
            peer.last_answer = (status, raw, signature)
            if peer.fault == "changed":
                raw = raw.replace(b"1", b"2").replace(b"valid", b"VALID") + b" "
            self.send_response(503 if peer.fault == "down" else status)
            self.send_header("Content-Length", str(len(raw)))
            if peer.fault != "unsigned":
                self.send_header("Mingzheng-Signature", signature)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *ignored: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    peer.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
