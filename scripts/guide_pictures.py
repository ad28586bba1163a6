"""Pictures of the guides, from those the ceremony took: cropped, reduced to a palette, small enough to be kept.

    python scripts/guide_pictures.py [FOLDER]

FOLDER (build/screenshots) holds what `tests/ceremonies` photographed: NN-name-1280.png, numbered in the order of the play.
Pictures are chosen by name, so that a scene put in between changes nothing here.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FOUND, KEPT = ROOT / "build/screenshots", ROOT / "docs/images/guides"
NAMED = re.compile(r"\]\((?:\.\./)*(?:docs/)?images/guides/([a-z0-9-]+)\.png\)")
HEIGHT = 900  # pixels: one screen; what is longer is cut
LIMIT, LIMIT_OF_ALL = 70_000, 1_000_000  # bytes
PALETTES = (128, 64, 48, 32, 16)  # colours, tried until a picture is small enough


def wanted() -> set[str]:
    """Names of the pictures the documents show."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {name for path in documents for name in NAMED.findall(path.read_text("utf-8"))}


def taken(folder: Path) -> dict[str, Path]:
    """Pictures of a ceremony by name, without their numbers."""
    return {path.name[3:].removesuffix("-1280.png"): path for path in sorted(folder.glob("[0-9][0-9]-*-1280.png"))}


def reduced(source: Path) -> bytes:
    """The top of a picture as PNG with the largest palette that stays under LIMIT; the smallest palette if none does."""
    with Image.open(source) as picture:
        top = picture.convert("RGB").crop((0, 0, picture.width, min(HEIGHT, picture.height)))
    written = b""
    for colours in PALETTES:
        small = top.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        written = out.getvalue()
        if len(written) < LIMIT:
            break
    return written


def make(folder: Path) -> Iterator[str]:
    """Write every picture the documents show, remove those none shows; yields what is wrong."""
    found, names = taken(folder), wanted()
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.png"):
        if old.stem not in names:
            old.unlink()
    for name in sorted(names):
        if name not in found:
            yield f"{name}: no such picture in {folder}"
            continue
        written = reduced(found[name])
        (KEPT / f"{name}.png").write_bytes(written)
        print(f"{len(written) / 1000:6.1f} kB  {name}")
        if len(written) >= LIMIT:
            yield f"{name}: {len(written)} bytes, less than {LIMIT} wanted"
    total = sum(path.stat().st_size for path in KEPT.glob("*.png"))
    print(f"{total / 1000:6.1f} kB  all")
    if total >= LIMIT_OF_ALL:
        yield f"all together {total} bytes, less than {LIMIT_OF_ALL} wanted"


def main() -> int:
    """Make the pictures; 1 when one is missing or too large."""
    wrong = list(make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOUND))
    print("\n".join(wrong), file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
