"""The gallery is made of tokens, readable for everybody, as wide as its screen, and looks as it did.

New references after a wanted change: `make references`, then look at the pictures before they are committed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pictures
import pytest
from django.utils import translation
from little_centre import LittleCentre, open_centre
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from mingzheng.kernel import clock
from mingzheng.site.design.samples import samples

pytestmark = pytest.mark.browser
Draw = Callable[..., str]

HERE = Path(__file__).parent
AXE = HERE.parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
READABLE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RENEW = os.environ.get("MINGZHENG_REFERENCES") == "renew"
WIDTHS = {390: 844, 1280: 900, 1920: 1080}
SEEN = [(language, width) for language in ("zh-hans", "en") for width in WIDTHS]
FRAME = 15_000  # milliseconds for one picture
OTHER = "not the browser and fonts of tests/design/references/made-with.json: only the layout was compared"
STILL = "1e-9"  # the rate of the page's clock: it stands
#: Looks that no token resolves to, each with its reason. `value` is a regular expression over the whole value.
REVIEWED: list[dict[str, str]] = [
    {"property": "border-radius", "selector": "*", "value": "50%", "why": "a circle has no size to decide"},
    {
        "property": "font-size",
        "selector": ".code, .code *",
        "value": "(12.22|13.16|14.1|15.04|15.98)px",
        "why": "0.94 of the letters around: code is wide",
    },
    {
        "property": "font-size",
        "selector": ".rail li, .rail li *, .steps li, .steps li *",
        "value": "0px",
        "why": "on a phone the rail keeps its bars and drops its words",
    },
]
TOKENS = (
    """<!doctype html><html{}><head><link rel="stylesheet" href="/static/css/tokens.css"></head><body></body></html>"""
)


@dataclass
class Gallery:
    """The gallery opened at one width in one language, with everything that moves standing still."""

    page: Any
    name: str
    browser: str
    tokens: dict[str, list[str]]

    def foreign(self) -> list[str]:
        """Every look that is not a token's."""
        wrong: list[str] = self.page.evaluate(
            "([tokens, rules]) => look.foreign(tokens, rules)", [self.tokens, REVIEWED]
        )
        return wrong

    def blocks(self) -> list[dict[str, Any]]:
        """Where the blocks stand."""
        found: list[dict[str, Any]] = self.page.evaluate("look.blocks()")
        return found

    def picture(self) -> bytes:
        """The whole page. A browser without a graphics card now and then draws no frame until its window changes."""
        for _attempt in range(3):
            try:
                taken: bytes = self.page.screenshot(full_page=True, animations="disabled", timeout=FRAME)
                return taken
            except PlaywrightTimeout:
                size = self.page.viewport_size
                self.page.set_viewport_size({**size, "height": size["height"] + 1})
                self.page.set_viewport_size(size)
        raise AssertionError(f"{self.name}: the browser drew no picture")


@pytest.fixture
def served(draw: Draw) -> Iterator[LittleCentre]:
    """The gallery in both languages, its clock standing, and a page with the tokens alone."""

    def gallery(language: str, theme: str = "") -> str:
        with translation.override(language):
            filled = samples(clock.now())
        return draw("design.html", language=language, theme=theme, **{**filled, "mz_rate": STILL})

    with open_centre() as centre:
        centre.pages |= {
            "/tokens": lambda: TOKENS.format(""),
            "/tokens-of-screen": lambda: TOKENS.format(' data-theme="screen"'),
            "/zh-hans": lambda: gallery("zh-hans"),
            "/en": lambda: gallery("en"),
            "/screen": lambda: gallery("zh-hans", "screen"),
        }
        yield centre


@pytest.fixture
def opened(served: LittleCentre, tab: Any, chromium: Any) -> Callable[..., Gallery]:
    """Open the gallery: `opened("en", 390)`."""

    def open_it(language: str, width: int) -> Gallery:
        script = (HERE / "colours.js").read_text("utf-8")
        tab.set_viewport_size({"width": width, "height": WIDTHS[width]})
        tab.emulate_media(reduced_motion="reduce")
        tab.goto(f"{served.address}/tokens{'-of-screen' if language == 'screen' else ''}")
        tab.evaluate(script)
        tokens = tab.evaluate("look.tokens()")
        tab.clock.set_fixed_time(clock.now())
        tab.goto(f"{served.address}/{language}")
        tab.wait_for_selector("html[data-ready]")
        tab.evaluate("document.fonts.ready.then(() => true)")
        tab.evaluate(script)
        return Gallery(tab, f"{language}-{width}", chromium.version, tokens)

    return open_it


@pytest.mark.parametrize(("language", "width"), SEEN)
def test_the_gallery_is_made_of_tokens_readable_and_looks_as_it_did(
    opened: Callable[..., Gallery], shots: Path, capfd: pytest.CaptureFixture[str], language: str, width: int
) -> None:
    gallery = opened(language, width)
    page = gallery.page
    wrong = [*gallery.foreign(), *_inline(page), *_too_wide(page)]
    picture = gallery.picture()
    (shots / f"gallery-{gallery.name}.png").write_bytes(picture)
    wrong += _unreadable(page)  # last: it scrolls
    wrong += (
        ["no main act within reach of the thumb"]
        if width == 390 and not page.is_visible(".actionbar .btn--main")
        else []
    )
    if RENEW:
        pictures.keep(gallery.name, picture, gallery.blocks(), gallery.browser)
    elif pictures.comparable(gallery.browser):
        wrong += filter(None, [pictures.pixels_off(gallery.name, picture)])
    else:
        with capfd.disabled():  # said in the log of a passing run too
            print(f"\n{gallery.name}: {OTHER}", file=sys.stderr, flush=True)
        wrong += filter(None, [pictures.layout_off(gallery.name, gallery.blocks())])
    assert not wrong, "\n".join(wrong)


def _inline(page: Any) -> list[str]:
    """Every style or script that stands in the page itself."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[style], style, script:not([src])')].map(one => `inline: ${one.outerHTML.slice(0, 120)}`)"
    )
    return found


def _too_wide(page: Any) -> list[str]:
    """Whether one must scroll sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{over} px too wide"] if over > 0 else []


def _unreadable(page: Any) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(said => said.violations.map(one => "
        "`${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`))",
        READABLE,
    )
    return found


def test_the_gallery_on_the_big_screen_is_made_of_its_tokens(opened: Callable[..., Gallery], shots: Path) -> None:
    gallery = opened("screen", 1920)
    wrong = [*gallery.foreign(), *_inline(gallery.page), *_too_wide(gallery.page)]
    (shots / "gallery-screen.png").write_bytes(gallery.picture())
    wrong += _unreadable(gallery.page)
    assert not wrong, "\n".join(wrong)


BROKEN = {
    "colour": (".btn--main { background: #0f5f5f; }", "background-color is rgb(15, 95, 95)"),
    "token": (":root { --bad: #b3241a; }", "color is rgb(179, 36, 26)"),
    "size": (".hint { font-size: 12.5px; }", "font-size is 12.5px"),
    "corner": (".panel { border-radius: 12px; }", "border-radius is 12px"),
    "shadow": (".panel { box-shadow: 0 1px 4px rgb(16 26 34 / .2); }", "box-shadow is"),
}


def test_a_broken_copy_is_seen(opened: Callable[..., Gallery]) -> None:
    """The gate itself: one rule of a foreign style sheet, and it says so, by the tokens and by the picture."""
    gallery = opened("en", 390)
    assert gallery.foreign() == []
    for rule, said in BROKEN.values():
        gallery.page.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
            rule,
        )
        assert any(said in one for one in gallery.foreign()), rule
    gallery.page.evaluate("css => document.adoptedStyleSheets[0].replaceSync(css)", BROKEN["colour"][0])
    if pictures.comparable(gallery.browser):
        assert "pixels differ" in pictures.pixels_off(gallery.name, gallery.picture())
    gallery.page.evaluate("css => document.adoptedStyleSheets[0].replaceSync(css)", ".panel__b { padding: 22px; }")
    assert pictures.layout_off(gallery.name, gallery.blocks())
    gallery.page.evaluate("document.adoptedStyleSheets = []")
    assert pictures.layout_off(gallery.name, gallery.blocks()) == ""
