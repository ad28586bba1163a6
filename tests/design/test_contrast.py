"""Text can be read: every pair of text and ground in the tokens reaches 4.5:1, input borders 3:1 (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mingzheng

TOKENS = (Path(mingzheng.__file__).parent / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
TONES = ("ok", "warn", "bad", "mute")
GROUNDS = ("surface", "bg", "surface-sunk", "surface-hover")
PAIRS = [
    *((text, ground) for text in ("text", "text-2", "text-3", "accent", *TONES) for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in TONES),
    ("text", "warn-soft"), ("text", "bad-soft"), ("text", "ok-soft"), ("text", "accent-soft"),
    ("accent", "accent-soft"), ("accent-strong", "accent-soft-2"), ("accent-strong", "accent-soft"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"),
]  # fmt: skip
PAPER = [
    ("on-float", "float"),
    ("on-fill", "accent"),
    ("on-fill", "bad-mid"),
    ("paper-text", "paper"),
    ("paper-text-2", "paper"),
]


def _declared(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+)\s*:\s*([^;]+);", css))


LIGHT = _declared(TOKENS.split('[data-theme="screen"]')[0])
SCREEN = {**LIGHT, **_declared(TOKENS.split('[data-theme="screen"]')[1])}


def _luminance(tokens: dict[str, str], name: str) -> float:
    value = tokens[name].strip()
    while match := re.fullmatch(r"var\(--([\w-]+)\)", value):
        value = tokens[match[1]].strip()
    assert re.fullmatch(r"#[0-9a-f]{6}", value), f"{name} is {value}"
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(tokens: dict[str, str], one: str, other: str) -> float:
    """The contrast of two tokens, 1 to 21."""
    high, low = sorted((_luminance(tokens, one), _luminance(tokens, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), [*PAIRS, *PAPER])
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(LIGHT, text, ground) >= 4.5


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_the_big_screen(text: str, ground: str) -> None:
    assert contrast(SCREEN, text, ground) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, SCREEN], ids=["light", "screen"])
def test_the_border_of_an_input_can_be_seen(tokens: dict[str, str]) -> None:
    assert contrast(tokens, "line-control", "surface") >= 3
