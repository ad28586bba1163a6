"""A browser logs in, signs an act, seals a bid and releases its key with a hardware key: nothing secret passes through it."""

from __future__ import annotations

import base64
import html
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sealing_site
from agent_page import Page, agent_for
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation
from little_centre import CHROMIUM, LittleCentre, done, open_centre
from sealing_cast import LOT
from sealing_tool import run
from soft_token import NOW

from mingzheng.adapters.agent.pkcs11_signer import TokenSigner
from mingzheng.adapters.crypto.acts import act_text, login_text, verify_text
from mingzheng.adapters.crypto.certificates import fingerprint
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.adapters.crypto.unsealing import open_part, read_summary
from mingzheng.kernel import clock
from mingzheng.kernel.actor import PUBLIC
from mingzheng.site import middleware

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[2] / "build" / "screens" / "agent"
FORM = """{% extends "base.html" %}{% load mz %}{% block main %}
{% actform "opening.confirm_record" binds=True %}<input type="hidden" name="lot" value="七">
{% field "remark" "意见" value="无异议" %}{% button "确认" %}{% endactform %}{% endblock %}"""


def draw(template: str, port: int, **more: Any) -> str:
    """A page of the platform that knows signing agents at this port; 0 for a centre without."""
    now = clock.text(clock.now())
    given = {
        "centre": "云州市公共资源交易中心", "mode": "production", "suite": "INTL-1", "mz_now": now, "mz_rate": 1.0,
        "nav": [], "actor": PUBLIC, "demo_clock": None, "LANGUAGE_CODE": "zh-hans", "signing_agent": port, **more,
    }  # fmt: skip
    with translation.override("zh-hans"):
        if template.startswith("{%"):
            return str(engines["django"].from_string(template).render(given))
        return str(render_to_string(template, given))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    found = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
    if found is None:
        said = "no Chromium here: apt-get install chromium; hardware keys in a browser are NOT TESTED"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """One tab; an error in a script or a breach of the policy fails the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    wrong: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def centre() -> Iterator[LittleCentre]:
    with open_centre() as running:
        running.pages["/login/challenge"] = lambda: json.dumps({"challenge": "c1f0"})
        running.door = lambda act: (200, {"next": "/form"} if act["path"].startswith("/login") else done())
        yield running


def show_pages(centre: LittleCentre, port: int) -> None:
    centre.policy = middleware.policy(port)
    centre.pages["/login"] = lambda: draw("parties/login.html", port, next="/form")
    centre.pages["/form"] = lambda: draw(FORM, port)


def pair(tab: Any, agent: Page) -> None:
    tab.fill("#mz-agent-code", agent.clerk.codes[-1])
    tab.click("dialog[open] button[type=submit]")


def pictures(tab: Any, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    for width, height in ((390, 844), (1280, 900), (1920, 1080)):
        tab.set_viewport_size({"width": width, "height": height})
        tab.screenshot(path=SHOTS / f"{name}-{width}.png")


def test_a_person_logs_in_and_signs_an_act_with_a_hardware_key(
    tab: Any, centre: LittleCentre, signer: TokenSigner
) -> None:
    with agent_for(signer, centre.address) as agent:
        show_pages(centre, agent.port)
        tab.goto(f"{centre.address}/login")
        tab.wait_for_selector("html[data-ready]")
        pictures(tab, "login")
        tab.click("[data-login-agent]")
        tab.fill("#mz-agent-code", "2222-2222")
        tab.click("dialog[open] button[type=submit]")
        tab.wait_for_selector("dialog[open] [role=alert]:has-text('配对码不对')")
        pictures(tab, "pairing")
        pair(tab, agent)
        tab.wait_for_url("**/form")
        tab.wait_for_selector("html[data-ready]")
        tab.click("text=确认")
        tab.wait_for_selector(".toast")
        assert f"登录 / sign in: {centre.address}" in agent.clerk.asked
        assert "  remark = 无异议" in agent.clerk.asked
    login, act = centre.acts
    assert login["origin"] == centre.address
    verify_text(login_text("c1f0", centre.address), login["signature"], signer.certificate)
    text = act_text("opening.confirm_record", act["fields"], act["nonce"])
    verify_text(text, act["signature"]["signature"], signer.certificate)
    assert act["signature"]["certificate"] == fingerprint(signer.certificate)


def test_a_no_in_the_terminal_sends_nothing_and_a_stopped_agent_is_asked_for_anew(
    tab: Any, centre: LittleCentre, signer: TokenSigner
) -> None:
    with agent_for(signer, centre.address) as agent:
        show_pages(centre, agent.port)
        tab.goto(f"{centre.address}/form")
        tab.wait_for_selector("html[data-ready]")
        tab.click("text=确认")
        tab.wait_for_selector("dialog[open] #mz-key-file")
        pictures(tab, "key")
        tab.click("dialog[open] [data-agent]")
        agent.clerk.says, agent.clerk.gate = False, threading.Event()
        pair(tab, agent)
        tab.wait_for_selector("dialog[open][data-agent-waiting]")
        pictures(tab, "waiting")
        agent.clerk.gate.set()
        tab.wait_for_selector("dialog[open]:has-text('没有在签名助手的窗口里同意')")
        tab.click("dialog[open] .dialog__f [data-close]")
    tab.click("text=确认")  # the agent is gone: the key is asked for again
    tab.click("dialog[open] [data-agent]")
    tab.fill("#mz-agent-code", "2222-2222")
    tab.click("dialog[open] button[type=submit]")
    tab.wait_for_selector("dialog[open] [role=alert]:has-text('没有应答')")
    assert centre.acts == []
    assert tab.input_value("#f-remark") == "无异议"


def test_a_centre_without_signing_agents_offers_none(tab: Any, centre: LittleCentre) -> None:
    show_pages(centre, 0)
    tab.goto(f"{centre.address}/login")
    tab.wait_for_selector("html[data-ready]")
    assert tab.query_selector("[data-login-agent]") is None
    tab.goto(f"{centre.address}/form")
    tab.wait_for_selector("html[data-ready]")
    tab.click("text=确认")
    tab.wait_for_selector("dialog[open] #mz-key-file")
    assert tab.query_selector("[data-agent]") is None


@pytest.fixture
def sealing(tmp_path: Path, signer: TokenSigner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Any]]:
    """A little site that takes sealed bids of the token's certificate, and its agent."""
    built = tmp_path / "built"
    run("--pages", str(built))
    terms = SealingTerms(LOT, "INTL-1", NOW + timedelta(days=20), 64 * 1024 * 1024, None)
    bidder = SimpleNamespace(certificate=signer.certificate)
    site = sealing_site.SealingSite(SimpleNamespace(bidder=bidder, terms=terms, suite="INTL-1"), built, tmp_path)
    with sealing_site.running(site) as address, agent_for(signer, address) as agent:
        meta = f'<meta name="mz-agent" content="{html.escape(str(agent.port))}">'
        monkeypatch.setattr(sealing_site, "HEAD", meta + sealing_site.HEAD)
        monkeypatch.setattr(sealing_site, "POLICY", f"{sealing_site.POLICY} http://127.0.0.1:{agent.port}")
        yield site, address, agent


def test_a_bid_is_sealed_under_a_hardware_key_and_its_content_key_released_by_it(
    tab: Any, tmp_path: Path, sealing: Any
) -> None:
    site, address, agent = sealing
    offer = tmp_path / "技术标.pdf"
    offer.write_bytes(os.urandom(100_000))
    tab.goto(f"{address}/seal")
    tab.fill('[name="summary.price"]', "12345678.90")
    tab.set_input_files('[name="files"]', str(offer))
    tab.click("form[data-seal] button")
    tab.click("dialog[open] [data-agent]")
    pair(tab, agent)
    tab.wait_for_url("**/open")
    tab.click("form[data-release] button")
    tab.wait_for_url("**/done")
    assert site.signed is not None and site.released is not None
    assert read_summary(site.released, site.signed.seal, site.file) == {"price": "12345678.90"}
    assert b"".join(open_part(site.released, site.signed.seal, site.file, 1)) == offer.read_bytes()
    said = "\n".join(agent.clerk.asked)
    for words in ("封签", "递交投标文件", "decrypt your own bid", "解密本单位投标文件"):
        assert words in said, words
    assert base64.b64encode(site.released.reveal()).decode() not in said
