"""The demo as a newcomer meets it, in a browser: killed while loading it goes on; one click continues as a bidder; the strip
leads to the hall and to a proof that fails."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.launch.test_demo import elsewhere, members, start_demo

from mingzheng.site.launch.browser import arguments, find_browser

__all__ = ["elsewhere"]

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("launch")]
PATIENCE = 90_000  # milliseconds
LOADING_SECONDS = 240


@pytest.fixture
def page() -> Iterator[Any]:
    """A phone's browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_browser(), args=[*arguments(), "--lang=zh-CN"])
        context = launched.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        context.set_default_timeout(PATIENCE)
        yield context.new_page()
        launched.close()


def _progress(checkout: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((checkout / ".data" / "state" / "demo" / "progress.json").read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _until(done: Callable[[], Any], seconds: float = LOADING_SECONDS) -> Any:
    until = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < until
        time.sleep(0.2)
    return found


def _story(checkout: Path) -> list[int]:
    """The processes of the story of this demo."""
    return [
        pid
        for pid in members(f"MINGZHENG_CHECKOUT={checkout}")
        if b"story" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    ]


def test_a_newcomer_is_led_from_the_first_page_to_the_hall_and_to_a_proof_that_fails(
    elsewhere: Path,
    page: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MINGZHENG_DEMO_STORY", "short")
    demo, address = start_demo(elsewhere)
    try:
        _until(lambda: len(_progress(elsewhere).get("lots", {})) >= 2)
        for pid in _story(elsewhere):
            os.kill(pid, signal.SIGKILL)  # in the middle of the year
        page.goto(address)
        page.wait_for_selector(".guide .loading")
        _until(lambda: _progress(elsewhere).get("state") == "ready")
        page.wait_for_selector("#demo-stage:not([data-loading]) .guide [data-cast=jia]")  # the strip follows by itself
        page.click("[data-cast-toggle]")
        page.click(".cast__in [data-cast=jia]")
        page.wait_for_url("**/desk")
        page.click(".guide a.btn")
        page.wait_for_url("**/hall")
        page.click("button:visible:has-text('签到')")
        page.wait_for_selector("button:visible:has-text('签到')", state="detached")  # the page has shown itself anew
        page.wait_for_selector(".guide")
        page.click(".guide__also, .guide a.btn[href='/demo/proof']")
        page.click("form.spoil button")
        page.wait_for_selector("#copy[data-verdict=bad]")
        assert page.query_selector("#original[data-verdict=ok]") is not None
        assert page.inner_text("#change dd >> nth=0") in page.inner_text("#copy")
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)
