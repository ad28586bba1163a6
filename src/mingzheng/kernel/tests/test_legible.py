"""Characters nobody sees are named, and refused or written out."""

import pytest

from mingzheng.kernel.legible import first_hidden, require_sound, shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\0b", "U+0000"), ("a\ud800", "U+D800"), ("投标\u202efdp.exe", "U+202E"), ("\u2066a", "U+2066"), ("建\u200b设", "U+200B"),
        ("\ufeffa", "U+FEFF"), ("\x1b[31m", "U+001B"), ("a\u200db", "U+200D"), ("a\uffff", "U+FFFF"), ("\U000e0041", "U+E0041"),
        ("a\u3164", "U+3164"), ("a\x7f", "U+007F"), ("a\x85", "U+0085"),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_named_refused_and_written_out(text, name):
    assert first_hidden(text) == name
    assert f"〔{name}〕" in shown(text)
    with pytest.raises(ValueError, match="看不见"):
        require_sound({"a": [text]}, 100)


@pytest.mark.parametrize("text", ["云州市", "line\r\nline\ttab", "𠮷𠀀👩", "é", "ﷺ", "\ue000", "<script>", ""])
def test_ordinary_text_of_any_script_is_taken(text):
    assert first_hidden(text) == ""
    require_sound({text: text}, 100)


def test_depth_length_and_numbers_are_bounded():
    deep: object = 1
    for _ in range(30):
        deep = [deep]
    for value in (deep, "x" * 101, 2**53, -(2**60), float("nan"), float("inf"), 1e300):
        with pytest.raises(ValueError):
            require_sound(value, 100)
    require_sound([2**53 - 1, -1.5, True, None, "x" * 100], 100)
