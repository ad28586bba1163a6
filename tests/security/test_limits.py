"""How often a visitor may ask: by account and address, told when to come again, with a reserve no reading uses up."""

import json

import pytest
from django.test import Client
from tests.walls import looking

from mingzheng.kernel.actor import PUBLIC, Actor
from mingzheng.kernel.ids import random_id
from mingzheng.ledger.writing import COMMANDS
from mingzheng.site import limits

pytestmark = pytest.mark.django_db


class Standing:
    """Seconds that pass only when a test says so."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def time():
    return Standing()


@pytest.fixture
def strict(monkeypatch, time):
    """The limits of a production deployment."""
    monkeypatch.setattr(limits, "buckets", limits.Buckets(time))
    return time


def person(strength="certificate", roles=("bidder", "member")):
    return Actor(person=random_id(), organisation=random_id(), roles=frozenset(roles), strength=strength)


def used_up(kind, method, path, actor, address="10.0.0.1"):
    """Ask until refused; how often it went well."""
    for done in range(5000):
        if limits.wait(method, path, actor, address):
            return done
    raise AssertionError(f"{kind} has no end")


@pytest.mark.parametrize(
    ("kind", "method", "path", "known"),
    [
        ("read", "GET", "/notices", True), ("read-publicly", "GET", "/notices", False), ("act", "POST", "/act/opening.say", True),
        ("act-publicly", "POST", "/act/consulting.ask", False), ("login", "POST", "/login/certificate", False),
        ("login-by-password", "POST", "/login/password", False), ("register", "POST", "/register", False),
        ("register", "POST", "/act/parties.register_organisation", False), ("begin-upload", "POST", "/upload", True),
        ("look", "GET", "/search", False), ("upload", "PATCH", "/upload/x", True),
    ],
)  # fmt: skip
def test_every_kind_of_request_has_an_end_and_goes_on_after_the_time_told(strict, kind, method, path, known):
    actor = person("password") if known else PUBLIC
    assert limits.kind_of(method, path, known) == kind
    assert used_up(kind, method, path, actor) == limits.ALLOWANCES[kind].burst
    seconds = limits.wait(method, path, actor, "10.0.0.1")
    strict.seconds += seconds
    assert seconds > 0
    assert limits.wait(method, path, actor, "10.0.0.1") == 0


def test_neither_another_account_nor_another_address_is_charged(strict):
    loud, quiet = person(), person()
    used_up("read", "GET", "/notices", loud)
    assert limits.wait("GET", "/notices", quiet, "10.0.0.1") == 0
    assert limits.wait("GET", "/notices", loud, "10.0.0.2") == 0
    assert limits.wait("GET", "/notices", PUBLIC, "10.0.0.1") == 0


@pytest.mark.parametrize("act", sorted(n for n, one in COMMANDS.items() if one.binds and "bidder" in one.by))
def test_a_bidder_at_the_deadline_still_signs_when_everything_else_is_used_up(strict, act):
    """By strangers behind the same address, by its own pages, by its own unsigned acts."""
    bidder = person()
    used_up("read-publicly", "GET", "/notices", PUBLIC)
    used_up("register", "POST", "/register", PUBLIC)
    used_up("read", "GET", "/desk", bidder)
    used_up("act", "POST", "/act/tendering.ask_question", bidder)
    assert limits.wait("POST", f"/act/{act}", bidder, "10.0.0.1") == 0
    assert limits.wait("PATCH", f"/upload/{random_id()}", bidder, "10.0.0.1") == 0


def test_the_reserve_is_for_certificates_and_binding_acts_and_has_an_end_too(strict):
    weak, strong = person("password"), person()
    for who in (weak, strong):
        used_up("act", "POST", "/act/tendering.ask_question", who)
    assert limits.wait("POST", "/act/bidding.submit_bid", weak, "10.0.0.1") > 0
    assert limits.wait("POST", "/act/tendering.ask_question", strong, "10.0.0.1") > 0
    assert used_up("act", "POST", "/act/bidding.submit_bid", strong) == limits.ALLOWANCES["reserve"].burst


def test_addresses_of_one_ipv6_household_are_one_visitor():
    assert (
        limits.network("2001:db8:1:2:3::4") == limits.network("2001:db8:1:2:ffff::1") != limits.network("2001:db8::1")
    )
    assert limits.network("::ffff:10.0.0.1") == limits.network("10.0.0.1")
    assert limits.network("nonsense") == "nonsense"


def test_a_crowd_of_visitors_does_not_fill_the_memory(time, monkeypatch):
    monkeypatch.setattr(limits, "REMEMBERED", 100)
    of = limits.Buckets(time)
    for number in range(500):
        of.take("read", str(number))
    assert len(of._left) == 100


def test_the_refusal_is_typed_and_says_when_to_try_again_in_page_and_program(strict):
    client = Client()
    while (answer := client.post("/register", {"name": "x"})).status_code != 429:
        assert answer.status_code == 422
    assert int(answer["Retry-After"]) == 360
    assert "360" in answer.content.decode()
    program = client.post("/act/parties.register_organisation", "{}", content_type="application/json")
    told = json.loads(program.content)
    assert (program.status_code, told["refused"], program["Retry-After"]) == (429, "access.too-many", "360")
    assert "360" in told["todo"]
    assert client.get("/notices").status_code == 200


def test_a_locked_password_way_leaves_the_certificate_of_the_same_person_alone(strict, cast):
    """Whoever types a bidder's login name wrongly closes the password way of that name, never what binds."""
    jia = cast.bidder
    for _ in range(6):
        Client().post("/login/password", {"login": jia.login, "password": "x", "code": "1"})
    assert looking.visitor(jia).get("/desk").status_code == 200
