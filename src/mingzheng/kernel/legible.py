"""Characters nobody sees: controls, direction overrides, zero-width signs, halves of surrogate pairs.

Two texts that differ must look different, and no text may turn round what stands beside it. What people type is refused
with the character named; what is only shown (a sealed bid's words) has it written out as 〔U+202E〕.
"""

import unicodedata
from typing import Any

WHITE = "\t\n\r"
BLANK = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFFA0}
)  # nothing to see, yet not of class Cf
DEEPEST = 20


def hidden(character: str) -> bool:
    """Whether this character is invisible, reorders others, or is no character at all."""
    if character in WHITE:
        return False
    number = ord(character)
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") or number in BLANK or (number & 0xFFFE) == 0xFFFE


def first_hidden(text: str) -> str:
    """The first hidden character as `U+202E`, '' when there is none."""
    if text.isascii() and text.isprintable():
        return ""
    return next((f"U+{ord(one):04X}" for one in text if hidden(one)), "")


def shown(value: Any) -> Any:
    """A text, or every text inside lists and dicts, with hidden characters written out and on one line each."""
    if isinstance(value, str):
        return "".join(f"〔U+{ord(one):04X}〕" if hidden(one) else " " if one in WHITE else one for one in value)
    if isinstance(value, list):
        return [shown(one) for one in value]
    if isinstance(value, dict):
        return {shown(name): shown(one) for name, one in value.items()}
    return value


def require_sound(value: Any, longest: int, depth: int = 0) -> None:
    """ValueError unless this JSON value can be stored, signed and shown: depth, lengths, numbers, no hidden characters.

    The message is what is wrong with it, in Chinese, for whoever typed it.
    """
    if depth > DEEPEST:
        raise ValueError("层次太深")
    if isinstance(value, str):
        if len(value) > longest:
            raise ValueError("太长")
        if found := first_hidden(value):
            raise ValueError(f"含有看不见的字符 {found}，请删去")
    elif isinstance(value, dict):
        for name, one in value.items():
            require_sound(name, longest, depth + 1)
            require_sound(one, longest, depth + 1)
    elif isinstance(value, list):
        for one in value:
            require_sound(one, longest, depth + 1)
    elif isinstance(value, float) and not abs(value) < 2**53:  # also what is no number
        raise ValueError("不是数字")
    elif isinstance(value, int) and abs(value) >= 2**53:
        raise ValueError("数字太大")
