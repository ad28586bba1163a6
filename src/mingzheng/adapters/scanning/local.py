"""The default check of uploaded files: what kind it is, whether it is whole, how large, whether something in it acts.

Nothing is unpacked to disk, and nothing is executed. Without a virus scanner a note says so: this check is no substitute.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO, Protocol

from mingzheng.adapters.scanning import apart, images, markup, packages, pdfs
from mingzheng.adapters.scanning.port import Finding, Scanned

#: Kinds by their first bytes; xlsx is told from zip by what is inside.
HEADERS = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
EXTENSIONS = {"pdf": "pdf", "xml": "xml", "zip": "zip", "xlsx": "xlsx", "png": "png", "jpg": "jpeg", "jpeg": "jpeg"}
KINDS = frozenset(EXTENSIONS.values())
LARGEST = 2 << 30

CHECKS: dict[str, Callable[[BinaryIO], list[Finding]]] = {
    "pdf": pdfs.check,
    "xml": markup.check,
    "zip": packages.check,
    "xlsx": packages.check_workbook,
    "png": images.check_png,
    "jpeg": images.check_jpeg,
}


class Engine(Protocol):
    """A virus scanner."""

    name: str

    def look(self, content: BinaryIO) -> list[Finding]:
        """What it finds; a scanner that cannot be asked is itself a finding that refuses."""


class FileScanner:
    """A `Scanner`. `engine` is a virus scanner, if one is connected; `largest` the size limit in bytes; `alone` looks into
    PDFs in a process of its own, which strangers' files need and tests of single findings do not."""

    def __init__(self, engine: Engine | None = None, *, largest: int = LARGEST, alone: bool = False) -> None:
        self._engine = engine
        self._largest = largest
        self._checks = {**CHECKS, "pdf": apart.check_pdf} if alone else CHECKS

    @property
    def engine(self) -> str:
        """See `Scanner`."""
        return self._engine.name if self._engine else ""

    def __repr__(self) -> str:
        return f"FileScanner(engine={self._engine.name if self._engine else None!r})"

    def scan(self, name: str, content: BinaryIO | bytes, *, allowed: Iterable[str] = ()) -> Scanned:
        """See `Scanner`. The content is left at its beginning."""
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        size = source.seek(0, io.SEEK_END)
        kind = kind_of(source)
        findings = self._outside(name, kind, size, frozenset(allowed) or KINDS)
        if not findings:
            source.seek(0)
            findings = [*self._checks[kind](source), *_two_kinds(kind, source)]
        if self._engine is None:
            findings.append(Finding("scanner.none", "note"))
        elif size <= self._largest:
            source.seek(0)
            findings += self._engine.look(source)
        source.seek(0)
        return Scanned(kind, size, tuple(findings), self._engine.name if self._engine else "")

    def _outside(self, name: str, kind: str, size: int, allowed: frozenset[str]) -> list[Finding]:
        """What can be said without looking into the file."""
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        if size == 0:
            return [Finding("file.empty", "refuse")]
        if size > self._largest:
            return [Finding("file.too-large", "refuse")]
        if kind not in allowed:
            return [Finding("type.not-allowed", "refuse", kind)]
        if EXTENSIONS.get(extension) != kind:
            return [Finding("type.not-what-its-name-says", "refuse", extension)]
        return []


def _two_kinds(kind: str, source: BinaryIO) -> list[Finding]:
    """A file that other programs would take for an archive too: what they see was not looked at."""
    if kind in ("zip", "xlsx"):
        return []
    source.seek(0)
    return [Finding("file.two-kinds", "refuse", "zip")] if zipfile.is_zipfile(source) else []


def kind_of(source: BinaryIO) -> str:
    """`pdf`, `xml`, `zip`, `xlsx`, `png`, `jpeg`, or `unknown`, by content."""
    source.seek(0)
    start = source.read(512)
    for header, kind in HEADERS:
        if start.startswith(header):
            return packages.kind_of(source) if kind == "zip" else kind
    return "xml" if markup.looks_like_xml(start) else "unknown"
