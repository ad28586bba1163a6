"""Money: rounding, words, interest."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel.money import LIMIT, NotMoney, capital, interest, text, yuan

CENTS = st.integers(min_value=0, max_value=10**16 - 1)
_DIGIT = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12,345,678.90", "12345678.90"),
        ("0.005", "0.01"),
        (Decimal("2.675"), "2.68"),
        (2.675, "2.68"),
        (7, "7.00"),
        ("-0.001", "0.00"),
        (" 1e3 ", "1000.00"),
    ],
)
def test_an_amount_is_kept_to_the_cent_rounded_half_up(value: Decimal | int | float | str, expected: str) -> None:
    assert str(yuan(value)) == expected


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        "",
        "abc",
        "1,23",
        "１２",
        "1e999",
        -1,
        "-0.01",
        True,
        None,
        LIMIT,
        "99999999999999.995",
        [1],
    ],
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(NotMoney):
        yuan(value)  # type: ignore[arg-type]


def test_a_negative_amount_passes_only_where_it_is_asked_for() -> None:
    assert yuan("-1.005", negative=True) == Decimal("-1.01")


@settings(deadline=None, derandomize=True)
@given(CENTS)
def test_text_reads_back_to_the_same_amount(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert yuan(text(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
        ("0", "零元整"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100100", "壹拾万零壹佰元整"),
        ("100000001", "壹亿零壹元整"),
        ("12345678.90", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌元玖角整"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
        ("99999999999999.99", "玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capital_words_are_those_of_official_papers(amount: str, words: str) -> None:
    assert capital(Decimal(amount)) == words


def _read_back(words: str) -> Decimal:
    """An independent reader of capital amounts, to show that no two amounts share their words."""
    total, high, section, digit, cents = 0, 0, 0, 0, 0
    for character in words.removesuffix("整"):
        if character in _DIGIT:
            digit = _DIGIT[character]
        elif character in "仟佰拾":
            section, digit = section + digit * {"仟": 1000, "佰": 100, "拾": 10}[character], 0
        elif character == "万":
            high, section, digit = high + (section + digit) * 10_000, 0, 0
        elif character == "亿":
            total, high, section, digit = (high + section + digit) * 10**8, 0, 0, 0
        elif character == "元":
            total, digit = total + high + section + digit, 0
        elif character == "角":
            cents, digit = digit * 10, 0
        elif character == "分":
            cents += digit
    return Decimal(total) + Decimal(cents) / 100


@settings(deadline=None, derandomize=True)
@given(CENTS)
def test_capital_words_mean_exactly_one_amount(cents: int) -> None:
    amount = Decimal(cents) / 100
    words = capital(amount)
    assert _read_back(words) == amount
    assert "零零" not in words and not words.startswith("零壹")


def test_interest_follows_the_banks_year_of_360_days() -> None:
    assert interest(Decimal("800000"), Decimal("0.0005"), 45) == Decimal("50.00")
    assert interest(Decimal("100"), Decimal("0.0035"), 0) == Decimal("0.00")
    with pytest.raises(NotMoney):
        interest(Decimal("100"), Decimal("-0.01"), 3)
    with pytest.raises(NotMoney):
        interest(Decimal("100"), Decimal("0.01"), -3)


@settings(deadline=None, derandomize=True)
@given(CENTS.filter(lambda c: c < 10**12), st.integers(0, 4000), st.integers(0, 4000))
def test_more_days_never_earn_less_and_a_split_differs_by_a_cent_at_most(cents: int, first: int, second: int) -> None:
    principal, rate = Decimal(cents) / 100, Decimal("0.0035")
    whole = interest(principal, rate, first + second)
    parts = interest(principal, rate, first) + interest(principal, rate, second)
    assert whole >= interest(principal, rate, first)
    assert abs(whole - parts) <= Decimal("0.01")
