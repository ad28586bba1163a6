"""XML: well formed, without document types and entities, not absurdly deep."""

from __future__ import annotations

import codecs
from typing import IO
from xml.parsers import expat

from mingzheng.adapters.scanning.port import Finding

DEPTH = 256
BLOCK = 1 << 16
LONGEST = 256 << 20  # bytes of one document
TOKEN = 8 << 20  # bytes of one tag or comment: the parser keeps it whole


class _Stop(Exception):
    """Leave the parser with a finding."""


def looks_like_xml(start: bytes) -> bool:
    """Whether the first bytes could begin an XML document."""
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        start = start.removeprefix(mark)
    plain = start.replace(b"\0", b"").lstrip()
    return plain.startswith(b"<") and not plain.lower().startswith((b"<!doctype html", b"<html"))


def check(source: IO[bytes]) -> list[Finding]:
    """Read it through once; a document type ends the reading, so no entity is ever expanded."""
    parser = expat.ParserCreate()
    found: list[Finding] = []
    depth = 0

    def doctype(*_: object) -> None:
        found.append(Finding("xml.doctype", "refuse"))
        raise _Stop

    def opened(name: str, *_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            found.append(Finding("xml.too-deep", "refuse", name[:80]))
            raise _Stop

    def closed(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def instruction(target: str, *_: object) -> None:
        if target == "xml-stylesheet" and not found:
            found.append(Finding("xml.stylesheet", "warn"))

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.ProcessingInstructionHandler = instruction
    try:
        taken = 0
        while block := source.read(BLOCK):
            parser.Parse(block, False)
            taken += len(block)
            if taken > LONGEST or taken - max(parser.CurrentByteIndex, 0) > TOKEN:
                return [*found, Finding("file.too-large", "refuse", f"line {parser.CurrentLineNumber}")]
        parser.Parse(b"", True)
    except _Stop:
        pass
    except (expat.ExpatError, ValueError):
        found.append(Finding("xml.damaged", "refuse", f"line {parser.CurrentLineNumber}"))
    return found
