"""What this machine has and lacks for running and testing the program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from mingzheng.site.doctor.finding import Finding, judge
from mingzheng.site.launch.browser import find_browser
from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.programs import LaunchError, find_programs

Seen = tuple[str, str, str]


def look() -> Iterator[Finding]:
    """What the product needs (bad when missing) and what its tests need (a warning)."""
    for name, found, remedy in (_python(), _database(), _front_end(), _suite()):
        yield judge("machine", name, not remedy, found or "missing", remedy)
    for name, found, remedy in (_browser(), _fonts()):
        yield judge("machine", name, not remedy, found or "missing", remedy, otherwise="warn")


def _python() -> Seen:
    version = ".".join(map(str, sys.version_info[:3]))
    return ("Python", version, "" if sys.version_info >= (3, 11) else "apt-get install python3")


def _database() -> Seen:
    try:
        programs = find_programs()
    except LaunchError as error:
        return ("PostgreSQL", "", str(error))
    return ("PostgreSQL", f"{programs.major} in {programs.folder}", "")


def _front_end() -> Seen:
    built = Path(__file__).parents[2] / "static" / "built"
    if not (checkout() / "frontend" / "package.json").exists() or built.is_dir():
        return ("front end", "built", "")
    return ("front end", "", "make setup")


def _suite() -> Seen:
    """The algorithms of the chosen suite compute what they should on this machine."""
    from mingzheng.adapters.crypto.suite import suite
    from mingzheng.kernel.refusal import Refused

    named = os.environ.get("MINGZHENG_SUITE", "INTL-1")
    try:
        suite(named).self_test()
    except (Refused, RuntimeError) as problem:
        return ("suite " + named, "", str(problem))
    return ("suite " + named, "known answers hold", "")


def _browser() -> Seen:
    found = find_browser() or ""
    return ("browser for the tests", found, "" if found else "apt-get install chromium")


def _fonts() -> Seen:
    program = shutil.which("fc-list")
    listed = subprocess.run([program, ":lang=zh-cn"], capture_output=True, text=True, check=False) if program else None
    count = len(listed.stdout.splitlines()) if listed else 0
    return ("Chinese fonts", f"{count} faces" if count else "", "" if count else "apt-get install fonts-noto-cjk")
