"""The picture of a seal as a small PDF: drawn once for each name, its letters turned into outlines (no font goes along)."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import typst

from mingzheng.adapters.documents import fonts
from mingzheng.adapters.documents.legible import legible
from mingzheng.adapters.documents.place import SIDE

LAYOUT = Path(__file__).with_name("seal.typ")


@functools.cache
def drawn(name: str, purpose: str, remark: str = "") -> bytes:
    """One page, as large as the place of the seal. `remark` stands framed at the foot (演示 in demo deployments)."""
    found = fonts.load()
    words = {"name": legible(name), "purpose": legible(purpose), "remark": legible(remark)}
    shown = json.dumps(words | {"serif": found.serif, "sans": found.sans}, ensure_ascii=False)
    outlines = typst.compile(
        LAYOUT, font_paths=found.fonts, ignore_system_fonts=True, format="svg", sys_inputs={"seal": shown}
    )
    page = f"#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: none)\n#image(bytes(sys.inputs.svg), width: 100%)"
    assert isinstance(outlines, bytes)
    made = typst.compile(
        page.encode(),
        ignore_system_fonts=True,
        sys_inputs={"svg": outlines.decode()},
        pdf_standards=["a-2b"],
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made
