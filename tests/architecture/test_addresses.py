"""Every address is a registered page, every template parses, no page brings script or style of its own."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client
from tests.architecture.matrix import Address, addresses

import mingzheng
from mingzheng.kernel.page import PAGES

SOURCE = Path(mingzheng.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"javascript:", re.I),
}


@pytest.mark.parametrize("address", [pytest.param(one, id=one.route or "/") for one in addresses()])
def test_every_address_is_a_registered_page(address: Address) -> None:
    assert address.page is not None, f"{address.route} is not behind @page"
    assert PAGES[address.page.name] is address.page


def test_every_registered_page_has_an_address() -> None:
    reached = {address.page.name for address in addresses() if address.page}
    of_a_demo = {name for name in PAGES if name.startswith("site.demo.")}  # addresses of that mode: tests/demo
    assert set(PAGES) - reached - of_a_demo == set()


@pytest.mark.parametrize("path", [pytest.param(one, id=one.name) for one in TEMPLATES])
def test_every_template_parses_and_brings_no_script_or_style_of_its_own(path: Path) -> None:
    text = path.read_text("utf-8")
    engines["django"].from_string(text)
    for what, pattern in FORBIDDEN.items():
        assert not pattern.search(re.sub(r"{%.*?%}|{{.*?}}", "", text)), f"{what} in {path}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/login", "/notices", "/lots/00000000-0000-0000-0000-000000000000", "/nothing-here"]
)
def test_every_answer_forbids_script_and_style_that_is_not_ours(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
