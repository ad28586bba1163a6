"""Messages: for their recipient alone, tried until they arrive or staff call."""

import pytest

from mingzheng.kernel import ports
from mingzheng.kernel.ids import new_id
from mingzheng.ledger.writing import acting_as
from mingzheng.stages.notifying import models, queries, rules
from mingzheng.stages.notifying.changes import Recipient, notify

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(world):
    """The bidder is told something by site and SMS, about a lot."""
    lot = new_id()
    person = world.cast.bidder.person
    with acting_as("tests.tell"):
        assert notify(
            to=[Recipient(person=person), Recipient(organisation=world.cast.bidder.organisation)], topic="test", title="通知",
            text="请查收", at=world.clock.moment, lot=lot, channels=("in_site", "sms"),
        ) == 1  # fmt: skip
    return lot


def test_a_message_is_read_by_its_recipient_once_and_by_nobody_else(world, told):
    (message,) = queries.inbox(world.cast.bidder.person)
    assert world.cast.rival.refused("notifying.mark_read", message=message.id).code == rules.NOT_YOUR_MESSAGE.code
    world.clock.forward(minutes=3)
    world.cast.bidder.do("notifying.mark_read", message=message.id)
    read = queries.inbox(world.cast.bidder.person)[0].read_at
    world.clock.forward(minutes=3)
    assert world.cast.bidder.do("notifying.mark_read", message=message.id).events == ()
    assert queries.inbox(world.cast.bidder.person)[0].read_at == read
    assert queries.unread_count(world.cast.bidder.person) == 0


def test_what_no_carrier_delivers_is_tried_again_then_listed_for_a_call_that_is_kept(world, told, monkeypatch):
    class Broken:
        def send(self, **wanted):
            raise ConnectionError

    monkeypatch.setitem(ports.get("messages"), "sms", Broken())
    for _ in range(rules.TRIES):
        world.settle("send_messages")
        world.clock.forward(hours=2)
    delivery = models.Delivery.objects.get(channel="sms")
    assert (delivery.state, delivery.tries, delivery.next_try) == ("failed", rules.TRIES, None)
    called = world.cast.staff.do("notifying.log_call", message=delivery.message_id, reached=True, words="已告知").event
    assert (called.staff, called.reached) == (world.cast.staff.person, True)
    (row,) = queries.states(told)
    assert (row["channels"]["sms"], row["channels"]["call"], row["undelivered"]) == ("failed", "called", False)
