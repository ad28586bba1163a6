"""Zip archives and workbooks: no bombs, no way out of the folder, no programs, no macros."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections import Counter
from typing import BinaryIO

from mingzheng.adapters.scanning import markup
from mingzheng.adapters.scanning.port import Finding

ENTRIES = 10_000
LISTING = 16 << 20  # bytes of the list of contents: ten thousand long names
UNPACKED = 4 << 30
RATIO = 200
SMALL = 1 << 20
PROGRAMS = frozenset(
    [
        "bat",
        "bin",
        "chm",
        "cmd",
        "com",
        "cpl",
        "dll",
        "dmg",
        "elf",
        "exe",
        "hta",
        "iso",
        "jar",
        "js",
        "jse",
        "lnk",
        "msi",
        "msp",
        "ps1",
        "py",
        "reg",
        "scr",
        "sh",
        "sys",
        "vb",
        "vbe",
        "vbs",
        "wsf",
    ]
)
ARCHIVES = frozenset(["7z", "bz2", "cab", "gz", "rar", "tar", "tgz", "xz", "zip"])


def kind_of(source: BinaryIO) -> str:
    """`xlsx` for a workbook, else `zip`."""
    try:
        if _listing_length(source) > LISTING:
            return "zip"
        with zipfile.ZipFile(source) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "zip"
    return "xlsx" if "[Content_Types].xml" in names and "xl/workbook.xml" in names else "zip"


def check(source: BinaryIO) -> list[Finding]:
    """The list of contents, then every small part's checksum."""
    size = source.seek(0, io.SEEK_END)
    try:
        if _listing_length(source) > LISTING:
            return [Finding("zip.too-many-entries", "refuse")]
        with zipfile.ZipFile(source) as package:
            entries = package.infolist()
            return _listing(entries, size) or [found for entry in entries for found in _entry(package, entry)]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, zlib.error, EOFError):
        return [Finding("zip.damaged", "refuse")]


def _listing_length(source: BinaryIO) -> int:
    """Bytes of the list of contents, as the reader below finds it: it would read the list whole before anybody counts."""
    end = zipfile._EndRecData(source)  # type: ignore[attr-defined]
    return int(end[5]) if end else 0


def _listing(entries: list[zipfile.ZipInfo], size: int) -> list[Finding]:
    """Findings about the archive as a whole; any of them ends the check."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES:
        return [Finding("zip.too-many-entries", "refuse", str(len(entries)))]
    if unpacked > UNPACKED or (unpacked > SMALL and unpacked > RATIO * size):
        return [Finding("zip.too-large", "refuse", f"{unpacked} bytes unpacked")]
    if sum(entry.compress_size for entry in entries) > size:
        return [Finding("zip.overlapping", "refuse")]
    names = Counter(entry.filename.rstrip("/").lower() for entry in entries)
    doubled = [name for name, times in names.items() if times > 1]
    return [Finding("zip.doubled-name", "refuse", doubled[0][:200])] if doubled else []


def _entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> list[Finding]:
    name, parts = entry.filename, entry.filename.replace("\\", "/").split("/")
    extension = parts[-1].rpartition(".")[2].lower()
    if name.startswith(("/", "\\")) or ".." in parts or (len(name) > 1 and name[1] == ":") or "\0" in name:
        return [Finding("zip.leaves-its-folder", "refuse", name[:200])]
    if stat.S_ISLNK(entry.external_attr >> 16):
        return [Finding("zip.link", "refuse", name[:200])]
    if entry.flag_bits & 0x1:
        return [Finding("zip.encrypted", "refuse", name[:200])]
    if "." in parts[-1] and extension in PROGRAMS and not name.startswith("xl/printerSettings/"):
        return [Finding("zip.program", "refuse", name[:200])]
    if entry.file_size <= SMALL and not entry.is_dir():
        with package.open(entry) as part:
            if part.read(2) == b"MZ":
                return [Finding("zip.program", "refuse", name[:200])]
            while part.read(1 << 16):
                pass  # reading to the end checks the checksum
    return [Finding("zip.nested", "warn", name[:200])] if extension in ARCHIVES else []


def check_workbook(source: BinaryIO) -> list[Finding]:
    """A workbook is a zip without macros, controls, embedded files; links to elsewhere are told."""
    found = check(source)
    if any(finding.severity == "refuse" for finding in found):
        return [_as_macro(finding) for finding in found]
    source.seek(0)
    with zipfile.ZipFile(source) as package:
        for entry in package.infolist():
            found += _part(package, entry)
    return found


def _as_macro(finding: Finding) -> Finding:
    macro = finding.code == "zip.program" and finding.place.lower().endswith("vbaproject.bin")
    return Finding("xlsx.macro", "refuse", finding.place) if macro else finding


def _part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> list[Finding]:
    name = entry.filename.lower()
    if name.startswith(("xl/activex/", "xl/embeddings/", "xl/macrosheets/", "xl/dialogsheets/")):
        return [Finding("xlsx.active-content", "refuse", entry.filename)]
    if name.startswith("xl/externallinks/") or name == "xl/connections.xml":
        return [Finding("xlsx.external-link", "warn", entry.filename)]
    if name.endswith((".xml", ".rels", ".vml")):
        with package.open(entry) as part:
            return [Finding(f.code, f.severity, entry.filename) for f in markup.check(part)]
    return []
