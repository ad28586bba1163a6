"""`seal`: sealing a bid of 500 MB with both suites and in the browser, and what memory a bid of 2 GB takes.

The command line's figures are those of `mingzheng seal`'s own code in a fresh process, without the interpreter's start;
memory is the process's highest resident size over that of one that seals nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mingzheng.site.bench import seal_browser
from mingzheng.site.bench.measuring import Measure, MeasureFailed, by_turns, limit_module

SIZE = 500_000_000
LARGE = 2_000_000_000
SMALL = 8_000_000
MEBIBYTE = 1024 * 1024
MOST_MEMORY = 64.0


def measures(*, rounds: int, small: bool) -> Iterator[Measure]:
    """Rates against a plain write and the library, then memory."""
    limit = limit_module("seal")
    size = SMALL if small else SIZE
    rounds = min(rounds, 5)
    with tempfile.TemporaryDirectory(prefix="mingzheng-bench-") as name:
        folder = Path(name)
        _write_bid(folder, size)
        yield by_turns(
            "seal", "aes-cli", lambda: size / _child("seal", "INTL-1", folder, size)[0],
            lambda: limit.write_and_fsync(folder, size), target=0.6,
            unit="bytes /s sealed against written and fsynced", rounds=rounds,
        )  # fmt: skip
        yield by_turns(
            "seal", "sm4-cli", lambda: size / _child("seal", "GM-1", folder, size)[0], lambda: limit.sm4_gcm(size),
            target=0.8, unit="bytes /s sealed against the library's SM4-GCM", rounds=min(rounds, 3),
        )  # fmt: skip
        yield from seal_browser.measures(folder, size, limit, rounds=min(rounds, 3))
    with tempfile.TemporaryDirectory(prefix="mingzheng-bench-") as name:
        folder = Path(name)
        large = SMALL if small else LARGE
        _write_bid(folder, large)
        for what in ("seal", "open"):
            yield _memory(what, folder, large)


def _memory(what: str, folder: Path, size: int) -> Measure:
    """How much more memory sealing or opening takes than a process that does neither."""
    over = [_over_baseline(what, folder, size) for _ in range(2)]
    return Measure(
        "seal", f"rss-{what} at {size / 1e9:.3g} GB", max(over), MOST_MEMORY, max(over) / MOST_MEMORY, 1.0,
        "MiB over baseline", len(over), least=False,
    )  # fmt: skip


def _over_baseline(what: str, folder: Path, size: int) -> float:
    return (_child(what, "INTL-1", folder, size)[1] - _child("baseline", "INTL-1", folder, size)[1]) / MEBIBYTE


def _child(what: str, suite: str, folder: Path, size: int) -> tuple[float, int]:
    """Seconds and peak bytes of a fresh process. MeasureFailed when it fails."""
    place = folder / suite
    place.mkdir(exist_ok=True)
    if not (place / "bid.pdf").exists():
        os.link(folder / "bid.pdf", place / "bid.pdf")
    if what == "seal":
        (place / "bid.mzb").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "mingzheng.site.bench.sealing_child", what, suite, str(place), str(size)],
        capture_output=True, text=True, check=False, env={**os.environ, "MINGZHENG_SUITE": suite},
    )  # fmt: skip
    if done.returncode:
        raise MeasureFailed(f"{what} {suite}: {done.stderr.strip()[-300:]}")
    told = json.loads(done.stdout)
    return float(told["seconds"]), int(told["peak_kib"]) * 1024


def _write_bid(folder: Path, size: int) -> None:
    block = os.urandom(MEBIBYTE)
    with (folder / "bid.pdf").open("wb") as out:
        for start in range(0, size, MEBIBYTE):
            out.write(block[: size - start])
