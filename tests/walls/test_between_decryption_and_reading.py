"""Between the release of the keys and the one reading act nobody can read a price (电子招标投标办法 30)."""

import logging

import pytest
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import exporting, proving, sequencing
from mingzheng.stages.opening import models
from mingzheng.stages.opening import queries as opening

kept_opening, opening_lot = played("opening", "hall")
THREE = ("jia", "yi", "bing")


@pytest.fixture
def decrypted(hall):
    """All three keys are released; the host has not read."""
    journey.decrypt(hall)
    hall.settle()
    sequencing.settle()
    proving.cosign_newest()
    return hall


def _contents(world, *logins):
    return looking.secrets_of(world, [world.cast.by_login(one) for one in logins or THREE], names=False)


def test_no_role_sees_a_price_after_decryption_and_every_role_sees_all_after_the_reading_act(decrypted):
    world = decrypted
    people = looking.visitors(world, *(world.cast.by_login(one) for one in (*THREE, "ding")))
    with sequencing.connection.cursor() as cursor:
        cursor.execute("select size from ledger_tree")
        size = cursor.fetchone()[0]
    paths = {
        path: roles
        for path, roles in looking.addresses(world, size).items()
        if str(world.lot) in path or "/proof" in path or path == "/desk"
    }
    for place, content in looking.look(world, people, paths).items():
        assert looking.hits(content, _contents(world)) == {}, place
    prices = {key: forms for key, forms in _contents(world).items() if key.endswith("price")}
    journey.read(world)
    world.settle()
    board = {path: roles for path, roles in paths.items() if path.endswith(("/hall", "/board"))}
    for place, content in looking.look(world, people, board).items():
        assert len(looking.hits(content, prices)) == 3, place


def test_after_decryption_no_price_stands_readable_in_a_table_a_file_an_export_or_a_log(hall, tmp_path, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        journey.decrypt(hall)
        hall.settle()
    sequencing.settle()
    proving.cosign_newest()
    hidden = _contents(hall)
    assert {name: found for name, content in looking.dump().items() if (found := looking.hits(content, hidden))} == {}
    assert {
        name: found for name, content in looking.state_files(hall).items() if (found := looking.hits(content, hidden))
    } == {}
    exporting.export(tmp_path / "ledger")
    for path in (tmp_path / "ledger").rglob("*"):
        assert path.is_dir() or looking.hits(path.read_bytes(), hidden) == {}, path
    said = capfd.readouterr()
    logged = "\n".join(
        [*(r.getMessage() for r in caplog.records if not r.name.startswith("django.db")), said.out, said.err]
    )
    assert looking.hits(logged.encode(), hidden) == {}


def test_bids_files_and_prices_are_refused_before_the_reading_act(decrypted):
    world = decrypted
    bid = world.offers["jia"].bid
    for question in (
        lambda: opening.opened_bids(world.lot),
        lambda: opening.parts(world.lot, bid),
        lambda: opening.bid_file(world.lot, bid, 1),
    ):
        with pytest.raises(Refused) as refused:
            question()
        assert refused.value.code == "opening.not-read-out"
    assert all(line.summary is None for line in opening.board(world.lot))


def test_one_bid_neither_decrypted_nor_ruled_on_keeps_all_closed(hall):
    """The reading act opens all or nothing (DZ-07)."""
    journey.decrypt(hall, "jia", "yi")
    refused = hall.cast.agency.refused("opening.read_bids", lot=hall.lot)
    assert refused.code == "opening.not-all-settled"
    assert not models.OpenedBid.objects.filter(lot=hall.lot).exclude(summary=None).exists()
