"""`seal`: sealing a bid of 500 MB with both suites and in the browser, and what memory a bid of 2 GB takes.

The command line's figures are those of `mingzheng seal`'s own code in a fresh process, without the interpreter's start;
memory is the process's highest resident size over that of one that seals nothing. The server's is that of a process with the
platform's settings and its port for sealed bids that takes an upload in, checks it and writes it to disk decrypted; the browser's, of
that of its processes which grew most. It has no target: when what was sealed is swept up is the browser's to say. It shows that a
larger bid does not take more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

from mingzheng.site.bench import seal_browser
from mingzheng.site.bench.measuring import Measure, MeasureFailed, by_turns, limit_module

SIZE = 500_000_000
LARGE = 2_000_000_000
SMALL = 8_000_000
MEBIBYTE = 1024 * 1024
MOST_MEMORY = 64.0
CLIENT, SERVER = "mingzheng.site.bench.sealing_child", "mingzheng.site.bench.sealing_server"


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
        yield _browser(folder, size, limit, min(rounds, 3))
    with tempfile.TemporaryDirectory(prefix="mingzheng-bench-") as name:
        folder = Path(name)
        large = SMALL if small else LARGE
        _write_bid(folder, large)
        for what, program in (("seal", CLIENT), ("open", CLIENT), ("server", SERVER)):
            yield _memory(f"rss-{what}", large, partial(_over, program, what, folder, large))
        yield _memory("rss-browser", large, lambda: _browser_growth(folder), target=None)


def _browser(folder: Path, size: int, limit: ModuleType, rounds: int) -> Measure:
    target, unit = 0.25, "bytes /s sealed in Chromium against written and fsynced"
    with seal_browser.sealer() as sealer:
        if sealer is None:
            return Measure("seal", "aes-browser", 0, 0, 0, target, unit, 0, 1)
        return by_turns(
            "seal", "aes-browser", lambda: size / sealer.seal(folder / "INTL-1")[0],
            lambda: limit.write_and_fsync(folder, size), target=target, unit=unit, rounds=rounds,
        )  # fmt: skip


def _memory(name: str, size: int, over: Callable[[], float], target: float | None = 1.0) -> Measure:
    """How much more memory a process takes for a bid of this size than the same process without one; worst of two."""
    failures, found = 0, []
    for _ in range(2):
        try:
            found.append(over())
        except MeasureFailed:
            failures += 1
    most = max(found, default=0.0)
    return Measure(
        "seal", f"{name} at {size / 1e9:.3g} GB", most, MOST_MEMORY, most / MOST_MEMORY, target, "MiB over baseline",
        len(found), failures, least=False,
    )  # fmt: skip


def _over(program: str, what: str, folder: Path, size: int) -> float:
    least = _child("baseline", "INTL-1", folder, size, program)[1]
    return (_child(what, "INTL-1", folder, size, program)[1] - least) / MEBIBYTE


def _browser_growth(folder: Path) -> float:
    """MiB by which the process of the browser that grew most grew while it sealed."""
    with seal_browser.sealer() as sealer:
        if sealer is None:
            raise MeasureFailed("no browser")
        return sealer.seal(folder / "INTL-1")[1] / MEBIBYTE


def _child(what: str, suite: str, folder: Path, size: int, program: str = CLIENT) -> tuple[float, int]:
    """Seconds and peak bytes of a fresh process. MeasureFailed when it fails."""
    place = folder / suite
    place.mkdir(exist_ok=True)
    if not (place / "bid.pdf").exists():
        os.link(folder / "bid.pdf", place / "bid.pdf")
    if what == "seal":
        (place / "bid.mzb").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", program, what, suite, str(place), str(size)],
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
