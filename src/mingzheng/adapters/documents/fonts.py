"""The fonts of official papers, and which characters they can show.

The first choice is the pinned package `pylopdf-fonts-zh-cn` (Noto Serif SC and Noto Sans SC, SIL OFL 1.1): with it the
same facts give the same bytes on every machine. Where it is missing, a folder named by MINGZHENG_FONTS or Debian's
fonts-noto-cjk will do: the papers look the same, their bytes do not.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import importlib.util
import os
import struct
from dataclasses import dataclass
from pathlib import Path

import typst

from mingzheng.adapters.documents.port import FontsMissing

FAMILIES = {
    "serif": ("Noto Serif SC", "Noto Serif CJK SC"),
    "sans": ("Noto Sans SC", "Noto Sans CJK SC"),
}
#: The two files every deployment should have (checked, so that a changed font cannot change what a paper says).
PINNED = {
    "NotoSansSC-Regular.otf": "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9",
    "NotoSerifSC-Regular.otf": "e8f396decc1f0963a016a989c3d8852e863d1350996f573860a80767c83a1cd3",
}
SYSTEM = Path("/usr/share/fonts/opentype/noto")
INSTALL = "pip install pylopdf-fonts-zh-cn==0.1.1 (or apt-get install fonts-noto-cjk)"


@dataclass(frozen=True, slots=True)
class FontSet:
    """Fonts ready for the typesetter; `pinned` when they are the very files everybody else has."""

    fonts: typst.Fonts
    serif: str
    sans: str
    pinned: bool
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def shows(self, character: str) -> bool:
        """Whether there is a glyph for it."""
        place = bisect.bisect_right(self.starts, ord(character)) - 1
        return place >= 0 and ord(character) <= self.ends[place]


@functools.cache
def load() -> FontSet:
    """The fonts of this machine, looked up once a process. Raises `FontsMissing` naming the command that helps."""
    for folder, pinned in _folders():
        files = sorted(p for p in folder.glob("*") if p.suffix in {".otf", ".ttf", ".ttc"} and "Noto" in p.name)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        families = set(fonts.families())
        serif = next((name for name in FAMILIES["serif"] if name in families), "")
        sans = next((name for name in FAMILIES["sans"] if name in families), "")
        if not serif or not sans:
            continue
        if pinned:
            _check(folder)
        wanted = [p for p in files if "Regular" in p.name]
        starts, ends = _merged([run for path in wanted for run in coverage(path.read_bytes())])
        return FontSet(fonts, serif, sans, pinned, starts, ends)
    raise FontsMissing(f"no Chinese serif and sans font found; install one: {INSTALL}")


def _folders() -> list[tuple[Path, bool]]:
    found: list[tuple[Path, bool]] = []
    if named := os.environ.get("MINGZHENG_FONTS"):
        found.append((Path(named), False))
    package = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if package is not None and package.origin:
        found.append((Path(package.origin).parent, True))
    found.append((SYSTEM, False))
    return [(folder, pinned) for folder, pinned in found if folder.is_dir()]


def _check(folder: Path) -> None:
    for name, wanted in PINNED.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
            raise FontsMissing(f"{name} is not the font that was pinned; install it again: {INSTALL}")


def coverage(font: bytes) -> list[tuple[int, int]]:
    """The runs of code points a font maps to glyphs: its `cmap` table in format 12 (else 4), per OpenType 1.9."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    count = struct.unpack_from(">H", font, start + 4)[0]
    for i in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * i)
        if tag == b"cmap":
            return _cmap(font, offset)
    return []


def _cmap(font: bytes, at: int) -> list[tuple[int, int]]:
    tables = [
        struct.unpack_from(">HHI", font, at + 4 + 8 * i) for i in range(struct.unpack_from(">H", font, at + 2)[0])
    ]
    formats = {struct.unpack_from(">H", font, at + offset)[0]: at + offset for _, _, offset in tables}
    if 12 in formats:
        table = formats[12]
        groups = struct.unpack_from(">I", font, table + 12)[0]
        return [struct.unpack_from(">II", font, table + 16 + 12 * i) for i in range(groups)]
    table = formats.get(4, 0)
    if not table:
        return []
    segments = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, table + 14)
    starts = struct.unpack_from(f">{segments}H", font, table + 16 + 2 * segments)
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a != 0xFFFF]


def _merged(runs: list[tuple[int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    starts: list[int] = []
    ends: list[int] = []
    for first, last in sorted(runs):
        if ends and first <= ends[-1] + 1:
            ends[-1] = max(ends[-1], last)
        else:
            starts.append(first)
            ends.append(last)
    return tuple(starts), tuple(ends)
