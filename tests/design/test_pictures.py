"""How pictures and layouts are compared: what is let pass and what is not."""

from __future__ import annotations

import io
from pathlib import Path

import pictures
import pytest
from PIL import Image, ImageDraw


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """References in a folder of their own, of a page with two blocks."""
    for name in ("REFERENCES", "MADE_WITH", "LAYOUTS"):
        old: Path = getattr(pictures, name)
        monkeypatch.setattr(pictures, name, tmp_path / (old.name if old.suffix else ""))
    pictures.keep(
        "page", drawn(), [{"name": "a", "box": [0, 0, 400, 100]}, {"name": "b", "box": [0, 100, 400, 1000]}], "156.0"
    )
    return tmp_path


def drawn(dots: int = 0, by: int = 0) -> bytes:
    """A grey page of 400 by 1100 px; `dots` pixels in its last rows are `by` levels darker."""
    page = Image.new("RGB", (400, 1100), (200, 200, 200))
    pen = ImageDraw.Draw(page)
    for dot in range(dots):
        pen.point((dot % 400, 1099 - dot // 400), (200 - by,) * 3)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def test_a_fifth_of_a_percent_of_any_band_may_differ() -> None:
    last = 400 * 100  # the last band has a hundred rows
    assert pictures.pixels_off("page", drawn()) == ""
    assert pictures.pixels_off("page", drawn(last // 500, by=60)) == ""
    assert "rows 1000 to 1100" in pictures.pixels_off("page", drawn(last // 500 + 1, by=60))


def test_a_shade_may_differ_by_twenty_four_levels() -> None:
    assert pictures.pixels_off("page", drawn(4000, by=24)) == ""
    assert pictures.pixels_off("page", drawn(4000, by=25)) != ""


def test_a_page_of_another_size_differs() -> None:
    small = io.BytesIO()
    Image.new("RGB", (400, 1099)).save(small, "PNG")
    assert "instead of (400, 1100)" in pictures.pixels_off("page", small.getvalue())


@pytest.mark.parametrize(("height", "passes"), [(1012, True), (1013, False), (988, True), (987, False)])
def test_a_block_may_be_two_pixels_and_a_percent_off(height: int, passes: bool) -> None:
    blocks = [{"name": "a", "box": [0, 0, 400, 100]}, {"name": "b", "box": [0, 103, 400, height]}]
    assert (pictures.layout_off("page", blocks) == "") is passes


def test_a_block_more_or_less_is_named() -> None:
    assert "['b']" in pictures.layout_off("page", [{"name": "a", "box": [0, 0, 400, 100]}])


def test_pixels_count_only_with_the_browser_and_the_fonts_of_the_references(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.comparable("156.0.8078.79")
    assert not pictures.comparable("157.0.1.1")
    monkeypatch.setattr(pictures, "font", lambda family, weight: "other.ttc 0000")
    assert not pictures.comparable("156.0.8078.79")
