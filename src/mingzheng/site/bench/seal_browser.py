"""Sealing in Chromium: the product's own page code and worker, on a little site on loopback that takes no upload."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mingzheng.adapters.crypto.keyfile import write_key_file
from mingzheng.site.bench import sealing_child
from mingzheng.site.bench.measuring import MeasureFailed
from mingzheng.site.bench.sealing_site import SealingSite, running
from mingzheng.site.launch.browser import arguments, find_browser

BUILT = Path(__file__).parents[2] / "static" / "built"
PATIENCE = 300_000  # milliseconds
PASSWORD = "bench-key-password"  # noqa: S105 -- of a key made for this run
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


@contextmanager
def sealer() -> Iterator[Sealer | None]:
    """Something that seals in a browser; None where there is no browser."""
    found = find_browser()
    if found is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    site = SealingSite(sealing_child.terms_of("INTL-1"), BUILT, sealing_child.AT)
    with running(site) as address, sync_playwright() as playwright:
        launch = partial(playwright.chromium.launch_persistent_context, executable_path=found, args=arguments())
        yield Sealer(launch, address)


class Sealer:
    """Seals `bid.pdf` of a folder in a window of its own, with a fresh profile: a private window keeps its files in memory."""

    def __init__(self, launch: Callable[..., Any], address: str) -> None:
        self._launch, self._address = launch, address

    def seal(self, place: Path) -> tuple[float, int]:
        """Seconds from the order to the worker to its answer, and by how many bytes the browser grew meanwhile.

        The person has chosen files and opened the key before. MeasureFailed when it was refused.
        """
        from playwright.sync_api import TimeoutError

        key = sealing_child.key_of(place, "INTL-1")
        key_file = place / "me.mzkey"
        key_file.write_text(write_key_file(key.private, key.certificate, PASSWORD, rounds=2_000), "utf-8")
        with TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as profile, self._launch(profile) as context:
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.add_init_script(WATCH)
            page.goto(f"{self._address}/seal")
            page.fill('[name="summary.price"]', "12345678.90")
            page.fill('[name="summary.period_days"]', "180")
            page.fill('[name="summary.quality"]', "合格")
            page.set_input_files('[name="files"]', str(place / "bid.pdf"))
            page.click("form[data-seal] button")
            page.set_input_files("#mz-key-file", str(key_file))
            page.fill("#mz-key-password", PASSWORD)
            before = peaks(profile)
            page.click("dialog button[type=submit]")
            try:
                page.wait_for_selector("html[data-sealed], html[data-refused]", state="attached")
            except TimeoutError as silent:
                raise MeasureFailed("the browser did not finish") from silent
            grown = [peak - before[pid] for pid, peak in peaks(profile).items() if pid in before]
            refused = page.get_attribute("html", "data-refused")
            if refused:
                raise MeasureFailed(refused)
            return float(page.get_attribute("html", "data-sealed")) / 1000, max(grown)


def peaks(profile: str) -> dict[int, int]:
    """Highest resident size so far, in bytes, of every process of the browser with this profile."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    own = {pid for pid in parents if profile.encode() in _command(pid)}
    while more := {pid for pid, parent in parents.items() if parent in own} - own:
        own |= more
    return {pid: peak for pid in own if (peak := _peak(pid))}


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _peak(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
