"""Reading the text back out of a PDF by its own ToUnicode tables, as any viewer's search and copy do."""

from __future__ import annotations

import io
import re

import pikepdf

_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RUN = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def text_of(pdf: bytes) -> str:
    """All shown characters, page after page, without spaces and line ends."""
    shown: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            fonts = {name: _to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
            current: dict[bytes, str] = {}
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    current = fonts[str(operands[0])]
                elif str(operator) == "Tj":
                    shown.append(_decode(bytes(operands[0]), current))
                elif str(operator) == "TJ":
                    shown += [_decode(bytes(o), current) for o in operands[0] if isinstance(o, pikepdf.String)]
    return re.sub(r"\s", "", "".join(shown))


def _decode(raw: bytes, table: dict[bytes, str]) -> str:
    return "".join(table.get(raw[i : i + 2], "\ufffd") for i in range(0, len(raw), 2))


def _to_unicode(font: pikepdf.Object) -> dict[bytes, str]:
    text = font.ToUnicode.read_bytes().decode("latin-1")
    table: dict[bytes, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, value in _PAIR.findall(part):
            table[bytes.fromhex(code)] = bytes.fromhex(value).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, value in _RUN.findall(part):
            start = int(value, 16)
            for i in range(int(last, 16) - int(first, 16) + 1):
                table[(int(first, 16) + i).to_bytes(2, "big")] = chr(start + i)
    return table


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Every font's name and whether its program is embedded."""
    found: dict[str, bool] = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            for font in page.Resources.get("/Font", {}).values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                found[str(font.BaseFont)] = "/FontFile3" in descriptor or "/FontFile2" in descriptor
    return found
