"""A process of the `seal` bench: seals or opens once in a fresh interpreter and tells its time and its memory.

`python -m mingzheng.site.bench.sealing_child seal|open|baseline SUITE FOLDER BYTES` prints one JSON line
{"seconds", "peak_kib"}. Seconds are those of the work alone, without the start of the interpreter.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.adapters.crypto.seal import Seal, SignedSeal
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.adapters.crypto.unsealing import open_part, release_key
from mingzheng.kernel import clock

LOT = UUID("00000000-0000-4000-8000-00000000000b")
SUMMARY = {"price": "12345678.90", "period_days": 180, "quality": "合格", "project_manager": "李工"}
AT = datetime(2026, 3, 2, 9, 0, tzinfo=clock.UTC8)


def main() -> None:
    """Do what the arguments say."""
    what, suite, place, size = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    began = time.perf_counter()
    if what != "baseline":
        key = key_of(place, suite)
        plain, sealed = place / "bid.pdf", place / "bid.mzb"
        began = time.perf_counter()
        if what == "seal":
            signed = seal_bid(SUMMARY, [plain], terms_of(suite), key, sealed, consent=False, at=AT)
            (place / "bid.seal").write_text(signed.dumps(), "utf-8")
        else:
            seal = SignedSeal.loads((place / "bid.seal").read_text("utf-8")).seal
            found = sum(map(len, _opened(key, seal, sealed)))
            if found != size:
                raise SystemExit(f"{found} bytes came out of {size}")
    tell(began)


def tell(began: float) -> None:
    """Print the line: seconds since `began`, and the highest resident size of this process so far."""
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - began, "peak_kib": _peak_kib()}) + "\n")


def _peak_kib() -> int:
    """From /proc where there is one: what getrusage tells begins with the size of the process that started this one."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _opened(key: PersonKey, seal: Seal, sealed: Path) -> Iterator[bytes]:
    content_key = release_key(key, seal)
    return open_part(content_key, seal, sealed, 1)


def terms_of(suite: str) -> SealingTerms:
    """The sealing parameters of the bench's lot: no rescue quorum."""
    return SealingTerms(LOT, suite, AT + timedelta(days=20), 8 << 30, None)


def key_of(place: Path, suite: str) -> PersonKey:
    """The bidder's key of this bench, made at its first use."""
    kept = place / "key.json"
    if not kept.exists():
        authority = DemoAuthority.open(place / "authority", AT, suite)
        private, certificate = authority.issue_with_key(
            subject_name="李工", organisation_name="甲建设有限公司", organisation_code="91370100MA3C000000",
            person_id="bench", at=AT,
        )  # fmt: skip
        kept.write_text(json.dumps([private.reveal().hex(), certificate]), "utf-8")
    private_hex, certificate = json.loads(kept.read_text("utf-8"))
    return PersonKey(Secret(bytes.fromhex(private_hex)), certificate)


if __name__ == "__main__":
    main()
