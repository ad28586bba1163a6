"""From facts to paper: read, compose, lay out, pack. Deterministic: no clock, no machine, no random number enters."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any, Literal

import pikepdf
import segno
import typst

from mingzheng.adapters.documents import fonts
from mingzheng.adapters.documents.blocks import stamp
from mingzheng.adapters.documents.facts import Kind, Paper, Signer, kind_of
from mingzheng.adapters.documents.legible import all_legible
from mingzheng.adapters.documents.place import Place, add_field
from mingzheng.adapters.documents.reading import read
from mingzheng.kernel import canonical, clock
from mingzheng.kernel.event import to_json

LAYOUT = Path(__file__).with_name("paper.typ")
STANDARD: Literal["a-2b"] = "a-2b"


def render(kind: str, facts: dict[str, Any], *, sealable: bool = False) -> bytes:
    """The paper of this kind as PDF/A-2b. The same facts give the same bytes. `sealable`: with an empty signature field.

    Raises `UnknownPaper`, `FactsMissing`, `WrongFact`, `FontsMissing`.
    """
    paper_kind = kind_of(kind)
    told: Paper = read(kind, paper_kind.facts, facts)
    if not told.verification_code:
        told = dataclasses.replace(told, verification_code=_code(kind, told))
    pdf, place = _typeset(_layout(paper_kind, told) | {"sealable": sealable}, told)
    return _packed(pdf, place)


def code_of(kind: str, facts: dict[str, Any]) -> str:
    """The verification code these facts bring along: five groups of four letters, 100 bits of their digest."""
    return _code(kind, read(kind, kind_of(kind).facts, facts))


def code_in(paper: bytes) -> str:
    """The verification code a paper carries (the last of its keywords), empty when there is none."""
    with pikepdf.open(io.BytesIO(paper)) as document:
        words = str(document.docinfo.get("/Keywords", ""))
    found = re.search(r"(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}$", words)
    return found.group() if found else ""


def _code(kind: str, told: Paper) -> str:
    """A code that changes with any fact; the code itself and the address it is asked at stay out of it."""
    body = to_json(dataclasses.replace(told, verification_code="", verification_url=""))
    digest = hashlib.sha256(canonical.dumps({"facts": body, "paper": kind}).encode()).digest()
    letters = base64.b32encode(digest).decode()[:20]
    return "-".join(letters[i : i + 4] for i in range(0, 20, 4))


def _layout(kind: Kind, told: Paper) -> dict[str, Any]:
    blocks = kind.compose(told)
    lot = f"{told.lot_name}" + (f"（{told.lot_code}）" if told.lot_code else "")
    return {
        "title": kind.title,
        "subtitle": told.procedure_name,
        "number": told.document_number,
        "project": told.procedure_code,
        "lot": lot.strip(),
        "issuer": told.issuer,
        "centre": told.centre,
        "code": told.verification_code,
        "url": _address(told),
        "entry": told.entry,
        "made": stamp(told.issued_at),
        "keywords": [kind.kind, told.document_number, told.procedure_code, told.verification_code],
        "covered": bool(blocks) and blocks[0]["is"] == "cover",
        "chapters": any(block["is"] == "heading" and block["level"] == 0 for block in blocks),
        "blocks": blocks,
        "signers": [_signer(signer) for signer in told.signers],
    }


def _address(told: Paper) -> str:
    """Where the paper is checked; the code is added unless the address has it already."""
    url, code = told.verification_url, told.verification_code
    return url if code in url else f"{url.rstrip('/')}/{code}"


def _signer(signer: Signer) -> dict[str, Any]:
    return {
        "role": signer.role,
        "name": signer.name,
        "opinion": signer.opinion,
        "at": stamp(signer.at) if signer.at else "",
        "certificate": signer.certificate,
        "entry": signer.entry,
    }


def _typeset(layout: dict[str, Any], told: Paper) -> tuple[bytes, Place | None]:
    found = fonts.load()
    at = told.issued_at.astimezone(clock.UTC8).replace(microsecond=0)
    shown = all_legible(layout) | {"qr": _qr(_address(told)), "serif": found.serif, "sans": found.sans}
    typesetter = typst.Compiler(
        LAYOUT,
        font_paths=found.fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(shown, ensure_ascii=False)},
    )
    pdf = typesetter.compile(pdf_standards=[STANDARD], timestamp=at)
    assert isinstance(pdf, bytes)
    if not layout["sealable"]:
        return pdf, None
    where = json.loads(typesetter.query("<seal>", field="value", one=True))
    return pdf, Place(where["page"], float(where["x"].removesuffix("pt")), float(where["y"].removesuffix("pt")))


def _qr(text: str) -> str:
    """The address as a QR code, SVG text; medium error correction, no quiet zone (the layout leaves one)."""
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
    return image.getvalue().decode()


def _packed(pdf: bytes, place: Place | None) -> bytes:
    """The same document with its objects compressed: about a quarter of the size, still PDF/A-2b, same bytes again."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if place is not None:
            add_field(document, place)
        document.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


class Typesetter:
    """`render` and `code_of` behind the port `documents`. `sealable`: papers have a place for the seal."""

    def __init__(self, *, sealable: bool = False) -> None:
        self.sealable = sealable

    def render(self, kind: str, facts: dict[str, Any]) -> bytes:
        """See the module's `render`."""
        return render(kind, facts, sealable=self.sealable)

    def code_of(self, kind: str, facts: dict[str, Any]) -> str:
        """See the module's `code_of`."""
        return code_of(kind, facts)

    def code_in(self, paper: bytes) -> str:
        """See the module's `code_in`."""
        return code_in(paper)
