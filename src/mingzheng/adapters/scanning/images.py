"""PNG and JPEG: whole, of sane dimensions, nothing hung on behind."""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO

from mingzheng.adapters.scanning.port import Finding

PIXELS = 200_000_000


def check_png(source: BinaryIO) -> list[Finding]:
    """Walk the chunks; every checksum must be right."""
    source.seek(8)
    first = True
    while True:
        head = source.read(8)
        if len(head) < 8:
            return [Finding("image.damaged", "refuse")]
        length, name = struct.unpack(">I4s", head)
        body, checksum = source.read(min(length, 1 << 28)), source.read(4)
        if len(body) != length or len(checksum) != 4 or zlib.crc32(name + body) != struct.unpack(">I", checksum)[0]:
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
    rest = source.read()
    end = rest.rfind(b"\xff\xd9")
    if end < 0:
        return [Finding("image.damaged", "refuse")]
    return [Finding("image.trailing-bytes", "warn")] if rest[end + 2 :].strip(b"\0") else []
