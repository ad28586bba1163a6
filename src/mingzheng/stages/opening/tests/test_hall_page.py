"""What the hall's page holds for whoever waits in it: every region from the beginning, and a way out."""

import re

import pytest
from tests.played import played
from tests.walls import looking

pytestmark = pytest.mark.django_db
kept_submitted, submitted = played("submitted")
kept_hall, hall = played("opening", "hall")


def _page(world, player, path="hall"):
    return looking.visitor(player).get(f"/lots/{world.lot}/{path}".rstrip("/")).content.decode()


def _regions(page):
    return re.findall(r'id="([\w-]+)" data-live', page)


REGIONS = ["idbar", "phases", "act", "other", "tiles", "board", "objections", "talk", "bar"]


def test_before_the_opening_every_region_of_the_hall_is_there_so_that_a_waiting_page_fills_by_itself(submitted):
    page = _page(submitted, submitted.cast.by_login("jia"))
    assert _regions(page) == REGIONS
    assert 'id="board" data-live hidden' in page
    assert f'href="/lots/{submitted.lot}"' in page


def test_during_the_opening_the_regions_are_the_same_and_the_board_shows(hall):
    page = _page(hall, hall.cast.by_login("jia"))
    assert _regions(page) == REGIONS
    assert 'id="board" data-live>' in page


def test_a_private_talk_without_words_counts_none(hall):
    page = _page(hall, hall.cast.by_login("jia"))
    assert re.search(r'与主持人单独<span class="count">0<', page)


def test_the_centre_finds_where_it_names_witness_and_supervisor(submitted):
    for login, finds in (("staff", True), ("supervisor", True), ("jia", False)):
        page = _page(submitted, submitted.cast.by_login(login), "")
        assert (f'href="/lots/{submitted.lot}/steer"' in page) is finds
