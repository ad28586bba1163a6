"""Looking into a stranger's PDF in a process of its own: fifteen hundred bytes can unpack to gigabytes, or to hours.

What reaches the limits of memory or time is refused as too large a structure; the process that asked goes on.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from mingzheng.adapters.scanning.port import Finding

SECONDS = 30  # of computing; of waiting three times as many
MEMORY = 1 << 30  # bytes beside the file itself
UNPACKED = 16 << 20  # bytes one stream of objects may come to: of any paper a few hundred kilobytes
COSTLY = Finding("pdf.too-many-objects", "refuse", "limits")


def check_pdf(source: BinaryIO) -> list[Finding]:
    """As `pdfs.check`, under limits."""
    with _on_disk(source) as file:
        command = [sys.executable, "-m", "mingzheng.adapters.scanning.apart", str(SECONDS), str(MEMORY)]
        try:
            done = subprocess.run(command, stdin=file, capture_output=True, timeout=3 * SECONDS, check=True)
            return [Finding(**one) for one in json.loads(done.stdout)]
        except (subprocess.SubprocessError, ValueError):
            return [COSTLY]


@contextlib.contextmanager
def _on_disk(source: BinaryIO) -> Iterator[BinaryIO]:
    """The source as a file of the system, from its beginning."""
    source.seek(0)
    try:
        source.fileno()  # moves what still lies in memory to the disk
    except (OSError, io.UnsupportedOperation):
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(source, copy)
            copy.seek(0)
            yield copy
    else:
        source.flush()
        source.seek(0)
        os.lseek(source.fileno(), 0, os.SEEK_SET)
        yield source


def main(seconds: int, memory: int) -> None:
    """Check the file that is standard input and print the findings."""
    import pikepdf

    from mingzheng.adapters.scanning import pdfs

    room = memory + os.fstat(0).st_size
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    pikepdf.settings.set_qpdf_limits(flate_max_memory=UNPACKED, run_length_max_memory=UNPACKED)
    with os.fdopen(0, "rb", closefd=False) as source:
        found = pdfs.check(source)
    sys.stdout.write(json.dumps([{"code": f.code, "severity": f.severity, "place": f.place} for f in found]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
