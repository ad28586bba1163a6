"""Statutory media: commission, receipt, comparison."""

import pytest
from tests.journey import ESTIMATE, REGISTRATION
from tests.walls import looking

from mingzheng.adapters.media.port import MediumRefused, MediumUnavailable, digest_of
from mingzheng.kernel import ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import jobs, queries, rules

pytestmark = pytest.mark.django_db


def kinds(world):
    return [one.kind for one in stream_entries(stored_stream(f"lot:{world.lot}"))]


@pytest.fixture
def media():
    """The deployment's media; whatever a test puts in their place is taken back."""
    before = ports.get("media")
    yield before
    ports.use("media", before)


@pytest.mark.clause("GF-6.4.1-1")
def test_before_registration_is_complete_nothing_goes_to_the_media_and_after_it_every_medium_has_commission_and_receipt(
    world, lot_at
):
    cast = world.cast
    lots = [{"name": "一标段", "estimate": ESTIMATE}]
    submitted = cast.owner.do("procedures.submit_registration", content=REGISTRATION, lots=lots).event
    assert procedures.procedure(submitted.procedure).lots == ()
    refused = cast.owner.refused(
        "tendering.publish_notice", lot=submitted.procedure, confirmation=rules.CONFIRMATION_VERSION
    )
    assert refused.code == "procedures.no-such-lot"
    world = lot_at("announced")
    assert {one.state for one in queries.media(world.lot)} == {"queued"}
    commissioned = [
        one for one in stream_entries(stored_stream(f"lot:{world.lot}")) if one.kind == "tendering.media-commissioned"
    ]
    assert commissioned[0].event.media == tuple(ports.get("media"))
    assert commissioned[0].actor["on_behalf_of"] == str(cast.owner.organisation)
    jobs.send_media()
    received = queries.media(world.lot)
    assert {one.medium for one in received} == set(ports.get("media"))
    assert {one.state for one in received} == {"received"}
    assert all(one.received_at and one.reference and one.url for one in received)
    assert kinds(world).count("tendering.media-received") == len(received)


@pytest.mark.clause("GF-6.4.1-2")
def test_portal_and_media_carry_the_same_content_and_a_changed_copy_raises_an_alert(lot_at, media):
    world = lot_at("announced")
    jobs.send_media()
    jobs.compare_media()
    notice = procedures.document(queries.tender(world.lot).notice_document)
    with ports.get("store").open(notice.object) as file:
        shown = digest_of(file.read())
    for one in queries.media(world.lot):
        assert one.theirs == one.ours == shown
        assert digest_of(media[one.medium].read_back(one.reference)) == shown
    assert "tendering.media-copy-differs" not in kinds(world)

    class Changed:
        name = next(iter(media))

        def read_back(self, reference):
            return media[self.name].read_back(reference) + b"%changed"

    ports.use("media", {**media, Changed.name: Changed()})
    world.clock.forward(days=1)
    jobs.compare_media()
    differs = [
        one for one in stream_entries(stored_stream(f"lot:{world.lot}")) if one.kind == "tendering.media-copy-differs"
    ]
    assert [one.event.medium for one in differs] == [Changed.name]
    assert differs[0].event.theirs != differs[0].event.ours
    for person in (world.cast.owner.person, world.cast.staff.person):
        assert "媒介内容不一致" in notifying.inbox(person)[0].title
    world.clock.forward(days=1)
    jobs.compare_media()
    assert kinds(world).count("tendering.media-copy-differs") == 1, "one alert for one change"


def test_a_medium_that_does_not_answer_is_asked_again_and_one_that_refuses_is_told_to_the_owner(lot_at, media):
    world = lot_at("announced")
    first, second = media

    class Silent:
        def publish(self, **_):
            raise MediumUnavailable

    class Refusing:
        def publish(self, **_):
            raise MediumRefused("缺少项目代码")

    ports.use("media", {first: Silent(), second: Refusing()})
    jobs.send_media()
    assert {one.medium: one.state for one in queries.media(world.lot)} == {first: "queued", second: "refused"}
    assert any("缺少项目代码" in one.text for one in notifying.inbox(world.cast.owner.person))
    address = f"/lots/{world.lot}/tender"
    for player, may in ((world.cast.agency, True), (world.cast.staff, True), (world.cast.bidder, False), (None, False)):
        text = looking.visitor(player).get(address).content.decode()
        assert ("/act/tendering.send_again" in text) is may
    ports.use("media", media)
    jobs.send_media()
    assert {one.medium: one.state for one in queries.media(world.lot)}[first] == "queued", "it waits its pause"
    world.clock.forward(minutes=3)
    world.cast.agency.do("tendering.send_again", lot=world.lot, document=queries.tender(world.lot).notice_document)
    jobs.send_media()
    assert {one.state for one in queries.media(world.lot)} == {"received"}
    assert "/act/tendering.send_again" not in looking.visitor(world.cast.agency).get(address).content.decode()


def test_a_receipt_that_comes_twice_is_written_once(lot_at):
    world = lot_at("announced")
    jobs.send_media()
    before = len(kinds(world))
    jobs.send_media()
    assert len(kinds(world)) == before
