"""PNG and JPEG: whole, of sane dimensions, nothing hung on behind."""

from __future__ import annotations

import io
import struct
import zlib
from typing import BinaryIO

from mingzheng.adapters.scanning.port import Finding

PIXELS = 200_000_000
BLOCK = 1 << 20
END_OF_JPEG = b"\xff\xd9"


def check_png(source: BinaryIO) -> list[Finding]:
    """Walk the chunks; every checksum must be right."""
    source.seek(8)
    first = True
    while True:
        head = source.read(8)
        if len(head) < 8:
            return [Finding("image.damaged", "refuse")]
        length, name = struct.unpack(">I4s", head)
        body, whole = _chunk(source, name, length)
        if not whole:
            return [Finding("image.damaged", "refuse")]
        if first:
            if name != b"IHDR" or length != 13:
                return [Finding("image.damaged", "refuse")]
            width, height = struct.unpack(">II", body[:8])
            if width * height > PIXELS:
                return [Finding("image.too-large", "refuse", f"{width}x{height}")]
            first = False
        if name == b"IEND":
            return [Finding("image.trailing-bytes", "warn")] if source.read(1) else []


def _chunk(source: BinaryIO, name: bytes, length: int) -> tuple[bytes, bool]:
    """The first bytes of a chunk's body, and whether all of it is there under its checksum; piece by piece."""
    start, left, running = b"", length, zlib.crc32(name)
    while left and (piece := source.read(min(left, BLOCK))):
        start, left, running = start or piece[:13], left - len(piece), zlib.crc32(piece, running)
    checksum = source.read(4)
    return start, not left and len(checksum) == 4 and running == struct.unpack(">I", checksum)[0]


def check_jpeg(source: BinaryIO) -> list[Finding]:
    """Walk the segments to the picture's dimensions; the file must end where the picture ends."""
    source.seek(2)
    while True:
        marker = source.read(2)
        if len(marker) < 2 or marker[0] != 0xFF:
            return [Finding("image.damaged", "refuse")]
        if marker[1] == 0xDA:
            break
        length = source.read(2)
        if len(length) < 2 or (size := struct.unpack(">H", length)[0]) < 2:
            return [Finding("image.damaged", "refuse")]
        body = source.read(size - 2)
        if len(body) != size - 2:
            return [Finding("image.damaged", "refuse")]
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", body[1:5].ljust(4, b"\0"))
            if width * height > PIXELS:
                return [Finding("image.too-large", "refuse", f"{width}x{height}")]
    return _end_of_jpeg(source)


def _end_of_jpeg(source: BinaryIO) -> list[Finding]:
    """Look for the end mark from behind, piece by piece; only zeros may follow it."""
    begins, at = source.tell(), source.seek(0, io.SEEK_END)
    later, empty = b"", True
    while at > begins:
        start = max(begins, at - BLOCK)
        source.seek(start)
        piece = source.read(at - start) + later
        found = piece.rfind(END_OF_JPEG)
        if found >= 0:
            empty = empty and not piece[found + 2 :].strip(b"\0")
            return [] if empty else [Finding("image.trailing-bytes", "warn")]
        empty, later, at = empty and not piece.strip(b"\0"), piece[:1], start
    return [Finding("image.damaged", "refuse")]
