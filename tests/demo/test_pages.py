"""The bar, the strip and the spoiled byte are a demo's alone."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mingzheng.site.demo.progress import Progress

pytestmark = pytest.mark.xdist_group("demo")

PROBE = """
import django; django.setup()
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from mingzheng.kernel.actor import PUBLIC
found = []
for path in ("/demo/stage", "/demo/cast/jia", "/demo/guide", "/demo/proof", "/demo/clock", "/demo/bank/pay"):
    try:
        found.append(resolve(path).route)
    except Resolver404:
        pass
page = render_to_string("base.html", {"mode": "%s", "actor": PUBLIC, "nav": [], "demo_clock": None, "centre": "x"})
print(found, "data-cast" in page or "demo-stage" in page or "demo.css" in page)
"""


def _probe(mode: str, tmp_path: Path) -> str:
    environment = {**os.environ, "MINGZHENG_MODE": mode, "MINGZHENG_STATE": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "mingzheng.site.settings"
    done = subprocess.run(
        [sys.executable, "-c", PROBE % mode], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_with_production_settings_no_demo_address_and_no_bar_exists(tmp_path: Path) -> None:
    assert _probe("production", tmp_path) == "[] False"


def test_with_production_settings_the_robots_refuse_to_run(tmp_path: Path) -> None:
    environment = {**os.environ, "MINGZHENG_MODE": "production", "MINGZHENG_STATE": str(tmp_path)}
    environment.setdefault("DATABASE_URL", "postgresql:///nowhere")  # it is not even asked
    done = subprocess.run(
        [sys.executable, "-m", "mingzheng", "story"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "belongs to a demo" in done.stderr


@pytest.fixture
def visitor(demo: Path, settings: Any) -> Client:
    """A browser at the demo."""
    settings.ROOT_URLCONF = "tests.demo.urls"
    return Client()


def test_while_the_year_is_played_the_strip_says_so_and_the_clock_is_not_the_visitors(visitor: Client) -> None:
    page = visitor.get("/").content.decode()
    assert "data-loading" in page and "正在办理" in page
    refused = visitor.post("/demo/clock", {"to": "2026-03-05T09:00:00+08:00"}, HTTP_ACCEPT="application/json")
    assert (refused.status_code, refused.json()["refused"]) == (409, "clock.still-loading")


def test_the_strip_closed_stays_closed_until_it_is_opened_again(visitor: Client) -> None:
    assert "接下来" in visitor.get("/").content.decode()
    visitor.post("/demo/guide", {"_next": "/"})
    assert "接下来" not in visitor.get("/").content.decode()
    visitor.post("/demo/guide", {"_next": "/", "show": "1"})
    assert "接下来" in visitor.get("/").content.decode()


def test_the_key_of_one_of_the_cast_is_handed_out_and_no_others(visitor: Client) -> None:
    given = visitor.post("/demo/cast/jia").json()
    assert "ENCRYPTED PRIVATE KEY" in given["key"]
    assert visitor.post("/demo/cast/secadmin").status_code == 404
    assert visitor.get("/demo/cast/jia").status_code == 405


def test_without_an_archive_the_proof_page_says_when_there_will_be_one(visitor: Client) -> None:
    assert "还没有归档的项目" in visitor.get("/demo/proof").content.decode()
    assert Progress.read().state == "loading"
