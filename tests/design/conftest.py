"""Fixtures: our pages rendered without a database, a little web server, and Chromium."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.utils import translation

from mingzheng.kernel import clock
from mingzheng.kernel.actor import PUBLIC
from mingzheng.site.launch.browser import MISSING, arguments, find_browser

sys.path.insert(0, str(Path(__file__).parent))

import little_centre

SHOTS = Path(__file__).resolve().parents[2] / "build" / "screens" / "design"


def frame(**more: Any) -> dict[str, Any]:
    """What every page's frame reads, without a request."""
    now = clock.now()
    given = {
        "centre": "云州市公共资源交易中心",
        "mode": "production",
        "mz_now": clock.text(now),
        "mz_rate": 1.0,
        "nav": [],
    }
    return {**given, "actor": PUBLIC, "demo_clock": None, **more}


@pytest.fixture
def draw() -> Callable[..., str]:
    """Render a template file, or a source that begins with `{%`, in Chinese unless told otherwise."""

    def run(template: str, language: str = "zh-hans", **context: Any) -> str:
        with translation.override(language):
            filled = frame(LANGUAGE_CODE=language, **context)
            if template.startswith("{%"):
                return engines["django"].from_string(template).render(filled)
            return render_to_string(template, filled)

    return run


@pytest.fixture
def centre() -> Iterator[little_centre.LittleCentre]:
    """A running little centre."""
    with little_centre.open_centre() as running:
        yield running


@pytest.fixture(scope="module")  # other browser tests of the same worker start their own
def chromium() -> Iterator[Any]:
    """Chromium, or a loud skip; in CI a missing browser fails."""
    found = find_browser()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must run the browser tests: {MISSING}")
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=arguments(),
            env={**os.environ, "LANGUAGE": "en_US"},  # the words of its own controls: pictures are compared
        )
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """One tab of a Chinese reader; an error in a script or a breach of the content policy fails the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    wrong: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def shots() -> Path:
    """Where screenshots go."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS
