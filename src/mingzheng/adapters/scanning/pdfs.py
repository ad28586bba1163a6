"""PDF: readable without a password, whole, and without anything that runs, starts, sends or carries other files."""

from __future__ import annotations

import io
from typing import BinaryIO

import pikepdf

from mingzheng.adapters.scanning.port import Finding

#: Objects looked at; a larger file is refused, not looked at half.
OBJECTS = 2_000_000
TAIL = 2048
#: What qpdf says of a stream of objects it could not unpack, or not within its limits; the objects are then missing.
UNDECODED = ("error decoding stream data", "unfilterable stream")
ACTIONS = {
    "/JavaScript": "pdf.javascript",
    "/Launch": "pdf.launches-a-program",
    "/SubmitForm": "pdf.sends-data",
    "/ImportData": "pdf.reads-files",
    "/Rendition": "pdf.plays-media",
    "/Movie": "pdf.plays-media",
    "/Sound": "pdf.plays-media",
    "/GoToE": "pdf.embedded-file",
}
TYPES = {"/EmbeddedFile": "pdf.embedded-file", "/RichMedia": "pdf.plays-media", "/3D": "pdf.plays-media"}


def check(source: BinaryIO) -> list[Finding]:
    """Open it as a reader would (without repairing it) and look at every object."""
    end = source.seek(0, io.SEEK_END)
    source.seek(max(0, end - TAIL))
    if b"%%EOF" not in source.read():
        return [Finding("pdf.damaged", "refuse", "end")]
    source.seek(0)
    try:
        with pikepdf.open(source, suppress_warnings=True, attempt_recovery=False) as document:
            return _inside(document)
    except pikepdf.PasswordError:
        return [Finding("pdf.encrypted", "refuse")]
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as fault:
        return [Finding("pdf.damaged", "refuse", type(fault).__name__)]


def _inside(document: pikepdf.Pdf) -> list[Finding]:
    if document.is_encrypted:
        return [Finding("pdf.encrypted", "refuse")]
    if len(document.objects) > OBJECTS:
        return [Finding("pdf.too-many-objects", "refuse")]
    if len(document.pages) == 0:
        return [Finding("pdf.no-page", "refuse")]
    found: dict[str, str] = {}
    for item in document.objects:
        place = f"object {item.objgen[0]}" if isinstance(item, pikepdf.Object) else ""
        _look(item, found, place, 0)
    if any(told in str(one) for one in document.get_warnings() for told in UNDECODED):
        found.setdefault("pdf.too-many-objects", "object streams")  # a reader may see what could not be looked at
    if "/XFA" in (document.Root.get("/AcroForm") or {}):
        found.setdefault("pdf.dynamic-form", "AcroForm")
    return [Finding(code, "refuse", place) for code, place in sorted(found.items())]


def _look(item: object, found: dict[str, str], place: str, depth: int) -> None:
    """Note what one object and the direct objects inside it would do."""
    if depth > 64:
        found.setdefault("pdf.too-deep", place)
        return
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        values = dict(item.items())
        if "/JS" in values:
            found.setdefault("pdf.javascript", place)
        for key, meanings in (("/S", ACTIONS), ("/Type", TYPES), ("/Subtype", TYPES)):
            value = values.get(key)
            if isinstance(value, pikepdf.Name) and str(value) in meanings:
                found.setdefault(meanings[str(value)], place)
        for value in values.values():
            _look_deeper(value, found, place, depth)
    elif isinstance(item, pikepdf.Array):
        for value in list(item):
            _look_deeper(value, found, place, depth)


def _look_deeper(value: object, found: dict[str, str], place: str, depth: int) -> None:
    direct = isinstance(value, pikepdf.Object) and not value.is_indirect
    if direct and isinstance(value, pikepdf.Dictionary | pikepdf.Array):
        _look(value, found, place, depth + 1)
