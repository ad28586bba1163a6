"""National numbers of public-resource trading: built, read back and checked. Serials come from the caller.

Formats: 公共资源交易平台系统数据规范 V2.0 (unified deal code, project to document codes), GB 32100-2015 (unified
social credit code), GB 11714-1997 (organisation code inside it), ISO 7064 MOD 37-2 (check character).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_ALPHABET_37 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
#: GB 32100 leaves out I, O, S, V, Z.
_ALPHABET_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS_11714 = (3, 7, 9, 10, 5, 8, 4, 2)

_DEAL_CLASS = re.compile(r"[A-Z][0-9A-Z]{2}")
_USCC_SHAPE = re.compile(rf"[{_ALPHABET_31}]{{2}}\d{{6}}[{_ALPHABET_31}]{{10}}")
_DEAL_SHAPE = re.compile(r"([A-Z][0-9A-Z]{2})-([0-9A-Z]{18})-(\d{8})-(\d{6})-([0-9A-Z*])")


class BadNumber(ValueError):
    """A number has not the form its format demands, or its check character is wrong."""


@dataclass(frozen=True, slots=True)
class DealCode:
    """The parts of a unified deal code (统一交易标识码): one for every lot, never changed."""

    deal_class: str
    platform: str
    day: date
    serial: int

    def __str__(self) -> str:
        return unified_deal_code(self.deal_class, self.platform, self.day, self.serial)


def mod_37_2(characters: str) -> str:
    """The ISO 7064 MOD 37-2 check character of `characters` (digits and capital letters)."""
    try:
        total = sum(pow(2, place, 37) * _ALPHABET_37[:36].index(c) for place, c in enumerate(reversed(characters), 1))
    except ValueError as wrong:
        raise BadNumber(f"only digits and capital letters carry a check character: {characters!r}") from wrong
    return _ALPHABET_37[(38 - total % 37) % 37]


def unified_deal_code(deal_class: str, platform: str, day: date, serial: int) -> str:
    """The 40 characters `CCC-USCC18-YYYYMMDD-NNNNNN-X` of one lot.

    `deal_class` is the 3-character class of deal (A01 …), `platform` the platform operator's credit code, `serial`
    counts from 1 within the platform and day. Only the form of the operator's code is checked: codes in circulation
    carry operators whose own check character is wrong. Raises `BadNumber`.
    """
    if not _DEAL_CLASS.fullmatch(deal_class):
        raise BadNumber(f"deal class has a letter and two characters: {deal_class!r}")
    if not re.fullmatch(r"[0-9A-Z]{18}", platform):
        raise BadNumber(f"operator's code has 18 characters: {platform!r}")
    stamp, number = f"{day:%Y%m%d}", _serial(serial, 6)
    check = mod_37_2(deal_class + platform + stamp + number)
    return f"{deal_class}-{platform}-{stamp}-{number}-{check}"


def read_unified_deal_code(code: str) -> DealCode:
    """The parts of a unified deal code whose check character is right. Raises `BadNumber`."""
    match = _DEAL_SHAPE.fullmatch(code)
    if match is None:
        raise BadNumber(f"a unified deal code has 40 characters in five parts: {code!r}")
    deal_class, platform, stamp, number, check = match.groups()
    if mod_37_2(deal_class + platform + stamp + number) != check:
        raise BadNumber(f"check character is wrong: {code!r}")
    try:
        day = date.fromisoformat(f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:]}")
    except ValueError as wrong:
        raise BadNumber(f"date is wrong: {code!r}") from wrong
    return DealCode(deal_class, platform, day, int(number))


def is_unified_deal_code(code: str) -> bool:
    """Whether `code` is a well-formed unified deal code with the right check character."""
    try:
        read_unified_deal_code(code)
    except BadNumber:
        return False
    return True


def project_code(industry: str, region: str, serial: int) -> str:
    """项目编号, 17 characters: industry type (3), region (6 digits, GB/T 2260), serial (8)."""
    if not re.fullmatch(r"[A-Z0-9]{3}", industry):
        raise BadNumber(f"industry type has three characters: {industry!r}")
    if not re.fullmatch(r"[1-9]\d{5}", region):
        raise BadNumber(f"region has six digits: {region!r}")
    return f"{industry}{region}{_serial(serial, 8)}"


def tender_project_code(project: str, serial: int) -> str:
    """招标项目编号, 20 characters: project code and its nth tender project."""
    return _extend(project, 17, serial)


def section_code(tender_project: str, serial: int) -> str:
    """标段(包)编号, 23 characters: tender project code and its nth section (lot)."""
    return _extend(tender_project, 20, serial)


def document_code(section: str, serial: int) -> str:
    """文件编号, 26 characters: section code and its nth document."""
    return _extend(section, 23, serial)


def uscc(first_17: str) -> str:
    """The unified social credit code whose first 17 characters are given (GB 32100 check character added)."""
    if len(first_17) != 17:
        raise BadNumber(f"17 characters are needed: {first_17!r}")
    code = first_17 + _check_31(first_17)
    if not _USCC_SHAPE.fullmatch(code):
        raise BadNumber(f"not the form of a credit code: {first_17!r}")
    return code


def demo_uscc(region: str, organisation: str, *, authority: str = "91") -> str:
    """A well-formed credit code for an invented organisation: authority and kind (91 = company), region,
    eight characters of organisation code; both inner check characters are right."""
    if not re.fullmatch(rf"[{_ALPHABET_31}]{{8}}", organisation):
        raise BadNumber(f"organisation code has eight characters: {organisation!r}")
    total = sum(weight * int(c, 36) for weight, c in zip(_WEIGHTS_11714, organisation, strict=True))
    check = "0123456789X0"[11 - total % 11]
    return uscc(authority + region + organisation + check)


def is_uscc(code: str) -> bool:
    """Whether `code` is an 18-character unified social credit code with the right check character."""
    return bool(_USCC_SHAPE.fullmatch(code)) and _check_31(code[:17]) == code[17]


def _check_31(characters: str) -> str:
    try:
        total = sum(pow(3, place, 31) * _ALPHABET_31.index(c) for place, c in enumerate(characters))
    except ValueError as wrong:
        raise BadNumber(f"character outside the code's alphabet: {characters!r}") from wrong
    return _ALPHABET_31[-total % 31]


def _extend(parent: str, length: int, serial: int) -> str:
    if not re.fullmatch(rf"[A-Z0-9]{{{length}}}", parent):
        raise BadNumber(f"the code above has {length} characters: {parent!r}")
    return parent + _serial(serial, 3)


def _serial(serial: int, width: int) -> str:
    if not 1 <= serial < 10**width:
        raise BadNumber(f"serial runs from 1 to {10**width - 1}: {serial}")
    return f"{serial:0{width}d}"
