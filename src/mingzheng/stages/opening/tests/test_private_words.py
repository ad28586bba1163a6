"""Words between one bidder and the host: theirs alone while the opening runs, in the archive with the dealing."""

import json

import pytest
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import changes as archiving
from mingzheng.stages.opening import queries
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db
kept_submitted, submitted = played("submitted")
kept_hall, hall = played("opening", "hall")
ASKED, ANSWERED = "读卡器刚更换，请稍等两分钟", "收到，请在时限内完成解密"


def _exchange(world):
    jia = world.cast.by_login("jia")
    jia.do("opening.tell_host", lot=world.lot, text=ASKED)
    world.cast.agency.do("opening.tell_bidder", lot=world.lot, bid=world.offers["jia"].bid, text=ANSWERED)
    return tendering.dealing(world.lot, jia.organisation).id


def _page(world, player):
    return looking.visitor(player).get(f"/lots/{world.lot}/hall").content.decode()


def test_a_private_word_is_read_by_its_bidder_and_the_host_alone_and_stands_in_the_bidders_stream(hall):
    dealing = _exchange(hall)
    said = [
        one.event
        for one in stream_entries(stored_stream(f"dealing:{dealing}"))
        if one.kind == "opening.private-word-said"
    ]
    assert [(one.role, one.text) for one in said] == [("bidder", ASKED), ("host", ANSWERED)]
    cast = hall.cast
    for player in (cast.by_login("jia"), cast.agency):
        page = _page(hall, player)
        assert ASKED in page and ANSWERED in page
    for player in (cast.by_login("yi"), cast.owner, cast.staff, cast.witness, cast.supervisor, None):
        page = _page(hall, player)
        assert ASKED not in page and ANSWERED not in page
    public = [one for one in stream_entries(f"lot:{hall.lot}") if one.kind == "opening.private-word-noted"]
    assert len(public) == 2
    for one in public:
        assert set(json.loads(one.text)["body"]) == {"lot", "role"}
        assert ASKED not in one.text and str(dealing) not in one.text


def test_a_bidder_speaks_for_itself_alone_and_only_the_host_answers(hall):
    cast, bid = hall.cast, hall.offers["jia"].bid
    assert cast.by_login("ding").refused("opening.tell_host", lot=hall.lot, text="x").code == "opening.not-a-bidder"
    assert cast.owner.refused("opening.tell_bidder", lot=hall.lot, bid=bid, text="x").code == "procedures.not-appointed"
    assert (
        cast.agency.refused("opening.tell_bidder", lot=hall.lot, bid=hall.lot, text="x").code == "opening.not-a-bidder"
    )
    assert cast.by_login("jia").refused("opening.tell_host", lot=hall.lot, text=" ").code == "opening.words-needed"
    assert queries.private_words(hall.lot) == []


def test_before_the_list_is_public_nobody_speaks_privately_and_after_the_end_no_more(submitted):
    world = submitted
    jia, bid = world.cast.by_login("jia"), world.offers["jia"].bid
    world.at(world.deadline, minutes=-30)
    jia.do("opening.sign_in", lot=world.lot)
    assert jia.refused("opening.tell_host", lot=world.lot, text=ASKED).code == "procedures.wrong-phase"
    refused = world.cast.agency.refused("opening.tell_bidder", lot=world.lot, bid=bid, text=ANSWERED)
    assert refused.code == "procedures.wrong-phase"
    page = _page(world, world.cast.agency)
    assert 'id="private"' not in page or jia.organisation_name not in page
    journey.close(world)
    journey.hold_opening(world)
    assert jia.refused("opening.tell_host", lot=world.lot, text=ASKED).code in (
        "procedures.wrong-phase",
        "opening.wrong-step",
    )


def test_the_archive_opens_the_private_words_with_the_dealing(hall):
    world = hall
    dealing = _exchange(world)
    for step in (
        journey.hold_opening,
        journey.evaluate,
        journey.publish,
        journey.award,
        journey.contract,
        journey.archive,
    ):
        step(world)
    folder = archiving.folder_of(world.lot)
    stream = stored_stream(f"dealing:{dealing}").replace(":", "-")
    inner = [
        json.loads(json.loads(line)["inner"])
        for line in (folder / f"ledger/streams/{stream}.jsonl").read_text("utf-8").splitlines()
    ]
    assert [one["body"]["text"] for one in inner if one["kind"] == "opening.private-word-said"] == [ASKED, ANSWERED]
