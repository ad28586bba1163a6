"""A bidder seals hostile words and file names: the opening goes on, and no page that shows them executes anything."""

import shutil

import pytest
from tests import bids, journey
from tests.design import little_centre
from tests.security import corpus
from tests.walls import looking

from mingzheng.site.launch.browser import find_browser
from mingzheng.site.ports.sealing import file_name
from mingzheng.stages.opening import queries as opening

HOSTILE = corpus.SHOWN["markup"]
ALL = " ".join(
    corpus.SHOWN[one] for one in ("markup", "attribute", "address", "template", "format", "query", "typesetting")
)
UNSEEN = "合格\0\u202egnp.exe\u200b\x1b[31m\r\nSet-Cookie: x=1"
FILES = {
    '"><img src=x onerror=mzpwned=1>.pdf': b"%PDF-1.7\n",
    "a\r\nSet-Cookie: x=1.pdf": b"%PDF-1.7\n",
    "..\\..\\x\u202efdp.exe": b"MZ",
}


@pytest.fixture
def poisoned(world):
    """A tender whose every name and word is hostile, read out."""
    journey.register(world, name=f"工程{ALL}", content=ALL, contact=HOSTILE, location=HOSTILE)
    journey.announce(world)
    players = world.cast.bidders[:3]
    journey.enrol(world, *players)
    journey.pay(world, *players)
    players[0].do("tendering.ask_question", lot=world.lot, text=ALL)
    players[0].do("tendering.change_contact", lot=world.lot, contact=HOSTILE, phone="0990-1")
    for player, words in zip(
        players, ({"quality": UNSEEN, "project_manager": UNSEEN}, {"quality": ALL}, {HOSTILE: ALL}), strict=True
    ):
        world.offers[player.login] = bids.make(world.lot, player, files=FILES, **words)
        bids.submit(world.lot, world.offers[player.login])
    journey.close(world)
    journey.decrypt(world)
    for player in (world.cast.agency, players[0]):
        player.do("opening.say", lot=world.lot, text=ALL)
    journey.read(world)
    players[1].do("opening.raise_objection", lot=world.lot, text=ALL)
    world.settle()
    return world


def test_words_nobody_could_see_stop_no_reading_and_are_written_out(poisoned):
    row = next(one for one in opening.opened_bids(poisoned.lot) if one.bid == poisoned.offers["jia"].bid)
    assert row.state == "read"
    for sign in ("〔U+0000〕", "〔U+202E〕", "〔U+200B〕", "〔U+001B〕"):
        assert sign in row.quality
    assert "\r" not in row.quality and "\0" not in row.quality


def test_a_file_name_is_its_last_part_alone(poisoned):
    names = {one["name"] for one in opening.parts(poisoned.lot, poisoned.offers["jia"].bid)}
    assert not [name for name in names if set(name) & set("/\\\r\n\u202e")], names
    assert file_name("../../etc/passwd") == "passwd"
    assert file_name("C:\\windows\\" + "长" * 300 + ".pdf") == "长" * 120 + ".pdf"
    assert file_name("///") == file_name("\n") == "file"
    assert file_name("x.pdf.exe") == "x.pdf.exe"


def _pages(world):
    """Who looks at which pages that show these words."""
    lot = world.lot
    member = None
    return {
        member: ["/", "/notices", f"/lots/{lot}", f"/lots/{lot}/tender", f"/lots/{lot}/hall", f"/lots/{lot}/questions", "/search?q=工程"],
        world.cast.agency: [f"/lots/{lot}/hall", f"/lots/{lot}/steer", "/desk", f"/lots/{lot}/questions", f"/procedures/{world.procedure}"],
        world.cast.staff: ["/procedures", f"/lots/{lot}/evaluation"],
        world.cast.bidder: [f"/lots/{lot}/bid", "/messages"],
    }  # fmt: skip


def test_every_page_shows_hostile_words_as_words(poisoned):
    shown = 0
    for player, paths in _pages(poisoned).items():
        client = looking.visitor(player)
        for path in paths:
            status, body = looking.fetched(client, path)
            text = body.decode()
            assert status == 200, path
            assert "<script>mzpwned" not in text and "<img src=x" not in text and 'href="javascript:' not in text, path
            shown += "&lt;script&gt;mzpwned" in text
    assert shown >= 5


@pytest.mark.browser
def test_a_browser_that_opens_these_pages_executes_nothing_of_them(poisoned):
    """Chromium with our scripts and our policy: no word becomes an element, an attribute or a script."""
    if find_browser() is None:
        pytest.skip("no Chromium: scripts/browser.sh brings it")
    from playwright.sync_api import sync_playwright

    world, answers = poisoned, []
    for player, paths in _pages(world).items():
        client = looking.visitor(player)
        for path in paths:
            page = client.get(path)
            answers.append((path, page.content, dict(page.headers)))
    files = Statics()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(find_browser()), args=little_centre.CHROMIUM)
        try:
            for path, content, headers in answers:
                wrong = _open(browser, files, path, content, headers)
                assert wrong == [], path
        finally:
            browser.close()


class Statics:
    """The interface's own files, as the site serves them."""

    def __call__(self, route):
        from urllib.parse import urlparse

        from django.contrib.staticfiles import finders

        found = finders.find(urlparse(route.request.url).path.removeprefix("/static/"))
        kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
        if found is None:
            return route.abort()
        return route.fulfill(path=found, content_type=kinds.get(found.rpartition(".")[2], "application/octet-stream"))


def _open(browser, files, path, content, headers):
    """What a page did that it must not: dialogs, marks in the window, elements or attributes out of words, policy violations."""
    wrong: list[str] = []
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    page.route("**/*", lambda route: route.abort())
    page.route("**/static/**", files)
    page.route(
        f"http://centre.test{path.partition('?')[0]}*",
        lambda route: route.fulfill(status=200, body=content, headers=headers),
    )
    page.goto(f"http://centre.test{path}")
    page.wait_for_selector("body")
    found = page.evaluate(
        "() => [window.mzpwned === undefined ? '' : 'executed',"
        " document.querySelectorAll('[onerror],[onfocus],img[src=x],a[href^=\"javascript:\"]').length ? 'element' : '',"
        " [...document.scripts].some(one => one.textContent.includes('mzpwned')) ? 'script' : ''].filter(Boolean)"
    )
    context.close()
    return [*wrong, *found]
