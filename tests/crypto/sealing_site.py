"""A little site for the browser test: two pages, a tus upload that may be switched off, and the two acts."""

import base64
import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sealing_cast import LOT, NOW, Cast

from mingzheng.adapters.crypto import acts
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.unsealing import verify_content_key
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
OPEN = """<form data-release="opening.release_key" data-lot="{lot}" data-bid="{bid}"
 data-seal-json="{seal}" data-next="/done"><button>open</button></form>"""


class SealingSite:
    """What arrived: the sealed file, its checked seal, and the content key that was released."""

    def __init__(self, cast: Cast, built: Path, folder: Path) -> None:
        self.cast, self.built = cast, built
        self.file = folder / "arrived.mzb"
        self.uploads_answer = True
        self.length = 0
        self.signed: SignedSeal | None = None
        self.released: Secret | None = None
        self.acts: list[str] = []

    def page(self, path: str) -> str:
        head = HEAD.format(title=path, now=clock.text(NOW))
        if path == "/seal":
            return head + SEAL.format(lot=LOT)
        if path == "/open" and self.signed:
            return head + OPEN.format(lot=LOT, bid=self.signed.seal.bid, seal=html.escape(self.signed.dumps()))
        return head

    def act(self, name: str, posted: dict[str, Any]) -> dict[str, Any]:
        text = acts.act_text(name, posted["fields"], posted["nonce"])
        acts.verify_act(text, posted["signature"]["signature"], self.cast.bidder.certificate)
        self.acts.append(text)
        if name == "bidding.submit_bid":
            self.signed = SignedSeal.loads(posted["fields"]["seal"])
            check_seal(self.signed, self.file, self.cast.terms, certificate=self.cast.bidder.certificate)
        else:
            assert self.signed is not None
            self.released = Secret(base64.b64decode(posted["secrets"]["content_key"]))
            verify_content_key(self.signed.seal, self.released)
        return {"act": name, "at": clock.text(NOW), "again": False, "events": [], "entries": []}


@contextmanager
def running(site: SealingSite) -> Iterator[str]:
    """Serve on a free port of 127.0.0.1; the address."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None: ...

        def body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def say(self, status: int, content: bytes = b"", kind: str = "text/html", **headers: str) -> None:
            self.send_response(status)
            sent = {"Content-Type": kind, "Content-Length": str(len(content)), "Content-Security-Policy": POLICY}
            for name, value in {**sent, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            if self.path.startswith("/built/"):
                return self.say(200, (site.built / self.path[7:]).read_bytes(), "text/javascript")
            if self.path == f"/lots/{LOT}/sealing.json":
                return self.say(200, json.dumps(site.cast.terms.as_json()).encode(), "application/json")
            return self.say(200, site.page(self.path).encode())

        def do_HEAD(self) -> None:
            self.say(200, Upload_Offset=str(site.file.stat().st_size))

        def do_PATCH(self) -> None:
            piece = self.body()
            if not site.uploads_answer:
                return self.say(503)
            with site.file.open("ab") as out:
                out.write(piece)
            return self.say(204, Upload_Offset=str(site.file.stat().st_size))

        def do_POST(self) -> None:
            content = self.body()
            if self.path == "/upload":
                site.file.write_bytes(b"")
                return self.say(201, Location="/upload/0191d2c05e7a4c6e9d7f1f2e3d4c5b6a")
            done = site.act(self.path.removeprefix("/act/"), json.loads(content))
            return self.say(200, json.dumps(done).encode(), "application/json")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
