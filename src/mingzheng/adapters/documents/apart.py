"""Checking a stranger's file in a process of its own: a PDF can be made to eat memory and time without end."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mingzheng.kernel import clock
from mingzheng.kernel import digest as digests

if TYPE_CHECKING:
    from mingzheng.adapters.documents.checking import PaperVerdict

SECONDS = 20.0
#: Strangers' files looked at together: each may take a gigabyte and a core for ten seconds.
_PLACES = threading.BoundedSemaphore(2)
WAIT = 2.0  # seconds for a place; the web process has few threads, and none may stand in a queue


def judged_apart(content: bytes, trust: Sequence[bytes], stamp_trust: Sequence[bytes]) -> PaperVerdict:
    """`check_paper` under limits of memory and time; `too-costly` when they are reached, `busy` when too many ask at once.

    Nothing of the file is kept.
    """
    from mingzheng.adapters.documents.checking import PaperVerdict

    digest = digests.of(content)
    if not content.startswith(b"%PDF-"):
        return PaperVerdict("not-a-pdf", digest)
    if not _PLACES.acquire(timeout=WAIT):
        return PaperVerdict("busy", digest)
    try:
        return _judged(content, trust, stamp_trust, digest)
    finally:
        _PLACES.release()


def _judged(content: bytes, trust: Sequence[bytes], stamp_trust: Sequence[bytes], digest: str) -> PaperVerdict:
    from mingzheng.adapters.documents.checking import PaperVerdict

    with tempfile.TemporaryDirectory(prefix="mingzheng-trust-") as aside:
        seals, stamps = Path(aside, "seals.pem"), Path(aside, "stamps.pem")
        seals.write_bytes(_pem(trust))
        stamps.write_bytes(_pem(stamp_trust))
        command = [sys.executable, "-m", "mingzheng", "verify-paper", "-", "--json", "--limited"]
        command += ["--digest", digests.current()]
        command += ["--trust", str(seals)] if trust else []
        command += ["--stamps", str(stamps)] if stamp_trust else []
        try:
            done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)
            found = json.loads(done.stdout)
        except (subprocess.TimeoutExpired, ValueError):
            return PaperVerdict("too-costly", digest)
    return PaperVerdict(**{**found, "at": clock.parse(found["at"]) if found["at"] else None})


def _pem(certificates: Sequence[bytes]) -> bytes:
    return b"".join(x509.load_der_x509_certificate(one).public_bytes(Encoding.PEM) for one in certificates)
