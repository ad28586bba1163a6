"""People for the tests of this stage, and the ways they come in."""

import json
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from django.db import transaction
from django.test import Client

from mingzheng.adapters.crypto import acts
from mingzheng.adapters.crypto.keyfile import open_key_file
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.numbering import demo_uscc
from mingzheng.site import demo
from mingzheng.site.demo.cast import member
from mingzheng.site.demo.parties import person_id
from mingzheng.site.deployment_clock import START
from mingzheng.stages.parties import commands

ORIGIN = "http://testserver"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demo centre, loaded once a module and rolled back after it; each test's own transaction nests inside."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        kernel_clock.use(lambda: START)
        demo.load()
        kernel_clock.use(kernel_clock.real)
    yield {one.login: one for one in demo.cast()}
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def people(loaded, db):
    """The demo centre's people, by login name."""
    return loaded


class RealTime:
    """The machine's own time, held still and moved by the test."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 10, 0, tzinfo=kernel_clock.UTC8)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture
def real(monkeypatch):
    moment = RealTime()
    monkeypatch.setattr(kernel_clock, "real", moment)
    return moment


def key_of(login: str):
    one = member(login)
    return open_key_file(one.key_file.read_text(), one.password)


def proof(client: Client, key, challenge: str = "", origin: str = ORIGIN) -> dict[str, str]:
    """What the browser posts: the certificate and the signed challenge."""
    challenge = challenge or client.get("/login/challenge").json()["challenge"]
    signature = acts.sign_text(key.private.reveal(), acts.login_text(challenge, origin))
    return {"certificate": key.certificate, "signature": signature}


def post(client: Client, path: str, body: dict):
    return client.post(path, json.dumps(body), content_type="application/json", headers={"accept": "application/json"})


def enter(login: str, client: Client | None = None) -> Client:
    """A browser logged in with the certificate."""
    client = client or Client()
    answer = post(client, "/login/certificate", proof(client, key_of(login)))
    assert answer.status_code == 200, answer.content
    return client


def enter_by_password(login: str, client: Client, *, password: str = "", code: str = "", back: int = 0):
    one = member(login)
    when = kernel_clock.real() - timedelta(seconds=30 * back)
    return client.post(
        "/login/password",
        {"login": login, "password": password or one.password, "code": code or pyotp.TOTP(one.totp_secret).at(when)},
    )


def do(client: Client, act: str, fields: dict, login: str = "", nonce: str = "nonce-0001"):
    """One act through the door, signed when `login` names whose key signs."""
    signature = None
    if login:
        key = key_of(login)
        text = acts.act_text(act, fields, nonce)
        signature = {"certificate": key.fingerprint, "signature": acts.sign_text(key.private.reveal(), text)}
    return post(client, f"/act/{act}", {"fields": fields, "nonce": nonce, "signature": signature})


def whose(login: str) -> UUID:
    return person_id(login)


def new_house(number: int, kind: str = "bidder", **more):
    """A registered organisation with one person; returns (organisation, person)."""
    happened = commands.register_organisation(
        actor=SYSTEM, name=f"测试单位{number}", code=demo_uscc("990100", f"MB{number:06d}"), kinds=[kind],
        person_name=f"测试人{number}", login=f"test{number}", **more,
    )  # fmt: skip
    return happened.events[0].organisation, happened.events[1].person
