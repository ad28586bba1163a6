"""An expert reads the bids, turns their pages and scores without leaving the seat; the files stay behind their wall."""

from __future__ import annotations

import contextvars
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from long_papers import paper
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.adapters.crypto.keyfile import write_key_file
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import jobs

pytestmark = pytest.mark.browser
HERE = "http://localhost"  # a place where browsers allow keys to be used
PASSWORD = "correct horse battery"
PATIENCE = 300  # times 50 ms
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
READABLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HEADERS = ("accept", "x-csrftoken", "x-requested-with")
NAMED = {"第一章 工程概况": 1, "4.3 进度与资源计划": 41, "第五章 安全文明与扬尘治理": 55}
FILES = {
    "施工组织设计.pdf": paper(60, NAMED),
    "扫描件.pdf": paper(3, words=False),
    "加密.pdf": paper(2, password="x"),
    "清单.xlsx": b"PK\x05\x06" + bytes(18),
}
WEIGHTED = {"document": {"method": "weighted", "price_ceiling": "186000000.00"}}
WIDTHS = {390: 844, 1280: 900, 1920: 1080}
FILE = "[data-bid-sheet][data-current] a[data-read=page] >> nth=0"


@pytest.fixture(scope="module", autouse=True)
def one_thread(chromium: Any) -> Iterator[None]:
    """The browser's driver runs its loop in the thread of the tests: Django takes it for its own and keeps a connection for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield
        connection.close()


kept_opened, opened = played("opened", announce=WEIGHTED, three_bids={"files": FILES})


@pytest.fixture
def seated(opened: Any) -> Any:
    """A committee that scores; its members may open files."""
    journey.committee(opened)
    for _ in range(50):
        if not jobs.check_files():
            break
    return opened


class Line:
    """A browser's line to the site: every request is answered by the site itself, in this test's own transaction."""

    def __init__(self, player: Any) -> None:
        self.client = looking.visitor(player)
        self.asked: list[str] = []
        self.here = contextvars.copy_context()  # with this test's connection

    def __call__(self, route: Any) -> None:
        request = route.request
        path = request.url.removeprefix(HERE)
        self.asked.append(path)
        if path.startswith("/live"):
            route.abort()
        elif path.startswith("/static/"):
            found = finders.find(urlsplit(path).path.removeprefix("/static/"))
            kind = KINDS.get(str(found).rpartition(".")[2], "application/octet-stream")
            route.fulfill(path=found, content_type=kind)
        else:
            told = {name: value for name, value in request.headers.items() if name in HEADERS}
            body, kind = request.post_data_buffer or b"", request.headers.get("content-type", "")
            answer = self.here.run(self.client.generic, request.method, path, body, content_type=kind, headers=told)
            route.fulfill(status=answer.status_code, body=answer.getvalue(), headers=dict(answer.headers))

    @property
    def files(self) -> list[str]:
        """The files of bids that were asked for."""
        return [one for one in self.asked if "/evaluation/bids/" in one]


@pytest.fixture
def line(seated: Any, tab: Any) -> Line:
    """The line of the first member of the committee."""
    made = Line(journey.members(seated)[0])
    tab.route(f"{HERE}/**", made)
    tab.set_default_timeout(15_000)
    return made


@pytest.fixture
def seat(seated: Any, line: Line, tab: Any) -> Any:
    """Its seat, open in a browser."""
    tab.goto(f"{HERE}/lots/{seated.lot}/evaluation")
    tab.wait_for_selector(".doc[data-reading]")
    tab.wait_for_selector("html[data-ready]")
    return tab


def _until(true: Callable[[], bool]) -> None:
    """Ask again until it is so."""
    for _ in range(PATIENCE):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("not so after the whole patience")


def _drawn(seat: Any, number: int, pane: int = 1) -> None:
    """Wait for a page's picture."""
    seat.locator(f".doc:nth-of-type({pane}) [data-page='{number}'] canvas").wait_for()


def _unreadable(page: Any) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "tags => axe.run({runOnly: tags}).then(said => said.violations.map(one => `${one.id}: ${one.nodes[0].html}`))",
        READABLE,
    )
    return found


def _page(seat: Any, number: int) -> None:
    seat.fill("[data-page-now]", str(number))
    seat.press("[data-page-now]", "Enter")
    _drawn(seat, number)


def test_an_expert_reads_a_bid_turns_its_pages_and_scores_without_leaving(
    seated: Any, seat: Any, line: Line, shots: Path, tmp_path: Path
) -> None:
    opened = len(line.asked)
    seat.click(FILE)
    _drawn(seat, 1)
    assert seat.text_content("[data-page-count]") == "60"
    seat.keyboard.press("ArrowRight")
    _until(lambda: seat.input_value("[data-page-now]") == "2")
    first, *others = [one.get_attribute("id") for one in seat.locator("[data-full]").all()]
    seat.fill(f"#{first}", "11.5")
    _page(seat, 41)
    assert seat.locator(".leaf--pdf canvas").count() <= 5  # of sixty pages those near the window are held
    assert seat.text_content("[data-contents] [aria-current] span") == "4.3 进度与资源计划"
    assert seat.input_value(f"#{first}") == "11.5"
    for one in others:
        seat.fill(f"#{one}", "1")
    here = f"/lots/{seated.lot}/evaluation"
    assert not [one for one in line.asked[opened:] if one.startswith("/lots/") and not one.startswith(f"{here}/bids/")]
    _sign(seated, seat, tmp_path)
    assert seat.url == HERE + here
    assert evaluation.own_seat(seated.lot, journey.members(seated)[0].actor).state.committed_at is not None


def _sign(world: Any, seat: Any, folder: Path) -> None:
    """Seal the scores with the member's own key, in the page."""
    member, key = journey.members(world)[0], folder / "me.mzkey"
    key.write_text(write_key_file(member.private, member.certificate, PASSWORD, rounds=1000), "ascii")
    seat.click("form.score button[type=submit]")
    seat.click('dialog#seal[open] button[value="yes"]')
    seat.set_input_files("#mz-key-file", str(key))
    seat.fill("#mz-key-password", PASSWORD)
    with seat.expect_response("**/act/evaluation.commit_scores") as answered:
        seat.click("dialog[open] button[type=submit]")
    assert answered.value.status == 200
    seat.wait_for_selector("#seats")


def test_a_criterion_that_the_bidders_contents_name_leads_to_the_page(seat: Any) -> None:
    assert not seat.is_visible(".mark [data-read-bid]")
    seat.click(FILE)
    jump = seat.locator("[data-for=T-01] [data-read-bid]:visible")
    jump.first.wait_for()
    assert jump.all_text_contents() == ["第 55 页", "第 41 页"]  # in the order of the score sheet
    assert seat.locator("[data-for=T-02] [data-read-bid]:visible").count() == 0
    jump.last.click()
    _drawn(seat, 41)


def test_the_place_is_kept_for_every_file_and_another_bid_opens_at_the_same_file(seat: Any, line: Line) -> None:
    seat.click(FILE)
    _drawn(seat, 1)
    _page(seat, 20)
    seat.click("[data-bid=T-02]")
    _drawn(seat, 1)
    assert seat.text_content("[data-files] [aria-current]") == "施工组织设计"
    assert len(set(line.files)) == 2
    assert seat.get_attribute(".score__g[data-current]", "data-group") == "T-02"
    seat.reload()
    _drawn(seat, 1)
    assert seat.get_attribute("[data-bid][aria-current]", "data-bid") == "T-02"
    seat.click("[data-bid=T-01]")
    seat.click("[data-files] >> text=施工组织设计")
    _drawn(seat, 20)
    assert seat.input_value("[data-page-now]") == "20"


def test_words_are_found_marked_and_a_scan_says_that_it_has_none(seat: Any) -> None:
    seat.click(FILE)
    _drawn(seat, 1)
    seat.keyboard.press("/")
    seat.fill("[data-find]", "第60页")
    _drawn(seat, 60)
    _until(lambda: seat.text_content("[data-found]") == "1 / 1")
    _until(lambda: seat.evaluate("CSS.highlights.get('mz-found-now')?.size") == 1)
    seat.fill("[data-find]", "全程驻场")
    _until(lambda: seat.text_content("[data-found]").endswith("/ 60"))
    seat.fill("[data-find]", "不存在的词")
    seat.wait_for_selector("[data-nowhere]", state="visible")
    seat.click("[data-files] >> text=扫描件")
    seat.wait_for_selector("[data-wordless]", state="visible")


def test_what_no_browser_shows_is_named_and_offered_as_a_download(seat: Any, line: Line) -> None:
    for name, why in (("清单.xlsx", ""), ("加密", "加了密码")):
        seat.click(f"[data-files] >> text={name}")
        seat.wait_for_selector("[data-when=other]", state="visible")
        assert name in seat.text_content("[data-other-name]")
        assert why in seat.text_content("[data-other-why]")
        assert "/evaluation/bids/" in seat.get_attribute("[data-when=other] [data-download]", "href")
    assert line.files == []  # nothing was fetched for it


@pytest.mark.parametrize("width", WIDTHS)
def test_the_seat_at_every_width(seat: Any, shots: Path, width: int) -> None:
    seat.set_viewport_size({"width": width, "height": WIDTHS[width]})
    seat.wait_for_timeout(50)
    seat.screenshot(path=shots / f"seat-facts-{width}.png")
    assert seat.evaluate("document.documentElement.scrollWidth") <= width
    seat.click(FILE)
    _drawn(seat, 1)
    seat.screenshot(path=shots / f"seat-reading-{width}.png")
    assert seat.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        assert not seat.is_visible("form.score")
        seat.click("[data-side=score]")
        assert seat.is_visible("form.score") and not seat.is_visible("[data-sheet]")
        seat.screenshot(path=shots / f"seat-scoring-{width}.png")
        seat.click(".score__g [data-read-bid=T-02]")
        _drawn(seat, 1)
    elif width == 1920:
        seat.click("[data-beside]")
        _drawn(seat, 1, pane=2)
        shown = [one.get_attribute("data-bid") for one in seat.locator("[data-bid][aria-current]").all()]
        assert shown == ["T-01", "T-02"]
        seat.screenshot(path=shots / "seat-two-1920.png")
        seat.click("[data-beside]")
        assert seat.locator(".doc").count() == 1
    else:
        assert not seat.is_visible("[data-beside]")
        assert _unreadable(seat) == []


def test_the_report_is_read_in_the_page_that_signs_it(seated: Any, line: Line, tab: Any) -> None:
    for member in journey.members(seated):
        journey.score(seated, member)
    tab.goto(f"{HERE}/lots/{seated.lot}/evaluation")
    tab.wait_for_selector("#paper [data-page='1'] canvas")
    assert _unreadable(tab) == []
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_reader_brings_no_file_to_anybody_else_and_nothing_stays_in_a_cache(seated: Any) -> None:
    world = seated
    member = journey.members(world)[0]
    path = f"/lots/{world.lot}/evaluation/bids/{world.offers['jia'].bid}/1"
    answer = looking.visitor(member).get(path, headers={"accept": "application/pdf, application/json"})
    content = answer.getvalue()
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert int(answer["Content-Length"]) == len(content) and content in FILES.values()
    outside = next(one for one in world.cast.experts if one not in journey.members(world))
    for player in (outside, world.cast.by_login("jia"), world.cast.by_login("yi"), world.cast.agency):
        refused = looking.visitor(player).get(path, headers={"accept": "application/pdf, application/json"})
        assert refused.status_code == 403, player.login
        assert b"%PDF" not in refused.content


def test_before_the_evaluation_has_begun_nobody_reads_a_bid(opened: Any) -> None:
    world = opened
    path = f"/lots/{world.lot}/evaluation/bids/{world.offers['jia'].bid}/1"
    world.cast.agency.do("evaluation.form_committee", lot=world.lot)
    for member in journey.members(world):
        assert looking.visitor(member).get(path, headers={"accept": "application/json"}).status_code in (403, 409)
        assert b"data-read=" not in looking.visitor(member).get(f"/lots/{world.lot}/evaluation").content
