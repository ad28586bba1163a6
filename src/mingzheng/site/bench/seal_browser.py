"""Sealing in Chromium: the product's own page code and worker, on a little site on loopback that takes no upload."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

from mingzheng.adapters.crypto.keyfile import write_key_file
from mingzheng.kernel import clock
from mingzheng.site.bench import sealing_child
from mingzheng.site.bench.measuring import Measure, MeasureFailed, by_turns
from mingzheng.site.launch.browser import arguments, find_browser

BUILT = Path(__file__).parents[2] / "static" / "built"
POLICY = "default-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'"
PASSWORD = "bench-key-password"  # noqa: S105 -- of a key made for this run
PAGE = f"""<!doctype html><meta charset="utf-8"><title>seal</title><meta name="mz-now" content="{clock.text(sealing_child.AT)}">
<meta name="mz-rate" content="1"><meta name="mz-csrf" content="token"><script type="module" src="/built/sealing.js"></script>
<form data-seal="bidding.submit_bid" data-lot="{sealing_child.LOT}"><input name="summary.price" data-type="decimal">
<input name="summary.period_days" data-type="int"><input name="summary.quality"><input type="file" name="files" multiple>
<button>seal</button><div data-progress hidden><b data-percent></b><progress></progress><p data-amount></p></div></form>"""
WATCH = """
const Real = window.Worker;
window.Worker = class extends Real {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      const said = document.documentElement.dataset;
      if (data.told === "sealed") said.sealed = performance.now() - window.sealingSince;
      if (data.told === "refused") said.refused = `${data.code} ${data.detail}`;
    });
  }
  postMessage(message, ...more) {
    if (message.do === "seal") window.sealingSince = performance.now();
    super.postMessage(message, ...more);
  }
};
"""


def measures(folder: Path, size: int, limit: ModuleType, *, rounds: int) -> Iterator[Measure]:
    """`aes-browser`; a failure where there is no browser."""
    found, target, unit = find_browser(), 0.25, "bytes /s sealed in Chromium against written and fsynced"
    if found is None:
        yield Measure("seal", "aes-browser", 0, 0, 0, target, unit, 0, 1)
        return
    from playwright.sync_api import sync_playwright

    place = folder / "INTL-1"
    with _site() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments())
        try:
            yield by_turns(
                "seal", "aes-browser", lambda: size / _seconds(browser, address, place),
                lambda: limit.write_and_fsync(folder, size), target=target, unit=unit, rounds=rounds,
            )  # fmt: skip
        finally:
            browser.close()


def _seconds(browser: Any, address: str, place: Path) -> float:
    """From the order to the worker to its answer; the person has chosen files and opened the key before."""
    key = sealing_child.key_of(place, "INTL-1")
    key_file = place / "me.mzkey"
    key_file.write_text(write_key_file(key.private, key.certificate, PASSWORD, rounds=2_000), "utf-8")
    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.add_init_script(WATCH)
        page.goto(f"{address}/seal")
        page.fill('[name="summary.price"]', "12345678.90")
        page.fill('[name="summary.period_days"]', "180")
        page.fill('[name="summary.quality"]', "合格")
        page.set_input_files('[name="files"]', str(place / "bid.pdf"))
        page.click("form[data-seal] button")
        page.set_input_files("#mz-key-file", str(key_file))
        page.fill("#mz-key-password", PASSWORD)
        page.click("dialog button[type=submit]")
        page.wait_for_selector("html[data-sealed], html[data-refused]", state="attached")
        refused = page.get_attribute("html", "data-refused")
        if refused:
            raise MeasureFailed(refused)
        return float(page.get_attribute("html", "data-sealed")) / 1000
    finally:
        context.close()


@contextmanager
def _site() -> Iterator[str]:
    """Serve the page, the built scripts and the sealing terms on a free port of 127.0.0.1; uploads are not taken."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None: ...

        def _say(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(content))),
                ("Content-Security-Policy", POLICY),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            if self.path.startswith("/built/") and "/" not in self.path[7:]:
                self._say(200, (BUILT / self.path[7:]).read_bytes(), "text/javascript")
            elif self.path.endswith("/sealing.json"):
                terms = sealing_child.terms_of("INTL-1").as_json()
                self._say(200, json.dumps(terms).encode(), "application/json")
            else:
                self._say(200, PAGE.encode(), "text/html")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(503, b"", "text/plain")

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
