"""Cells hide how many sealed entries a tick held, and prove each of them."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import digest as digests_
from mingzheng.ledger import cells

SECRET = bytes(range(32))


def digests(count: int) -> list[bytes]:
    return [digests_.raw(b"%d" % n) for n in range(count)]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(0, 10**9))
def test_every_entry_of_a_cell_is_proven(count: int, tick: int) -> None:
    text, places = cells.make_cell(tick, digests(count), SECRET)
    assert set(places) == set(digests(count))
    for digest, (slot, path) in places.items():
        cells.check_cell(text, digest, slot, path)


@pytest.mark.parametrize("others", [0, 1, 50, 3_000])
def test_neither_cell_nor_path_tells_how_many_others_there_are(others: int) -> None:
    text, places = cells.make_cell(7, digests(others + 1), SECRET)
    slot, path = places[digests(1)[0]]
    assert (len(path), {len(node) for node in path}, len(text)) == (16, {32}, 95 + len(digests_.current() + ":"))
    assert len(set(path)) == 16
    assert 0 <= slot < 65_536


def test_slots_are_spread_and_do_not_follow_the_order_of_arrival() -> None:
    _, places = cells.make_cell(1, digests(200), SECRET, random.Random(5))
    slots = [places[digest][0] for digest in digests(200)]
    assert slots != sorted(slots)
    assert max(slots) - min(slots) > 50_000


def test_an_empty_tick_looks_like_a_full_one() -> None:
    empty, places = cells.make_cell(1, [], SECRET)
    full, _ = cells.make_cell(1, digests(5), SECRET)
    assert places == {}
    assert len(empty) == len(full)
    assert empty != full


def test_two_ticks_share_no_hash_even_under_one_secret() -> None:
    one, two = (cells.make_cell(tick, digests(1), SECRET, random.Random(5))[1][digests(1)[0]] for tick in (1, 2))
    assert one[0] == two[0]
    assert not set(one[1]) & set(two[1])


def test_a_wrong_digest_slot_or_path_is_refused() -> None:
    text, places = cells.make_cell(3, digests(4), SECRET)
    digest = digests(1)[0]
    slot, path = places[digest]
    for wrong in (
        (text, bytes(32), slot, path),
        (text, digest, slot ^ 1, path),
        (text, digest, slot + 65_536, path),
        (text, digest, slot, path[:-1]),
        (text, digest, slot, (*path[:-1], bytes(32))),
        (text.replace('"tick":3', '"tick": 3'), digest, slot, path),
        (text.replace('"depth":16', '"depth":15'), digest, slot, path),
        (json.dumps({"cell": json.loads(text)["cell"]}), digest, slot, path),
        ("[", digest, slot, path),
    ):
        with pytest.raises(cells.CellRefused):
            cells.check_cell(*wrong)


def test_a_cell_takes_at_most_16_384_different_entries() -> None:
    with pytest.raises(ValueError, match="16,384"):
        cells.make_cell(1, digests(16_385), SECRET)
    with pytest.raises(ValueError, match="different"):
        cells.make_cell(1, digests(1) * 2, SECRET)
    with pytest.raises(ValueError, match="32 bytes"):
        cells.make_cell(1, digests(1), b"short")
