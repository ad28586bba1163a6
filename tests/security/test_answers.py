"""What every answer carries, and what an answer to a fault never tells."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError, connection
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver
from tests.security.addresses import everywhere, path_of

from mingzheng.site import failures

WANTED = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip
STATUSES = (400, 403, 404, 413, 429, 500, 503)
TELLING = ("Traceback", "Exception", "Error at", "django", "psycopg", "settings", ".py", "select ", "a secret of ours")


def _checked(answer, where):
    for name, value in WANTED.items():
        assert answer.headers.get(name) == value, (where, name)
    policy = answer.headers["Content-Security-Policy"]
    rules = dict(one.strip().split(" ", 1) for one in policy.split(";") if one.strip())
    assert rules["default-src"] in ("'self'", "'none'"), where
    asked = re.sub(
        r" http://127\.0\.0\.1:\d+$", "", rules.get("connect-src", "")
    )  # a signing agent of one's own machine
    others = " ".join([*(value for name, value in rules.items() if name != "connect-src"), asked])
    assert "unsafe" not in others and "*" not in others and "http" not in others, where
    assert rules["frame-ancestors"] == "'none'" and rules["base-uri"] == "'none'", where
    for sensor in ("camera", "microphone", "geolocation"):
        assert f"{sensor}=()" in answer.headers["Permissions-Policy"], where
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers, where
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert answer.headers["Cache-Control"] in ("no-store", "no-cache", "private, no-store"), where


@pytest.mark.clause("GF-4.2.2-4")
@pytest.mark.django_db
def test_every_answer_of_every_address_carries_the_security_headers():
    """For every method, also where it is refused, not found or not allowed; and the files of the interface."""
    client = Client(raise_request_exception=False)
    for address in everywhere():
        for method in ("GET", "POST", "OPTIONS"):
            path = path_of(address)
            answer = client.generic(method, path)
            assert answer.status_code < 500, (method, path)
            _checked(answer, (method, path))
            if answer.streaming:
                b"".join(answer.streaming_content)
    for path in ("/static/css/tokens.css", "/nothing-here", "/static/nothing.css"):
        answer = client.get(path)
        _checked(answer, path)
        if answer.streaming:
            answer.getvalue()


def _production(said):
    code = f"import json; from django.conf import settings as s; print(json.dumps({said}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "MINGZHENG_MODE": "production", "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings"},
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.clause("GF-9.7-4")
def test_production_answers_over_tls_alone_with_cookies_no_other_host_or_script_can_touch():
    told = _production(
        "[s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.SESSION_COOKIE_SAMESITE, s.DEBUG, s.MINGZHENG_LIMITS, s.SIMULATED]"
    )
    assert told == [True, 31536000, True, True, True, True, "__Host-mz_session", "__Host-csrftoken", "Lax", False, 1.0, False]  # fmt: skip


def test_production_has_no_address_that_moves_the_clock_or_pays():
    from mingzheng.site import urls

    assert {"demo/clock", "demo/bank/pay"} <= {str(one.pattern) for one in urls.urlpatterns}  # a test deployment
    code = (
        "import django; django.setup(); from mingzheng.site import urls;"
        "print([str(u.pattern) for u in urls.urlpatterns if 'demo' in str(u.pattern)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "MINGZHENG_MODE": "production", "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings"},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def _faults(program):
    """Every error answer as the site makes it."""
    request = RequestFactory().get("/notices", HTTP_ACCEPT="application/json" if program else "text/html")
    for status, fault in (
        (400, SuspiciousOperation("a secret of ours")), (403, Exception("a secret of ours")), (404, Http404("a secret of ours")),
        (413, RequestDataTooBig("a secret of ours")),
    ):  # fmt: skip
        view = get_resolver().resolve_error_handler(400 if status == 413 else status)
        yield status, view(request, fault)
    yield 429, failures.too_many(request, 12)
    try:
        raise ValueError("a secret of ours")
    except ValueError:
        yield 500, failures.broken(request)
    try:
        raise OperationalError("a secret of ours")
    except OperationalError:
        yield 503, failures.broken(request)


@pytest.mark.parametrize("program", [False, True], ids=["page", "program"])
def test_error_answers_tell_no_detail(program):
    """And ask no database: it may be what failed (this test has none)."""
    seen = []
    for status, answer in _faults(program):
        text = answer.content.decode()
        assert answer.status_code == status
        assert not [word for word in TELLING if word in text], (status, text)
        if program:
            told = json.loads(text)
            assert told["what"] and told["todo"] and told["refused"], status
        seen.append(status)
    assert tuple(seen) == STATUSES


@pytest.mark.parametrize("status", STATUSES)
def test_error_pages_say_what_happened_and_what_to_do_in_both_languages(status):
    text = render_to_string(f"errors/{status}.html", {"seconds": 12})
    assert 'lang="zh-CN"' in text and '<div lang="en"' in text
    assert text.count("<h1>") == 1 and 'href="/"' in text
    assert "style=" not in text and "<script" not in text and "css/tokens.css" in text


@pytest.mark.django_db
def test_a_request_that_is_too_large_too_old_or_in_pieces_is_answered_without_detail():
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    large = client.post("/login/password", {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert large.status_code in (403, 413)
    free = Client(raise_request_exception=False)
    assert free.post("/register", {"name": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}).status_code == 413
    assert free.post("/register", {f"f{n}": "x" for n in range(1100)}).status_code == 413
    assert free.get("/notices", HTTP_HOST="evil.example").status_code == 400
    assert client.post("/logout").status_code == 403


@pytest.mark.django_db
def test_when_the_database_does_not_answer_the_page_says_so_and_nothing_else(monkeypatch):
    def dead(*given, **more):
        raise OperationalError("connection to server at 10.1.2.3 failed: password of mingzheng")

    monkeypatch.setattr(connection, "cursor", dead)
    answer = Client(raise_request_exception=False).get("/notices")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "10.1.2.3" not in answer.content.decode()
    assert "script-src 'self';" in answer["Content-Security-Policy"]
