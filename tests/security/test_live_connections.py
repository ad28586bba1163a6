"""Live pages are counted while they are open, and there is an end to them; whose they are is told to nobody else."""

import asyncio

import pytest
from django.test import Client
from tests.walls import looking

from mingzheng.kernel.actor import PUBLIC
from mingzheng.site import limits
from mingzheng.site.live import connections as counting
from mingzheng.site.live import views
from mingzheng.site.live.connections import PERSON, Connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(monkeypatch):
    """The limits of a production deployment, nobody connected."""
    fresh = Connections(1.0)
    monkeypatch.setattr(views, "connections", fresh)
    monkeypatch.setattr(counting, "connections", fresh)
    return fresh


def test_one_person_has_an_end_before_others_and_all_have_one_together(monkeypatch):
    monkeypatch.setattr(limits, "LIVE_AT_ONCE", 30)
    of = Connections(1.0)
    assert [of.take(f"{PERSON}a") for _ in range(21)] == [True] * 20 + [False]
    assert all(of.take("address 10.0.0.1") for _ in range(10))
    assert not of.has_room(f"{PERSON}b")
    of.give_back(f"{PERSON}a")
    assert of.take(f"{PERSON}b")
    told = of.counts()
    assert (told.open, told.of_people, told.people, told.most_of_one, told.refused) == (30, 20, 2, 19, 2)
    assert (told.limit, told.limit_of_person) == (30, limits.LIVE_OF_PERSON)


def test_without_limits_everything_is_still_counted():
    of = Connections(0)
    assert all(of.take(f"{PERSON}a") for _ in range(50))
    for _ in range(50):
        of.give_back(f"{PERSON}a")
    assert of.counts().open == 0


def test_a_household_of_addresses_is_one_visitor_and_a_person_is_itself_from_anywhere(cast):
    at = counting.visitor_of(PUBLIC, "2001:db8:1:2::4")
    assert at == counting.visitor_of(PUBLIC, "2001:db8:1:2::5") != counting.visitor_of(PUBLIC, "10.0.0.1")
    one = cast.bidder.actor
    assert counting.visitor_of(one, "10.0.0.1") == counting.visitor_of(one, "10.0.0.2")


def test_a_stream_is_counted_while_it_lasts_and_no_longer_and_one_never_read_not_at_all(strict):
    async def pieces():
        yield "retry: 1000\n\n"
        yield ": alive\n\n"

    async def visit():
        stream = views._counted(f"{PERSON}a", pieces())
        assert strict.counts().open == 0
        assert await anext(stream) == "retry: 1000\n\n"
        assert strict.counts().open == 1
        await stream.aclose()  # the browser went away
        assert strict.counts().open == 0
        whole = [piece async for piece in views._counted(f"{PERSON}a", pieces())]
        assert len(whole) == 2
        views._counted(f"{PERSON}a", pieces())

    asyncio.run(visit())
    assert strict.counts().open == 0


def test_beyond_the_limit_a_stream_is_refused_politely_and_every_page_goes_on(strict, cast):
    player = cast.bidder
    for _ in range(limits.LIVE_OF_PERSON):
        assert strict.take(f"{PERSON}{player.person}")
    client = looking.visitor(player)
    answer = client.get("/live?lots=", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["refused"]) == (429, "access.live-full")
    assert client.get("/desk").status_code == 200
    assert Client().get("/live?lots=").status_code == 200

    async def late():  # somebody else was quicker between the look and the first piece
        return [piece async for piece in views._counted(f"{PERSON}{player.person}", views._stream([], -1))]

    assert asyncio.run(late()) == ["retry: 10000\n\n"]


def test_the_system_page_shows_numbers_and_the_own_account_its_own(cast):
    player = cast.bidder
    counting.connections.take(f"{PERSON}{player.person}")
    try:
        page = looking.visitor(cast.system_admin).get("/admin-system")
        assert dict(page.context["live"])["打开的连接"].startswith("1，")
        assert player.name not in page.content.decode()
        assert looking.visitor(player).get("/account").context["live_pages"] == 1
    finally:
        counting.connections.give_back(f"{PERSON}{player.person}")
