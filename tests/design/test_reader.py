"""The reader by itself: hundreds of pages of which a few are held, and every state a file can be in, said in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from long_papers import paper, scan

from mingzheng.site.middleware import HEADERS

pytestmark = pytest.mark.browser
HERE = "http://localhost"
PAGES = 200
READER = """{% extends "base.html" %}{% load mz %}{% block styles %}<link rel="stylesheet" href="{% static "css/viewer.css" %}">{% endblock %}
{% block scripts %}<script type="module" src="{% static "built/viewer.js" %}"></script>{% endblock %}
{% block main %}<div class="reader--own">{% include "components/reader.html" with src="/paper.pdf" name="招标文件" %}</div>{% endblock %}"""
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
REFUSAL = {"refused": "opening.file-not-checked", "what": "文件还没有检查完。", "todo": "请稍后再打开。"}


@pytest.fixture
def read(draw: Callable[..., str], tab: Any) -> Callable[..., Any]:
    """Open a page with a reader under the platform's own headers; `answers` answer its requests for the file in turn."""

    def open_it(*answers: dict[str, Any]) -> Any:
        left = list(answers)

        def answer(route: Any) -> None:
            path = urlsplit(route.request.url).path
            if path == "/paper.pdf":
                told = left.pop(0)
                return route.abort() if told.get("cut") else route.fulfill(headers=HEADERS, **told)
            if path.startswith("/static/"):
                found = str(finders.find(path.removeprefix("/static/")))
                kind = KINDS.get(found.rpartition(".")[2], "application/octet-stream")
                return route.fulfill(path=found, headers={**HEADERS, "Content-Type": kind})
            return route.fulfill(body=draw(READER), content_type="text/html; charset=utf-8", headers=HEADERS)

        tab.set_default_timeout(15_000)
        tab.route(f"{HERE}/**", answer)
        tab.goto(f"{HERE}/page")
        return tab

    return open_it


def pdf(content: bytes) -> dict[str, Any]:
    return {"body": content, "content_type": "application/pdf"}


def test_of_two_hundred_pages_those_near_the_window_are_held(read: Callable[..., Any]) -> None:
    page = read(pdf(paper(PAGES)))
    page.wait_for_selector("[data-page='1'] canvas")
    assert page.text_content("[data-page-count]") == str(PAGES)
    assert page.locator(".leaf--pdf").count() == PAGES
    for number in (90, 150, PAGES):
        page.fill("[data-page-now]", str(number))
        page.press("[data-page-now]", "Enter")
        page.wait_for_selector(f"[data-page='{number}'] canvas")
        assert page.locator(".leaf--pdf canvas").count() <= 5
    assert page.locator("[data-page='1'] canvas").count() == 0


def test_chinese_in_a_font_that_is_not_embedded_is_shown_and_can_be_selected(read: Callable[..., Any]) -> None:
    page = read(pdf(paper(1)))
    page.wait_for_selector(".textLayer >> text=项目经理与技术负责人全程驻场", state="attached")
    dark = page.evaluate(
        "() => { const one = document.querySelector('.leaf--pdf canvas'), {data} = one.getContext('2d').getImageData(0, 0, one.width, one.height);"
        " let n = 0; for (let at = 0; at < data.length; at += 4) if (data[at + 3] && data[at] < 90) n += 1; return n; }"
    )
    assert dark > 500  # ink, not empty boxes alone


@pytest.mark.parametrize(
    ("state", "content"),
    [("locked", paper(1, password="x")), ("damaged", b"%PDF-1.7\nnothing"), ("damaged", b"")],
    ids=["locked", "damaged", "empty"],
)
def test_a_file_that_cannot_be_shown_is_named_and_offered(read: Callable[..., Any], state: str, content: bytes) -> None:
    page = read(pdf(content))
    page.wait_for_selector(f"[data-when={state}]", state="visible")
    assert page.get_attribute(f"[data-when={state}] [data-download]", "href").endswith("/paper.pdf")


def test_a_refusal_is_said_in_the_platforms_words_and_a_cut_line_is_tried_again(read: Callable[..., Any]) -> None:
    page = read({"status": 409, "json": REFUSAL}, {"cut": True}, pdf(paper(1)))
    page.wait_for_selector("[data-when=failed] >> text=文件还没有检查完。请稍后再打开。")
    page.click("[data-do=again]")
    page.wait_for_selector("[data-when=failed] >> text=请检查网络后再试")
    page.click("[data-do=again]")
    page.wait_for_selector("[data-page='1'] canvas")


def test_a_picture_in_jpeg_2000_is_shown_without_webassembly(read: Callable[..., Any]) -> None:
    """Scanners write it; the content policy forbids the decoder that pdf.js would rather take."""
    page = read(pdf(scan()))
    page.wait_for_selector("[data-page='1'] canvas")
    assert page.evaluate(
        "() => { const one = document.querySelector('.leaf--pdf canvas');"
        " return [...one.getContext('2d').getImageData(one.width / 2, one.height / 2, 1, 1).data]; }"
    ) == pytest.approx([200, 30, 30, 255], abs=12)


def test_keys_turn_pages_and_zoom(read: Callable[..., Any]) -> None:
    page = read(pdf(paper(12)))
    page.wait_for_selector("[data-page='1'] canvas")
    page.focus("[data-sheet]")
    for key, number in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 12), ("Home", 1)):
        page.keyboard.press(key)
        assert page.input_value("[data-page-now]") == str(number), key
    fits = page.text_content("[data-zoom]")
    page.keyboard.press("+")
    assert int(page.text_content("[data-zoom]")[:-1]) > int(fits[:-1])
    page.keyboard.press("0")
    assert page.text_content("[data-zoom]") == fits
