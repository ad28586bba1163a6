"""Making foreign text safe for paper: everything stays readable as data, nothing can hide, reorder or vanish.

Control characters, bidirectional overrides, zero-width characters and whatever the fonts cannot show are written out
as 〔U+202E〕, so that two names that differ can never look the same on an official paper.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from mingzheng.adapters.documents import fonts

#: Invisible or reordering though they may have a glyph.
_HIDDEN = frozenset({0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0})


def legible(text: str) -> str:
    """The text as it may stand on paper. Line breaks stay; other white space becomes a blank."""
    shown = fonts.load()
    return "".join(_character(c, shown) for c in text.replace("\r\n", "\n").replace("\r", "\n"))


def _character(character: str, shown: fonts.FontSet) -> str:
    if character in "\n ":
        return character
    if character in "\t\u00a0\u2028\u2029\u2002\u2003\u2009\u202f":
        return " "
    number = ord(character)
    hidden = number in _HIDDEN or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
    if hidden or not shown.shows(character):
        return f"〔U+{number:04X}〕"
    return character


def all_legible(value: Any) -> Any:
    """`legible` for every text inside lists and dicts (keys are ours and stay)."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list | tuple):
        return [all_legible(item) for item in value]
    if isinstance(value, dict):
        return {key: all_legible(item) for key, item in value.items()}
    return value
