"""What the demo tells is lawful, whole and invented by rule."""

import io
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pikepdf

from mingzheng.site.demo import recipe
from mingzheng.site.demo.cast import cast, others
from mingzheng.site.demo.paper import small_pdf

LOGINS = {one.login: one for one in [*cast(), *others()]}


def test_forty_procedures_stand_in_every_phase() -> None:
    tenders = recipe.tenders()
    assert len(tenders) >= 40
    assert {one.end for one in tenders} == set(recipe.ENDS)
    assert len({one.id for one in tenders}) == len(tenders)
    assert sum(one.end in ("archived", "contracted") for one in tenders) >= 14  # a year of results


def test_every_tender_leaves_bidders_the_time_the_law_gives_them() -> None:
    for one in recipe.tenders():
        notice = one.back(24, 9, 5)
        assert one.deadline - notice > timedelta(days=21), one.id
        assert one.begins(14, 10) <= notice or one.end in ("submitted", "returned"), one.id


def test_everybody_named_exists_and_plays_a_part_of_its_own_kind() -> None:
    for one in recipe.tenders():
        assert "procuring_entity" in LOGINS[one.owner].roles, one.id
        assert "agency" in LOGINS[one.agency].roles, one.id
        assert all("bidder" in LOGINS[login].roles for login in one.bidders), one.id
        assert len(set(one.bidders)) == len(one.bidders), one.id
        wanted = 0 if not one.goes_to("few") else 1 if one.end == "few" else 2 if one.end == "bids" else 3
        assert len(one.bidders) >= wanted, one.id


def test_an_agency_works_only_for_those_who_commissioned_it() -> None:
    commissioned = {"roads": "mao", "hospital": "mao"}
    assert all(one.agency == commissioned.get(one.owner, "agency") for one in recipe.tenders())


def test_offers_stay_below_the_estimate_and_are_the_same_every_time() -> None:
    for one in recipe.tenders():
        for number, lot in enumerate(one.lots):
            prices = [Decimal(one.summary(login, number)["price"]) for login in one.bidders]
            assert all(price < Decimal(lot["estimate"]) for price in prices), one.id
            assert all(count == 1 for count in Counter(prices).values()), one.id
            assert prices == [Decimal(one.summary(login, number)["price"]) for login in one.bidders]


def test_the_newcomers_bidder_takes_part_in_the_live_opening() -> None:
    live = [one for one in recipe.tenders() if one.end == "live"]
    assert [one.deadline for one in live] == [recipe.LIVE]
    assert "jia" in live[0].bidders and live[0].agency == "agency"
    assert {one.end for one in recipe.tenders(short=True)} >= {"live", "archived", "few", "hall"}


def test_what_the_demos_bidders_seal_is_a_real_pdf() -> None:
    with pikepdf.open(io.BytesIO(small_pdf("Bid (1)", ["173456.00", "合格"]))) as pdf:
        assert len(pdf.pages) == 1
