"""The bidder's part of a tender in a browser, in a centre of suite GM-1: the others play over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.ceremonies.persons import Person
from tests.ceremonies.persons import Stage as Browsers

from mingzheng.kernel import clock
from mingzheng.site.launch.browser import arguments, find_browser
from mingzheng.site.launch.sandbox import Sandbox, sandbox
from mingzheng.site.rehearse import opening, people, tendering
from mingzheng.site.rehearse.ocds import Offer, Tender
from mingzheng.site.rehearse.play import Play, Stage, wait
from mingzheng.site.rehearse.wire import Server

SUITE = "GM-1"
PASSWORD = "yunzhou-2026"  # the cast's, printed by `make demo`
OTHERS = (Offer("one", "甲一公司", Decimal("1800.00")), Offer("two", "乙二公司", Decimal("1900.00")))
SHOTS = Path(__file__).resolve().parents[2] / "build" / "screens" / "gm-1"

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("ceremony")]


@pytest.fixture
def centre() -> Iterator[Sandbox]:
    """A centre of suite GM-1."""
    with sandbox("rehearsal", {"MINGZHENG_SUITE": SUITE, "MINGZHENG_TICK_SECONDS": "1"}) as running:
        yield running


@pytest.fixture
def bidder(centre: Sandbox) -> Iterator[Person]:
    """A bidder of the cast at a browser; an error in a script or a breach of the content policy fails the test."""
    from playwright.sync_api import sync_playwright

    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_browser(), args=[*arguments(), "--lang=zh-CN"])
        browsers = Browsers(centre.url, centre.state_folder, launched, SHOTS, PASSWORD)
        yield browsers.person("jia")
        launched.close()
    assert browsers.wrong == []


def _look_at_login(bidder: Person) -> None:
    """The page somebody else sees before logging in."""
    other = bidder.stage.person()
    other.goto("/login")
    other.see("text=SM2")
    other.shot("login", "1920")
    other.context.close()


@pytest.fixture
def server(centre: Sandbox) -> Iterator[Server]:
    """The centre as programs reach it; its connections end with the test."""
    found = Server(centre.url)
    yield found
    found.close_all()


def _announced(server: Server, centre: Sandbox) -> tuple[Stage, Play]:
    """A tender with two bids by others, made over HTTP with SM2 keys of their own."""
    stage = Stage(people.enter(server, centre.state_folder / "cast", PASSWORD), people.Bidders(server, SUITE))
    play = Play(Tender("gm-1", "国密套件演练工程", OTHERS), 1)
    tendering.announce(stage, play)
    tendering.bid(stage, play)
    return stage, play


def _seal(bidder: Person, lot: str, paper: Path) -> None:
    """Enrol, pay, choose a file, fill the summary in, seal in the worker, upload and submit."""
    bidder.goto(f"/lots/{lot}/tender")
    bidder.act("tendering.enrol", {"phone": "0990-88001234"})
    bidder.goto(f"/lots/{lot}/deposit")
    bidder.act("deposits.open_account")
    with bidder.page.expect_navigation():
        bidder.page.click("form[data-demo-pay] button")
    bidder.await_page("#deposit .chip[data-tone=ok]")
    bidder.goto(f"/lots/{lot}/bid")
    bidder.page.set_input_files("#composer input[type=file]", str(paper))
    summary = {"price": "1700.00", "period_days": 365, "quality": "合格", "project_manager": "甲大勇"}
    bidder.fill("#composer", {f"summary.{name}": value for name, value in summary.items()} | {"consent": True})
    bidder.shot("composer", "1920")
    with bidder.page.expect_response(lambda answer: "/act/bidding.submit_bid" in answer.url) as caught:
        bidder.page.click("#composer button[type=submit]")
    assert caught.value.ok, caught.value.text()
    bidder.see("#current")
    bidder.shot("submitted")


def _release(bidder: Person, lot: str) -> None:
    bidder.goto(f"/lots/{lot}/hall")
    bidder.await_page("form[data-release]")
    bidder.shot("decrypt")
    with (
        bidder.page.expect_navigation(),
        bidder.page.expect_response(lambda answer: "/act/opening.release_key" in answer.url) as caught,
    ):
        bidder.page.click("form[data-release] button[type=submit]:visible")
    assert caught.value.ok, caught.value.text()
    bidder.await_page('.tile[data-mine][data-tone="ok"]')


def test_a_bidder_logs_in_seals_gets_a_receipt_and_decrypts_with_an_sm2_key(
    centre: Sandbox, server: Server, bidder: Person, tmp_path: Path
) -> None:
    asked: list[str] = []
    bidder.page.on("request", lambda request: asked.append(request.url))
    _look_at_login(bidder)
    stage, play = _announced(server, centre)
    paper = tmp_path / "投标文件.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 24_000)
    _seal(bidder, play.lot, paper)
    assert any(url.endswith("/built/gm1.js") for url in asked)
    bidder.goto("/account")
    bidder.see("text=SM2 / SM3")
    bidder.shot("account", "1920")
    bidder.goto("/receipts")
    bidder.await_page('a[href*="/receipts/"]')
    bidder.shot("receipts")
    stage.jump(clock.text(clock.parse(stage.lot(play)["clocks"]["bid_deadline"]["due"])))
    wait("bidding to close", lambda: stage.lot(play)["hall"])
    bidder.goto(f"/lots/{play.lot}/hall")
    bidder.act("opening.sign_in")
    for envelope in play.envelopes.values():
        envelope.bidder.acting.act("opening.sign_in", lot=play.lot)
    stage.cast.agency.act("opening.start_decryption", lot=play.lot)
    for envelope in play.envelopes.values():
        opening.release(play, envelope)
    _release(bidder, play.lot)
    stage.cast.agency.act("opening.read_bids", lot=play.lot)
    bidder.await_page("#board-text")
    assert "1,700.00" in bidder.page.inner_text("#board")
