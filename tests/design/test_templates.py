"""Every template compiles, and none breaks the content policy or brings its own colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines

import mingzheng

ROOT = Path(mingzheng.__file__).parent
TEMPLATES = sorted(p for folder in ROOT.rglob("templates") for p in folder.rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![-\w])|\b(?:rgb|hsl|oklch)a?\(")
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def name_of(path: Path) -> str:
    """The name under which Django finds a template."""
    return str(path).rsplit("/templates/", 1)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: name_of(p))
def test_every_template_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: name_of(p))
def test_no_template_carries_styles_or_scripts_of_its_own(path: Path) -> None:
    source = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert not re.search(r"javascript:", source)
    for script in re.finditer(r"<script\b([^>]*)>(.*?)</script>", source, re.S):
        assert "src=" in script[1] and not script[2].strip()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: name_of(p))
def test_no_template_names_a_colour_or_a_foreign_host(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:fill|stroke|color|bgcolor)\s*=\s*[\"']#", source)
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", source)


@pytest.mark.parametrize("path", [p for p in STYLES if p.name != "tokens.css"], ids=lambda p: p.name)
def test_colours_are_decided_in_tokens_only(path: Path) -> None:
    source = COMMENT.sub("", path.read_text(encoding="utf-8"))
    raw = [m.group(0) for m in COLOUR.finditer(source)]
    palette = re.findall(r"var\(--(?:ink|azure|pine|ochre|cinnabar|white)[-\w]*\)", source)
    assert raw == []
    assert palette == []


def test_every_token_that_is_used_is_declared() -> None:
    declared = set(re.findall(r"(--[\w-]+)\s*:", "".join(p.read_text(encoding="utf-8") for p in STYLES)))
    used = {name for p in STYLES for name in re.findall(r"var\((--[\w-]+)", p.read_text(encoding="utf-8"))}
    assert used <= declared


def test_every_icon_that_is_named_is_drawn() -> None:
    sprite = (ROOT / "static" / "icons" / "sprite.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'id="i-([a-z]+)"', sprite))
    named = {n for p in TEMPLATES for n in re.findall(r'\{% icon "(\w+)"', p.read_text(encoding="utf-8"))}
    scripts = ROOT.parents[1] / "frontend" / "ts"
    named |= {n for p in scripts.rglob("*.ts") for n in re.findall(r'\bicon\("(\w+)"', p.read_text(encoding="utf-8"))}
    assert named <= drawn


def test_the_first_load_is_small() -> None:
    styles = [p for p in STYLES if p.name != "viewer.css"]  # pages with a reader alone ask for it
    weight = sum(p.stat().st_size for p in [*styles, ROOT / "static" / "icons" / "sprite.svg"])
    assert weight < 90_000  # a fifth of it on the wire, compressed
