"""An act that is a secret leaves facts in the public chain, never who did it nor what was signed: that stays sealed."""

import json

import pytest
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db
kept_announced, announced = played("announced")
kept_opened, opened = played("opened")
WORDS = "评分办法对异地企业不公平"


def _told_of(world, people, *words):
    """What the public chain of the lot says of these people and words: label -> how often."""
    hidden = {f"{one.login}: name": looking.written(one.name) for one in people}
    hidden |= {f"{one.login}: certificate": looking.written(one.fingerprint) for one in people}
    hidden |= looking.ids_of(people)
    hidden |= {word: looking.written(word) for word in words}
    found = {}
    for entry in stream_entries(f"lot:{world.lot}"):
        found |= looking.hits(entry.text.encode(), hidden)
    return found


def test_an_objection_before_the_deadline_names_no_bidder_in_the_public_chain(announced):
    world, jia = announced, announced.cast.bidder
    journey.enrol(world, jia)
    before = _told_of(world, [jia], WORDS)
    jia.do("tendering.object_to_documents", lot=world.lot, text=WORDS)
    kinds = [one.kind for one in stream_entries(f"lot:{world.lot}")]
    assert "tendering.objection-received" in kinds and "procedures.hold-placed" in kinds
    assert _told_of(world, [jia], WORDS) == before == {}
    dealing = tendering.dealing(world.lot, jia.organisation).id
    (made,) = [
        one for one in stream_entries(stored_stream(f"dealing:{dealing}")) if one.kind == "tendering.objection-made"
    ]
    assert made.actor["person"] == str(jia.person) and made.event.text == WORDS


def test_neither_forming_a_committee_nor_scoring_nor_signing_names_a_member_in_the_public_chain(opened):
    world = opened
    owner = world.cast.owner
    journey.committee(world, count=5, representatives=[owner.person])
    experts = [one for one in journey.members(world) if one is not owner]
    assert str(owner.person) not in stream_entries(f"lot:{world.lot}")[-2].text
    rejected = str(opening.opened_bids(world.lot)[0].bid)
    for player in journey.members(world):
        opinions = {
            str(one.bid): {"pass": str(one.bid) != rejected, "reason": WORDS if str(one.bid) == rejected else ""}
            for one in opening.opened_bids(world.lot)
        }  # fmt: skip
        player.do("evaluation.commit_scores", lot=world.lot, scores={}, opinions=opinions)
    for player in journey.members(world):
        journey.sign(world, player, dissent=WORDS)
    kinds = [one.kind for one in stream_entries(f"lot:{world.lot}")]
    assert kinds.count("procedures.document-filed") >= 3 and kinds[-1] == "evaluation.evaluation-finished"
    assert _told_of(world, experts, WORDS) == {}
    signed = [
        one for one in stream_entries(stored_stream(f"committee:{world.lot}")) if one.kind == "evaluation.report-signed"
    ]
    assert {one.actor["person"] for one in signed} == {str(one.person) for one in journey.members(world)}


def test_an_objection_to_the_result_is_told_without_its_words(lot_at):
    world = lot_at("publicity")
    jia = world.cast.bidder
    jia.do("award.object_to_result", lot=world.lot, text=WORDS)
    raised = [
        one
        for one in stream_entries(f"lot:{world.lot}")
        if one.kind in ("award.objection-raised", "procedures.hold-placed")
    ]
    assert len(raised) == 2
    for one in raised:
        entry = json.loads(one.text)
        assert entry["signature"] is None and entry["actor"]["person"] is None and WORDS not in one.text
