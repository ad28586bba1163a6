"""Hostile texts in every field of every command, in a real tender: nothing breaks, nothing hides, nothing executes."""

import itertools
from typing import Any, get_type_hints

import pytest
from tests import journey
from tests.architecture.matrix import PLAYERS
from tests.people import Player
from tests.played import played
from tests.security import corpus
from tests.security.asking import OPEN, post

from mingzheng.kernel.event import to_json
from mingzheng.kernel.refusal import Refused

kept_submitted, submitted = played("submitted")


def actor_for(world: Any, act: str) -> Player | None:
    """Somebody of the cast whose role may."""
    roles = OPEN[act].by
    if roles & {"public"}:
        return None
    login = next((PLAYERS[role] for role in PLAYERS if role in roles), "jia")
    return world.cast.agency if login == "agency" else world.cast.by_login(login)


def fields_of(world: Any, act: str) -> dict[str, Any]:
    hints = get_type_hints(OPEN[act].function)
    ids = {"lot": world.lot, "procedure": world.procedure, "person": None}
    return {
        name: str(ids[name]) if ids.get(name) else corpus.plausible(hints[name], world.lot)
        for name in OPEN[act].fields
        if not (name in ids and ids[name] is None)
    }


@pytest.mark.clause("GF-4.2.2-4")
@pytest.mark.parametrize("act", sorted(OPEN))
def test_no_text_in_any_field_of_any_command_breaks_it(submitted, act):
    """By role, on a lot before its deadline; whatever cannot be seen is refused by name before anything else is asked."""
    player, posted = actor_for(submitted, act), fields_of(submitted, act)
    for _, fields in corpus.attacks(OPEN[act], posted, {"all": corpus.ALL_SHOWN}):
        post(act, fields, player)  # any other fault is raised here
    long = {} if player is not None and player.login == "agency" else {"huge": corpus.HUGE}  # papers of a hundred pages
    for _, fields in corpus.instead(
        OPEN[act], posted, {**corpus.JSON, **long, "number": "-0.000e400", "blank": " \t\n"}
    ):
        post(act, fields, player)
    for (label, text), field in zip(corpus.REFUSED.items(), itertools.cycle(posted or [""])):
        for _, fields in corpus.attacks(OPEN[act], {field: posted[field]}, {label: text}) if posted else ():
            answer = post(act, {**posted, **fields}, player)
            assert isinstance(answer, Refused), (act, field, label)
            assert answer.code == "input.not-understood", (act, field, label, answer.code)
            break


def test_every_act_of_a_tender_takes_or_refuses_hostile_texts_at_the_moment_it_is_possible(db, world, monkeypatch):
    """The whole journey; before each act, the same act with a hostile text in each of its places, undone again."""
    tried: dict[str, int] = {}
    honest = Player.do
    texts = {"all": corpus.ALL_SHOWN}

    def do(self, act, *, nonce="", **fields):
        if act not in tried:
            tried[act] = 0
            for _, changed in corpus.attacks(OPEN[act], to_json(fields), texts):
                post(act, changed, self)
                tried[act] += 1
        return honest(self, act, nonce=nonce, **fields)

    monkeypatch.setattr(Player, "do", do)
    journey.bring(world, "contracted", announce={"document": {"method": "weighted", "price_ceiling": "186000000.00"}})
    assert len(tried) >= 30
    assert sum(tried.values()) > 100


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"1", b'"x"', b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"fields": 1, "nonce": "12345678"}',
        b'{"fields": {}, "nonce": "short"}', b'{"fields": {}, "nonce": "\\ud800\\ud800\\ud800\\ud800"}', b'{"fields": {}, "nonce": 1}',
        b'{"fields": {}, "nonce": "12345678", "signature": "x"}', b'{"fields": {}, "nonce": "12345678", "signature": {"signature": []}}',
        b'{"fields": {}, "nonce": "12345678", "secrets": []}', b'{"fields": {"x": NaN}, "nonce": "12345678"}',
        b'{"fields": {"\\u0000": "x"}, "nonce": "12345678"}', b'{"fields": {}, "nonce": "12345678", "secrets": {"\\ud800": "x"}}',
        b'{"fields": {"category": 1e999}, "nonce": "12345678"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_act_is_refused(db, client, body):
    client.raise_request_exception = False
    answer = client.post("/act/consulting.ask", body, content_type="application/json")
    assert answer.status_code == 422, answer.content
    form = client.post("/act/consulting.ask", body, content_type="application/x-www-form-urlencoded")
    assert form.status_code in (302, 422), form.content
