"""The gallery's reference pictures: how they are kept, what they were made with, and how a new picture is compared."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

REFERENCES = Path(__file__).parent / "references"
MADE_WITH = REFERENCES / "made-with.json"
LAYOUTS = REFERENCES / "layouts.json"
LEVELS = 24  # of 255 per channel: how far a pixel may be off before it counts
SHARE = 0.002  # of the pixels of any band may be off
BAND = 500  # rows: on a page many screens long a small block must still be seen
NEAR = 2  # pixels a block may be off in any of its four measures, plus
PART = 0.01  # this share of the measure itself
#: The families of the three stacks in tokens.css that Linux has, in both weights.
FAMILIES = ("Noto Sans CJK SC", "Noto Sans Mono CJK SC", "Noto Serif CJK SC", "system-ui", "monospace")


@cache
def font(family: str, weight: int) -> str:
    """The file that fontconfig chooses and its digest; a word if there is no fontconfig."""
    asked = shutil.which("fc-match")
    if asked is None:
        return "unknown"
    chosen = subprocess.run(
        [asked, "-f", "%{file}", f"{family}:weight={weight}"], capture_output=True, text=True, check=True
    )
    file = Path(chosen.stdout)
    return f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"


def made_with(browser: str) -> dict[str, str]:
    """What decides how letters come out: the browser's major version and the fonts."""
    fonts = {
        f"{family} {name}": font(family, weight) for family in FAMILIES for name, weight in (("", 80), ("bold", 200))
    }
    return {"browser": browser.split(".")[0], **fonts}


def keep(name: str, picture: bytes, blocks: list[dict[str, Any]], browser: str) -> None:
    """Make this the reference. A palette of 255 colours keeps it small and is off by less than the tolerance."""
    REFERENCES.mkdir(exist_ok=True)
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    drawn.quantize(255, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(
        REFERENCES / f"{name}.png", optimize=True
    )
    layouts = _read(LAYOUTS)
    layouts[name] = {block["name"]: block["box"] for block in blocks}
    lines = (f"  {json.dumps(key)}: {json.dumps(layouts[key], ensure_ascii=False)}" for key in sorted(layouts))
    LAYOUTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    MADE_WITH.write_text(json.dumps(made_with(browser), indent=2) + "\n", "utf-8")


def comparable(browser: str) -> bool:
    """Whether pixels mean anything here: the same browser and the same fonts as the references."""
    return _read(MADE_WITH) == made_with(browser)


def pixels_off(name: str, picture: bytes) -> str:
    """What is wrong with the picture, or nothing."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    reference = Image.open(REFERENCES / f"{name}.png").convert("RGB")
    if drawn.size != reference.size:
        return f"{name}: {drawn.size} instead of {reference.size}"
    red, green, blue = ImageChops.difference(drawn, reference).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    wrong = []
    for top in range(0, drawn.height, BAND):
        band = worst.crop((0, top, drawn.width, min(top + BAND, drawn.height)))
        off = sum(band.histogram()[LEVELS + 1 :]) / (band.width * band.height)
        if off > SHARE:
            wrong.append(f"{off:.2%} of rows {top} to {top + band.height}")
    return f"{name}: pixels differ: {', '.join(wrong)}" if wrong else ""


def layout_off(name: str, blocks: list[dict[str, Any]]) -> str:
    """Which block stands elsewhere or has another size than in the reference, or nothing."""
    reference = _read(LAYOUTS)[name]
    here = {block["name"]: block["box"] for block in blocks}
    if here.keys() != reference.keys():
        return f"{name}: other blocks: {sorted(here.keys() ^ reference.keys())}"
    wrong = []
    for index, (block, box) in enumerate(reference.items()):
        room = (NEAR, NEAR * (index + 1), NEAR, NEAR)  # what the blocks above are off adds up in its place
        if any(abs(a - b) > near + PART * abs(b) for a, b, near in zip(here[block], box, room, strict=True)):
            wrong.append(f"{block} {here[block]} instead of {box}")
    return f"{name}: {'; '.join(wrong)}" if wrong else ""


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8")) if file.exists() else {}
