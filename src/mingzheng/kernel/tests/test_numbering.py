"""National numbers: published vectors, lengths, and that a slip of the pen is caught."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import numbering
from mingzheng.kernel.numbering import BadNumber

FIRST = "A01-91350100M000100Y43-20240105-000001-3"
SECOND = "D02-12370300MB2857303U-20250630-000123-Y"
OPERATOR = "12370300MB2857303U"


def test_the_two_known_unified_deal_codes_come_out() -> None:
    assert numbering.unified_deal_code("A01", "91350100M000100Y43", date(2024, 1, 5), 1) == FIRST
    assert numbering.unified_deal_code("D02", OPERATOR, date(2025, 6, 30), 123) == SECOND
    assert len(FIRST) == len(SECOND) == 40


def test_a_unified_deal_code_reads_back_to_its_parts() -> None:
    code = numbering.read_unified_deal_code(SECOND)
    assert (code.deal_class, code.platform, code.day, code.serial) == ("D02", OPERATOR, date(2025, 6, 30), 123)
    assert str(code) == SECOND


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 39), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*-"))
def test_one_changed_character_of_a_deal_code_is_noticed(place: int, character: str) -> None:
    spoiled = FIRST[:place] + character + FIRST[place + 1 :]
    assert numbering.is_unified_deal_code(spoiled) == (spoiled == FIRST)


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 38))
def test_two_swapped_neighbours_of_a_deal_code_are_noticed(place: int) -> None:
    spoiled = SECOND[:place] + SECOND[place + 1] + SECOND[place] + SECOND[place + 2 :]
    assert numbering.is_unified_deal_code(spoiled) == (spoiled == SECOND)


def test_codes_grow_by_three_from_project_to_document() -> None:
    project = numbering.project_code("A01", "370300", 27)
    assert project == "A0137030000000027"
    tender = numbering.tender_project_code(project, 1)
    section = numbering.section_code(tender, 2)
    document = numbering.document_code(section, 13)
    assert [len(code) for code in (project, tender, section, document)] == [17, 20, 23, 26]
    assert document == "A0137030000000027001002013"


@pytest.mark.parametrize("code", ["91350100M000100Y43", OPERATOR, "91370300000000000X"])
def test_credit_codes_are_told_by_their_check_character(code: str) -> None:
    expected = numbering.uscc(code[:17])
    assert numbering.is_uscc(expected) and numbering.is_uscc(code) == (code == expected)


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 99_999_999), st.sampled_from(["91", "12", "52"]))
def test_a_credit_code_made_for_the_demo_is_well_formed(number: int, authority: str) -> None:
    code = numbering.demo_uscc("370300", f"{number:08d}", authority=authority)
    assert numbering.is_uscc(code) and code.startswith(authority + "370300")
    spoiled = code[:10] + ("1" if code[10] == "0" else "0") + code[11:]
    assert not numbering.is_uscc(spoiled)


def test_the_organisation_code_inside_has_its_own_check_character() -> None:
    assert numbering.demo_uscc("350100", "M000100Y", authority="91") == "91350100M000100Y43"
    assert numbering.demo_uscc("370300", "MB285730", authority="12")[16] == "7"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: numbering.unified_deal_code("a01", OPERATOR, date(2025, 1, 1), 1),
        lambda: numbering.unified_deal_code("A01", OPERATOR[:-1], date(2025, 1, 1), 1),
        lambda: numbering.unified_deal_code("A01", OPERATOR, date(2025, 1, 1), 0),
        lambda: numbering.unified_deal_code("A01", OPERATOR, date(2025, 1, 1), 1_000_000),
        lambda: numbering.read_unified_deal_code(FIRST.lower()),
        lambda: numbering.read_unified_deal_code(FIRST[:-1] + "4"),
        lambda: numbering.project_code("A1", "370300", 1),
        lambda: numbering.project_code("A01", "037030", 1),
        lambda: numbering.section_code("A0137030000000027", 1),
        lambda: numbering.uscc("123"),
        lambda: numbering.uscc("9137030I000000000"),
        lambda: numbering.demo_uscc("370300", "123"),
        lambda: numbering.mod_37_2("中"),
    ],
)
def test_a_malformed_number_is_refused(wrong: object) -> None:
    with pytest.raises(BadNumber):
        wrong()  # type: ignore[operator]


def test_a_deal_code_with_an_impossible_date_is_refused() -> None:
    body = "A01" + OPERATOR + "20251340" + "000001"
    code = f"A01-{OPERATOR}-20251340-000001-{numbering.mod_37_2(body)}"
    with pytest.raises(BadNumber, match="date"):
        numbering.read_unified_deal_code(code)
