"""Who was reached by a lot's messages: for the centre, after closing, with the telephone as the last channel."""

import pytest
from tests import journey
from tests.walls import looking

from mingzheng.kernel import ports
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures.web import deliveries

pytestmark = pytest.mark.django_db


@pytest.fixture
def unreached(lot_at, monkeypatch):
    """A closed lot that is suspended, whose second bidder no SMS reaches."""
    world = lot_at("opening")
    dead = parties.person(world.cast.rival.person).phone
    carrier = ports.get("messages")["sms"]
    real = carrier.send

    def send(**given):
        if given["address"] == dead:
            raise ConnectionError("no such number")
        return real(**given)

    monkeypatch.setattr(carrier, "send", send)
    world.cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="有投诉正在处理", basis="实施条例 62")
    for _ in range(6):
        world.settle("send_messages")
        world.clock.forward(hours=2)
    return world


def page(world, player=None, query=""):
    return looking.visitor(player or world.cast.staff).get(f"/lots/{world.lot}/deliveries{query}")


def test_staff_sees_whom_to_call_logs_the_call_and_the_person_is_off_the_list(unreached):
    world = unreached
    (one,) = page(world).context["to_call"]
    assert one["person"].id == world.cast.rival.person
    assert "电话通知未送达的人员" in looking.visitor(world.cast.staff).get("/desk").content.decode()
    text = page(world).content.decode()
    assert one["person"].phone in text
    world.cast.staff.do("notifying.log_call", message=one["message"], reached=False, words="无人接听")
    (again,) = page(world).context["to_call"]
    assert [(call.reached, call.words) for call in again["calls"]] == [(False, "无人接听")]
    world.cast.staff.do("notifying.log_call", message=one["message"], reached=True, words="已告知暂停")
    world.cast.staff.do("notifying.log_call", message=one["message"], reached=False, words="再打一次，无人接听")
    assert page(world).context["to_call"] == []
    row = next(one for one in page(world).context["rows"] if one["message"] == again["message"])
    assert dict(row["states"])["电话"] == ("已通知", "ok")
    assert dict(row["states"])["短信"] == ("未送达", "bad")
    assert "电话通知未送达的人员" not in looking.visitor(world.cast.staff).get("/desk").content.decode()


def test_before_the_deadline_recipients_are_secret_and_the_button_says_why(lot_at):
    world = lot_at("announced")
    journey.enrol(world, world.cast.bidder)
    world.cast.agency.do("tendering.publish_clarification", lot=world.lot, changes=["图纸 S-14 更新。"])
    refused = page(world)
    assert refused.status_code == 409
    assert world.cast.bidder.name not in refused.content.decode()
    lot = looking.visitor(world.cast.staff).get(f"/lots/{world.lot}")
    assert lot.context["deliveries_why"].code == "notifying.recipients-secret"
    assert notifying.states(world.lot), "there are messages, and they are not shown"


def test_nobody_but_the_centres_staff_opens_it(unreached):
    for player in (unreached.cast.agency, unreached.cast.bidder, unreached.cast.supervisor):
        assert page(unreached, player).status_code == 403


def test_many_messages_come_in_pages_the_newest_first(unreached, monkeypatch):
    monkeypatch.setattr(deliveries, "ROWS", 3)
    total = page(unreached).context["total"]
    pages = page(unreached).context["pages"]
    assert pages == -(-total // 3)
    seen = [one["message"] for n in range(1, pages + 1) for one in page(unreached, query=f"?page={n}").context["rows"]]
    assert len(seen) == len(set(seen)) == total
    assert page(unreached, query="?page=999").status_code == page(unreached, query="?page=x").status_code == 200
