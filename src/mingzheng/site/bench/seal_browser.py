"""Sealing in Chromium: the product's own worker, a page of its own on loopback, no upload."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mingzheng.site.bench.measuring import Measure


def measures(folder: Path, size: int, limit: ModuleType, *, rounds: int) -> Iterator[Measure]:
    """`aes-browser`."""
    yield from ()
