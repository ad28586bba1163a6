"""Who sits on the committee is secret until the result, what each scores until all have sealed (招标投标法 37, 38)."""

import json

import pytest
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import proving, sequencing
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import queries as parties

kept_sitting, sitting = played("opened", "opened")


@pytest.fixture
def seated(opened):
    """A committee sits; two of five have sealed opinions with words of their own."""
    world = opened
    journey.committee(world)
    for player in journey.members(world)[:2]:
        rows = opening.opened_bids(world.lot)
        player.do(
            "evaluation.commit_scores", lot=world.lot, scores={},
            opinions={str(b.bid): {"pass": n > 0, "reason": f"密封意见{player.login}" if n == 0 else ""} for n, b in enumerate(rows)},
        )  # fmt: skip
    world.settle()
    sequencing.settle()
    proving.cosign_newest()
    return world


def _names(world):
    return {
        label: forms
        for player in journey.members(world)
        for label, forms in (
            (f"{player.login}: name", looking.written(player.name)),
            (f"{player.login}: id", looking.ids_of([player])[f"{player.login}: person id"]),
        )
    }


def _opinions(world):
    return {f"{p.login}: opinion": looking.written(f"密封意见{p.login}") for p in journey.members(world)[:2]}


def _lot_paths(world):
    with sequencing.connection.cursor() as cursor:
        cursor.execute("select size from ledger_tree")
        size = cursor.fetchone()[0]
    return {
        path: roles for path, roles in looking.addresses(world, size).items()
        if str(world.lot) in path or path.startswith(("/proof", "/desk", "/messages", "/documents", "/procedures/"))
    }  # fmt: skip


@pytest.mark.clause("GF-6.5.4-3")
def test_no_role_outside_the_committee_learns_a_member_or_a_score_before_the_result(seated):
    """Owner, agency, staff, witness, supervision, administrators, bidders and the public; also by file and by proof."""
    world = seated
    people = looking.visitors(world, *(world.cast.by_login(one) for one in ("jia", "ding")))
    people.pop("expert1")
    hidden = _names(world) | _opinions(world)
    for place, content in looking.look(world, people, _lot_paths(world)).items():
        assert looking.hits(looking.unpacked(content[4:]), hidden) == {}, place
    for who in ("jia", "public", "water", "supervisor"):
        answer = people[who][0].get(f"/lots/{world.lot}/evaluation/bids/{world.offers['jia'].bid}/1")
        assert answer.status_code == (302 if who == "public" else 403), who  # the public is asked to log in
        if who != "public":
            opened = [one.path for one in parties.access_log(world.cast.by_login(who).person)]
            assert f"/lots/{world.lot}/evaluation/bids/{world.offers['jia'].bid}/1" in opened, who


def test_a_copy_of_database_and_files_names_no_member_of_a_committee_and_tells_no_score(seated):
    hidden = {k: v for k, v in _names(seated).items() if k.endswith("name")} | _opinions(seated)
    assert {name: found for name, content in looking.dump().items() if (found := looking.hits(content, hidden))} == {}
    assert {
        name: found for name, content in looking.state_files(seated).items() if (found := looking.hits(content, hidden))
    } == {}


@pytest.mark.clause("LN-7.2.2-1")
def test_a_member_sees_only_its_own_scores_until_all_have_sealed_and_criteria_stay_as_published(seated):
    world = seated
    first, second = journey.members(world)[:2]
    with pytest.raises(Refused) as refused:
        evaluation.revealed_scores(world.lot, first.actor)
    assert (refused.value.code, refused.value.kind.status) == ("evaluation.not-all-committed", 403)
    own = f"密封意见{first.login}"
    assert own in json.dumps(evaluation.own_seat(world.lot, first.actor).opinions, ensure_ascii=False)
    page = looking.visitor(first).get(f"/lots/{world.lot}/evaluation").content.decode()
    assert f"密封意见{second.login}" not in page
    before = stream_entries(f"lot:{world.lot}")
    started = next(e.event for e in before if e.kind == "evaluation.evaluation-started")
    published = next(e.event for e in before if e.kind == "tendering.notice-published")
    assert started.criteria_digest == published.criteria_digest
    change = world.cast.agency.refused("tendering.publish_clarification", lot=world.lot, changes=["评分标准调整"])
    assert change.code == "procedures.wrong-phase"
    for player in journey.members(world)[2:]:
        journey.score(world, player)
    assert {row["seat"] for row in evaluation.revealed_scores(world.lot, first.actor)} == {1, 2, 3, 4, 5}
    assert (
        second.refused("evaluation.commit_scores", lot=world.lot, scores={}, opinions={}).code
        == "evaluation.already-committed"
    )


def test_scores_stay_with_the_committee_until_candidates_are_published(seated):
    """All have sealed and signed: ranking and report are still nobody else's before the publicity."""
    world = seated
    for player in journey.members(world)[2:]:
        journey.score(world, player)
    for player in journey.members(world):
        journey.sign(world, player)
    world.settle()
    sequencing.settle()
    proving.cosign_newest()
    people = looking.visitors(world, world.cast.by_login("jia"))
    people.pop("expert1")
    for owner in ("water", "agency", "supervisor"):  # the report is delivered to the owner and lies open to supervision
        people.pop(owner)
    hidden = _names(world) | _opinions(world)
    for place, content in looking.look(world, people, _lot_paths(world)).items():
        assert looking.hits(looking.unpacked(content[4:]), hidden) == {}, place
    told = [one.text.encode() for one in stream_entries(f"lot:{world.lot}")]
    assert [found for one in told if (found := looking.hits(one, hidden))] == []
    sealed = stored_stream(f"committee:{world.lot}")
    assert all("sealed" in json.loads(one.text) for one in stream_entries(sealed))
