"""Who asked the desk holds the key to question and answer; the ledger, which everybody reads, does not have it."""

import json

import pytest
from django.test import Client
from tests import journey
from tests.walls import looking

from mingzheng.kernel.ids import random_id
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.consulting import queries

pytestmark = pytest.mark.django_db


def _ask(client, **fields):
    body = {
        "fields": {"category": "other", "text": "我公司准备投这个标，能否现场踏勘？", **fields},
        "nonce": f"nonce-{random_id()}",
    }
    answer = client.post("/act/consulting.ask", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_no_entry_lets_a_stranger_open_a_question_and_the_asker_is_told_how(cast):
    cast.staff  # noqa: B018 - somebody of the desk is in the register
    status, told = _ask(Client())
    number = told["told"]["number"]
    question = queries.by_number(number)
    cast.staff.do("consulting.answer", question=question.id, text="可以，请联系招标人。")
    assert status == 200 and "现场踏勘" in Client().get("/consult", {"number": number}).content.decode()
    entries = [one for one in stream_entries("centre") if one.kind.startswith("consulting.")]
    assert [one.kind for one in entries] == ["consulting.question-asked", "consulting.question-answered"]
    key, public = number.rpartition("-")[2], number.rpartition("-")[0]
    for one in entries:
        assert one.event.number == public and key not in one.text
        page = Client().get("/consult", {"number": one.event.number}).content.decode()
        assert "现场踏勘" not in page and "请联系招标人" not in page
    assert not [entry for entry in told["entries"] if key in entry["text"]]


def test_whoever_guesses_anothers_nonce_gets_no_answer_of_the_other(cast):
    cast.staff  # noqa: B018 - somebody of the desk is in the register

    def ask(text):
        body = {"fields": {"category": "other", "text": text}, "nonce": "12345678"}
        return Client().post("/act/consulting.ask", json.dumps(body), content_type="application/json").json()

    first, stranger, again = ask("能否现场踏勘？"), ask("停车场在哪里？"), ask("能否现场踏勘？")
    assert stranger["told"] != first["told"] and not stranger["again"]
    assert (again["told"], again["again"]) == (first["told"], True)


def test_whether_there_is_a_registration_cannot_be_asked_by_a_question_about_it(world):
    cast = world.cast
    journey.register(world, by=cast.owner)
    nothing = _ask(Client(), procedure=str(random_id()))
    assert nothing[0] == 404
    for client in (Client(), looking.visitor(cast.bidder), looking.visitor(cast.by_login("school"))):
        assert _ask(client, procedure=str(world.procedure)) == nothing
    assert _ask(looking.visitor(cast.owner), procedure=str(world.procedure))[0] == 200
