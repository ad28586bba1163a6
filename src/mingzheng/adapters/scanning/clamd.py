"""A virus scanner: ClamAV's daemon over its socket (INSTREAM command). Whatever goes wrong refuses the file."""

from __future__ import annotations

import socket
import struct
from typing import BinaryIO

from mingzheng.adapters.scanning.port import Finding

BLOCK = 1 << 16


class Clamd:
    """An `Engine`. `address` is a path of a local socket, or host and port."""

    name = "clamav"

    def __init__(self, address: str | tuple[str, int], *, timeout: float = 60.0) -> None:
        self._address = address
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"Clamd({self._address!r})"

    def look(self, content: BinaryIO) -> list[Finding]:
        """See `Engine`."""
        try:
            answer = self._ask(content)
        except OSError as fault:
            return [Finding("scanner.unavailable", "refuse", type(fault).__name__)]
        if answer.endswith(" OK"):
            return []
        if answer.endswith(" FOUND"):
            return [Finding("scanner.virus", "refuse", answer.removeprefix("stream: ").removesuffix(" FOUND"))]
        return [Finding("scanner.unavailable", "refuse", answer[:80])]

    def _ask(self, content: BinaryIO) -> str:
        family = socket.AF_UNIX if isinstance(self._address, str) else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(self._timeout)
            line.connect(self._address)
            line.sendall(b"zINSTREAM\0")
            while block := content.read(BLOCK):
                line.sendall(struct.pack(">I", len(block)) + block)
            line.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (more := line.recv(4096)):
                answer += more
        return answer.rstrip(b"\0\n").decode("utf-8", "replace")
