"""Money in yuan: exact decimals, one rounding rule, the amount in words of official papers.

Every amount is a `Decimal` with two places (分), rounded half up. Rates are plain decimals
(0.0035 is 0.35 % a year). Nothing here ever computes with binary floats.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext

CENT = Decimal("0.01")
#: National data formats keep 14 digits before the point (数据规范 V2.0); nothing larger is money here.
LIMIT = Decimal(10) ** 14
#: Banks divide a yearly rate by 360 and multiply with the days that really passed.
BANK_YEAR = 360

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_SECTIONS = ("万亿", "亿", "万", "")


class NotMoney(ValueError):
    """The value is no amount of yuan: not a number, not finite, negative where it may not be, or too large."""


def yuan(value: Decimal | int | float | str, *, negative: bool = False) -> Decimal:
    """The amount in yuan with two places, rounded half up.

    Accepts decimals, whole numbers, strings ("12,345.60" or "12345.6") and finite floats, which are read by
    their shortest text. `negative` allows amounts below zero (differences, deductions).
    Raises `NotMoney` for anything else.
    """
    amount = _exact(value)
    if not amount.is_finite():
        raise NotMoney(f"not a finite amount: {value!r}")
    if amount.adjusted() > 20:  # before quantizing, which fails on huge exponents
        raise NotMoney(f"amount too large: {value!r}")
    rounded = amount.quantize(CENT, rounding=ROUND_HALF_UP, context=_EXACT)
    if rounded.is_zero():
        rounded = Decimal("0.00")
    if rounded < 0 and not negative:
        raise NotMoney(f"negative amount: {value!r}")
    if abs(rounded) >= LIMIT:
        raise NotMoney(f"amount too large: {value!r}")
    return rounded


def _exact(value: Decimal | int | float | str) -> Decimal:
    """The value as an exact decimal, before any rounding."""
    if isinstance(value, bool):
        raise NotMoney("a yes or no is no amount")
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        text_value = value.strip()
        if _GROUPED.fullmatch(text_value):
            text_value = text_value.replace(",", "")
        if not text_value.isascii() or not _PLAIN.fullmatch(text_value):
            raise NotMoney(f"not a number: {value!r}")
        try:
            return Decimal(text_value)
        except InvalidOperation as wrong:  # pragma: no cover - the pattern leaves nothing to refuse
            raise NotMoney(f"not a number: {value!r}") from wrong
    raise NotMoney(f"not a number: {value!r}")


def text(amount: Decimal) -> str:
    """The amount for people to read: grouped by thousands, always two places, e.g. `12,345,678.90`."""
    return f"{yuan(amount, negative=True):,.2f}"


def capital(amount: Decimal) -> str:
    """The amount in capital characters as official papers write it: 壹仟贰佰叁拾肆元伍角陆分, 壹拾万元整.

    Follows the filling rules for bills (支付结算办法 附件一): 整 after 元 or 角, none after 分; zeros
    inside are one 零; where a zero before 角 or before a full 仟 section is optional it is left out.
    """
    value = yuan(amount, negative=True)
    sign, cents = ("负", -value) if value < 0 else ("", value)
    whole, fraction = divmod(int(cents * 100), 100)
    tenths, hundredths = divmod(fraction, 10)
    words = f"{_whole(whole)}元" if whole else ""
    if not fraction:
        return f"{sign}{words or '零元'}整"
    if tenths:
        words += f"{_DIGITS[tenths]}角"
    elif whole:
        words += "零"
    return f"{sign}{words}{_DIGITS[hundredths]}分" if hundredths else f"{sign}{words}整"


def _whole(number: int) -> str:
    """The whole yuan in capital characters, in sections of four digits."""
    sections = [number // 10_000**power % 10_000 for power in (3, 2, 1, 0)]
    words = ""
    gap = False
    for section, unit in zip(sections, _SECTIONS, strict=True):
        if not section:
            # 万亿 without any 亿 still closes with 亿, otherwise 10^12 would read as 10^4
            gap = bool(words)
            continue
        if words and (gap or section < 1000):
            words += "零"
        words += _section(section) + unit
        gap = False
    if sections[0] and sections[1]:
        words = words.replace("万亿", "万", 1)
    return words


def _section(number: int) -> str:
    """Up to four digits in capital characters, one 零 for a run of zeros inside, none at the ends."""
    words, gap = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return words


def interest(principal: Decimal, annual_rate: Decimal, days: int, *, year: int = BANK_YEAR) -> Decimal:
    """Simple interest on `principal` yuan for `days` days at `annual_rate` (0.0035 = 0.35 %), rounded once.

    Bank current-account interest for bid deposits sent back (招标投标法实施条例 57: 银行同期存款利息).
    Raises `NotMoney` for negative principal, rate or days.
    """
    rate = _exact(annual_rate)
    if not rate.is_finite() or rate < 0:
        raise NotMoney(f"not a rate: {annual_rate!r}")
    if days < 0 or year <= 0:
        raise NotMoney("interest needs days of zero or more and a year of at least one day")
    with localcontext(_EXACT):
        return yuan(yuan(principal) * rate * days / year)
