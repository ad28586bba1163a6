"""Before bidding closes nobody learns who bids, how many, for how much, or with what (招标投标法 22)."""

import json
import logging

import pytest
from tests import bids, journey
from tests.played import played
from tests.walls import looking

from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import exporting, proving, reading, sequencing
from mingzheng.ledger.entries import stored_stream
from mingzheng.site.live.views import _frame, _since
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.tendering import queries as tendering

kept_announced, announced = played("announced")
kept_submitted, submitted = played("submitted")
THREE = ("jia", "yi", "bing")
QUERIES = (
    "/notices?page=1", "/search?q=污水", "/openings?openings=week", "/admin-audit?q=jia", "/admin-audit?q=yi",
    "/admin-security?q=bing",
)  # fmt: skip


def _bidding(world, *logins):
    """These bidders enrol, pay, seal and submit; in the end the clock others see stands where it stood."""
    before = world.clock.moment
    journey.three_bids(world, *(world.cast.by_login(login) for login in logins))
    world.clock.set(before)
    world.settle()
    sequencing.step(tick=False)


def _three(world):
    return [world.cast.by_login(login) for login in THREE]


@pytest.mark.clause("LN-7.2.3-4")
def test_no_page_changes_for_anybody_when_others_bid(announced):
    """A rival, who has bid itself, and everybody else get byte for byte the same with one bid and with four."""
    world = announced
    hidden = looking.ids_of(_three(world))
    _bidding(world, "wu")
    people = looking.visitors(world, world.cast.by_login("wu"), world.cast.by_login("ding"))
    world.settle()
    paths = looking.addresses(world, _size(), QUERIES)
    before = looking.look(world, people, paths)
    _bidding(world, *THREE)
    after = looking.look(world, people, paths)
    hidden |= looking.secrets_of(world, _three(world))
    told = {place for place in after if place[1].startswith(looking.SELF_TOLD)}  # lists of the reader's own visits
    assert looking.differing(before, {place: after[place] for place in after if place not in told}) == {}
    for place in told:
        assert looking.hits(after[place], hidden) == looking.hits(before[place], hidden), place
    assert len(after) > 250


def _size() -> int:
    with sequencing.connection.cursor() as cursor:
        cursor.execute("select size from ledger_tree")
        return int(cursor.fetchone()[0])


@pytest.mark.clause("RG-4.1-3")
def test_a_copy_of_the_database_and_of_all_files_without_the_keys_tells_no_name_price_or_content(submitted):
    """Ids of parties stand where parties are registered and nowhere else; a count of rows cannot be hidden."""
    hidden = looking.secrets_of(submitted, _three(submitted))
    tables = looking.dump()
    assert {name: found for name, content in tables.items() if (found := looking.hits(content, hidden))} == {}
    assert {
        name: found
        for name, content in looking.state_files(submitted).items()
        if (found := looking.hits(content, hidden))
    } == {}
    pointing = {name for name, content in tables.items() if looking.hits(content, looking.ids_of(_three(submitted)))}
    assert pointing <= {
        "public.parties_organisation", "public.parties_person", "public.parties_membership", "public.parties_certificate",
        "public.parties_credential", "public.parties_loginsession",
    }  # fmt: skip
    assert looking.hits(
        b"".join(tables.values()), {"the search itself": looking.written("云州市第二污水处理厂扩建工程")}
    )


def test_what_is_exported_streamed_and_logged_tells_nothing_of_bidders(submitted, tmp_path, caplog, capfd):
    world = submitted
    hidden = looking.secrets_of(world, _three(world)) | looking.ids_of(_three(world))
    sequencing.settle()
    proving.cosign_newest()
    exporting.export(tmp_path / "ledger")
    exported = b"".join(path.read_bytes() for path in sorted((tmp_path / "ledger").rglob("*")) if path.is_file())
    assert looking.hits(exported, hidden) == {}
    frames = "".join(_frame(*one) for one in _since(-1))
    assert str(world.lot) in frames
    assert looking.hits(frames.encode(), hidden) == {}
    with caplog.at_level(logging.DEBUG):
        offer = bids.make(world.lot, world.cast.by_login("jia"))
        bids.submit(world.lot, offer)
        with pytest.raises(Refused):
            bids.submit(world.lot, offer)
        world.settle()
    said = capfd.readouterr()
    logged = "\n".join(
        [
            *(record.getMessage() for record in caplog.records if not record.name.startswith("django.db")),
            said.out,
            said.err,
        ]
    )
    assert looking.hits(logged.encode(), hidden | {f"new {k}": v for k, v in looking.contents_of(offer).items()}) == {}


def test_messages_before_the_deadline_name_no_bidder_to_anybody_else(submitted):
    """The owner, the agency and the centre are told of nothing a bidder did."""
    hidden = looking.secrets_of(submitted, _three(submitted)) | looking.ids_of(_three(submitted))
    for login in looking.ONLOOKERS:
        for one in notifying.inbox(submitted.cast.by_login(login).person):
            assert looking.hits(f"{one.title}{one.text}{one.link}".encode(), hidden) == {}, login


@pytest.mark.clause("LN-7.2.3-4")
def test_the_list_of_bidders_is_there_at_the_deadline_and_to_nobody_a_second_before(submitted):
    world, people = submitted, looking.visitors(submitted)
    names = {f"{p.login}": looking.written(p.organisation_name) for p in _three(world)}
    world.at(world.deadline, seconds=-1)
    world.settle()
    for question in (bidding.bids, opening.board):
        with pytest.raises(Refused) as refused:
            question(world.lot)
        assert refused.value.code == "bidding.not-yet-closed"
    for who, (client, _) in people.items():
        hall = client.get(f"/lots/{world.lot}/hall").content
        assert looking.hits(hall, names) == {}, who
        assert client.get(f"/api/v1/lots/{world.lot}/board").status_code == 403
    world.at(world.deadline)
    world.settle()
    assert world.phase == "opening"
    for who, (client, _) in people.items():
        hall = client.get(f"/lots/{world.lot}/hall").content
        assert set(looking.hits(hall, names)) == set(THREE), who


def _receipts_with(world, foreign: int) -> list[dict]:
    """A bidder's two receipts, ten ticks apart; between them `foreign` acts of rivals that touch fifty bids' streams."""
    rival = world.cast.by_login("yi")
    mine = world.cast.by_login("jia")
    first = mine.do("tendering.enrol", lot=world.lot, contact="甲", phone="0990-1").entries[0]
    sequencing.step(tick=True)
    if foreign:
        journey.enrol(world, rival)
    for n in range(foreign):
        rival.do("tendering.change_contact", lot=world.lot, contact=f"乙{n}", phone="0990-2")
        if n % 10 == 9:
            sequencing.step(tick=True)
    for _ in range(5 - foreign // 10):  # as many ticks, whoever acts
        sequencing.step(tick=True)
    second = mine.do("tendering.change_contact", lot=world.lot, contact="甲甲", phone="0990-3").entries[0]
    sequencing.step(tick=True)
    proving.cosign_newest()
    return [json.loads(proving.receipt(one.stream, one.number)) for one in (first, second)]


def _shape(value, name=""):
    """A receipt without what is random or a time: digests, salts, paths, signatures; lengths stay."""
    match value:
        case dict():
            return {key: _shape(inner, key) for key, inner in value.items()}
        case list():
            return [_shape(inner) for inner in value]
        case str() if name == "checkpoint":
            return (len(value), value.splitlines()[1])  # its length and the size of the tree
        case str():
            return len(value)
    return "somewhere" if name == "slot" else value


def test_two_receipts_of_a_bidder_are_alike_whether_nobody_or_fifty_others_acted_between_them(announced):
    """Positions, tree sizes, lengths of proofs, everything but digests, times and random hashes is equal."""
    world = announced
    savepoint = sequencing.transaction.savepoint()
    alone = _receipts_with(world, 0)
    sequencing.transaction.savepoint_rollback(savepoint)
    crowded = _receipts_with(world, 50)
    assert [one["position"] for one in alone] == [one["position"] for one in crowded]
    assert [_shape(one) for one in alone] == [_shape(one) for one in crowded]
    stream = stored_stream(f"dealing:{tendering.dealing(world.lot, world.cast.by_login('yi').organisation).id}")
    assert len(reading.stream_entries(stream)) > 50
    assert kernel_clock.now() == world.clock.moment
