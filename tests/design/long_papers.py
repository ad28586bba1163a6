"""PDFs as bidders send them: many pages, Chinese in a font that is not embedded, with or without a table of contents."""

from __future__ import annotations

import io
import random

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

CHINESE = ["宋体正文", "关键岗位人员配备", "项目经理与技术负责人全程驻场"]


def paper(
    pages: int, headings: dict[str, int] | None = None, *, words: bool = True, password: str = "", fill: int = 0
) -> bytes:
    """A PDF of so many A4 pages; `headings` by page number (from 1) become its table of contents; `fill` more bytes."""
    made = pikepdf.new()
    if fill:
        made.Root.MZFill = made.make_stream(random.Random(fill).randbytes(fill))
    font = made.make_indirect(_font(made))
    for number in range(1, pages + 1):
        page = made.add_blank_page(page_size=(595, 842))
        lines = [f"第 {number} 页", *CHINESE] if words else []
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = made.make_stream(_text(lines, number))
    with made.open_outline() as outline:
        outline.root += [pikepdf.OutlineItem(title, page - 1) for title, page in (headings or {}).items()]
    out = io.BytesIO()
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


def scan() -> bytes:
    """One page that is a single picture in JPEG 2000, dark red all over."""
    picture, made, out = io.BytesIO(), pikepdf.new(), io.BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 30)).save(picture, "JPEG2000")
    page = made.add_blank_page(page_size=(595, 842))
    drawn = pikepdf.Stream(
        made, picture.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=64, Height=64, ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8, Filter=Name.JPXDecode,
    )  # fmt: skip
    page.obj.Resources = Dictionary(XObject=Dictionary(I=made.make_indirect(drawn)))
    page.obj.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    made.save(out)
    return out.getvalue()


def _font(made: pikepdf.Pdf) -> Dictionary:
    """宋体 by name alone: who shows it needs the character map and a font of its own."""
    described = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/STSong-Light"), Flags=6, FontBBox=Array([-25, -254, 1000, 880]),
        ItalicAngle=0, Ascent=880, Descent=-120, CapHeight=880, StemV=93,
    )  # fmt: skip
    under = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), DW=1000,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=4),
        FontDescriptor=made.make_indirect(described),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/STSong-Light"), Encoding=Name("/UniGB-UCS2-H"),
        DescendantFonts=Array([made.make_indirect(under)]),
    )  # fmt: skip


def _text(lines: list[str], number: int) -> bytes:
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    bar = f"0.85 g 60 {100 + number % 50 * 10} 300 8 re f 0 g "
    return f"{bar}BT /F1 20 Tf 34 TL 60 740 Td {shown}ET".encode("ascii")
