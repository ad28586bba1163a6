"""A binding act is signed in the browser with a key that never leaves it; a password login cannot do it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from little_centre import LittleCentre

import mingzheng
from mingzheng.kernel import canonical

pytestmark = pytest.mark.browser
KEY = json.loads((Path(mingzheng.__file__).parents[2] / "docs" / "formats" / "vectors" / "key.json").read_text("utf-8"))
FORM = """{% extends "base.html" %}{% load mz %}{% block main %}
{% actform "bidding.withdraw_bid" binds=True %}<input type="hidden" name="lot" value="七">
{% field "reason" "理由" value="价格有误" %}{% button "撤回" %}{% endactform %}{% endblock %}"""


@pytest.fixture
def page(centre: LittleCentre, draw: Callable[..., str], tab: Any) -> Any:
    """A form that binds."""
    centre.pages["/form"] = lambda: draw(FORM)
    tab.goto(f"{centre.address}/form")
    tab.wait_for_selector("html[data-ready]")
    return tab


def unlock(page: Any, tmp_path: Path, password: str) -> None:
    """Fill in the key dialog."""
    file = tmp_path / "person.mzkey"
    file.write_text(KEY["file"], "utf-8")
    page.wait_for_selector("dialog[open] #mz-key-file")
    page.set_input_files("#mz-key-file", str(file))
    page.fill("#mz-key-password", password)
    page.click("dialog[open] button[type=submit]")


def test_a_binding_act_asks_for_the_key_and_carries_a_signature_that_holds(
    page: Any, centre: LittleCentre, tmp_path: Path
) -> None:
    page.click("text=撤回")
    unlock(page, tmp_path, KEY["password"])
    page.wait_for_selector(".toast")
    act = centre.acts[0]
    text = canonical.dumps({"act": "bidding.withdraw_bid", "fields": act["fields"], "nonce": act["nonce"]})
    assert act["fields"] == {"lot": "七", "reason": "价格有误"}
    assert act["signature"]["certificate"] == KEY["fingerprint"]
    raw = base64.b64decode(act["signature"]["signature"])
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    begin = KEY["file"].index("-----BEGIN CERTIFICATE")
    public = x509.load_pem_x509_certificate(KEY["file"][begin:].encode()).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))  # raises when it does not hold
    sent = json.dumps(centre.acts)
    assert KEY["password"] not in sent
    assert "PRIVATE KEY" not in sent


def test_a_wrong_password_is_said_and_sends_nothing(page: Any, centre: LittleCentre, tmp_path: Path) -> None:
    page.click("text=撤回")
    unlock(page, tmp_path, "不是这个")
    page.wait_for_selector("dialog[open] [role=alert]:has-text('口令不对')")
    page.click("dialog[open] .dialog__f [data-close]")
    page.wait_for_timeout(200)
    assert centre.acts == []
    assert page.input_value("#f-reason") == "价格有误"


def test_the_key_stays_open_for_the_next_act_until_it_is_forgotten(
    page: Any, centre: LittleCentre, tmp_path: Path
) -> None:
    page.click("text=撤回")
    unlock(page, tmp_path, KEY["password"])
    page.wait_for_selector(".toast")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.click("text=撤回")
    page.wait_for_selector(".toast")
    assert len(centre.acts) == 2
    page.context.clear_cookies()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.click("text=撤回")
    page.wait_for_selector("dialog[open] #mz-key-file")
    assert len(centre.acts) == 2
