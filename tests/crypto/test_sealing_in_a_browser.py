"""A real browser seals in its worker, survives a reload in mid-upload, submits, and releases its key at the opening."""

import base64
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sealing_cast import Cast
from sealing_site import SealingSite, running
from sealing_tool import PASSWORD, run

from mingzheng.adapters.crypto.keyfile import write_key_file
from mingzheng.adapters.crypto.unsealing import open_part, read_summary


@pytest.fixture
def browser() -> Any:
    found = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
    if found is None:
        said = "no Chromium here: apt-get install chromium; sealing in a browser is NOT TESTED"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-sync"])
        yield launched
        launched.close()


@pytest.mark.browser
def test_a_bid_is_sealed_uploaded_across_a_reload_submitted_and_opened(
    cast: Cast, tmp_path: Path, browser: Any
) -> None:
    built = tmp_path / "built"
    run("--pages", str(built))
    key_file, offer = tmp_path / "me.mzkey", tmp_path / "技术标.pdf"
    key_file.write_text(write_key_file(cast.bidder.private, cast.bidder.certificate, PASSWORD, rounds=2_000))
    offer.write_bytes(os.urandom(1 << 16) * 160)
    site = SealingSite(cast, built, tmp_path)
    site.uploads_answer = False
    with running(site) as address:
        tab = browser.new_page()
        wrong: list[str] = []
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        tab.goto(f"{address}/seal")
        tab.fill('[name="summary.price"]', "12,345,678.9")
        tab.fill('[name="summary.period_days"]', "180")
        tab.fill('[name="summary.quality"]', "合格")
        tab.set_input_files('[name="files"]', str(offer))
        tab.check('[name="consent"]')
        tab.click("form[data-seal] button")
        tab.set_input_files("#mz-key-file", str(key_file))
        tab.fill("#mz-key-password", PASSWORD)
        with tab.expect_response(lambda answer: answer.status == 503):
            tab.click("dialog button[type=submit]")
        tab.reload()
        site.uploads_answer = True
        tab.click("[data-seal-continue]")
        tab.wait_for_url("**/open")
        tab.click("form[data-release] button")
        tab.wait_for_url("**/done")
        tab.close()
    assert wrong == []
    assert ("gm1.js" in asked) == (cast.suite == "GM-1"), "the code of GM-1 is fetched when it is needed, and only then"
    assert site.signed is not None
    assert site.released is not None
    seal = site.signed.seal
    assert seal.rescue is not None
    expected = {"period_days": 180, "price": "12345678.90", "quality": "合格"}
    assert read_summary(site.released, seal, site.file) == expected
    assert b"".join(open_part(site.released, seal, site.file, 1)) == offer.read_bytes()
    assert len(site.acts) == 2
    assert not any(base64.b64encode(site.released.reveal()).decode() in text for text in site.acts)
