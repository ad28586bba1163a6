"""Tell what this machine has and lacks, and the command that brings what is missing."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from mingzheng.site.launch.browser import find_browser
from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.programs import LaunchError, find_programs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng doctor`: none."""


def run(args: argparse.Namespace) -> int:
    """Print a line a thing; 1 when something the product itself needs is missing."""
    needed = [_python(), _database(), _front_end()]
    wished = [_browser(), _fonts()]
    for name, found, remedy in needed + wished:
        print(f"{'ok     ' if not remedy else 'MISSING'} {name:<22} {found or remedy}")
    return int(any(remedy for _, _, remedy in needed))


Finding = tuple[str, str, str]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return ("Python", version, "" if sys.version_info >= (3, 11) else "apt-get install python3")


def _database() -> Finding:
    try:
        programs = find_programs()
    except LaunchError as error:
        return ("PostgreSQL", "", str(error))
    return ("PostgreSQL", f"{programs.major} in {programs.folder}", "")


def _front_end() -> Finding:
    built = Path(__file__).parents[2] / "static" / "built"
    if not (checkout() / "frontend" / "package.json").exists() or built.is_dir():
        return ("front end", "built", "")
    return ("front end", "", "make setup")


def _browser() -> Finding:
    found = find_browser() or ""
    return ("browser for the tests", found, "" if found else "apt-get install chromium")


def _fonts() -> Finding:
    program = shutil.which("fc-list")
    listed = subprocess.run([program, ":lang=zh-cn"], capture_output=True, text=True, check=False) if program else None
    count = len(listed.stdout.splitlines()) if listed else 0
    return ("Chinese fonts", f"{count} faces" if count else "", "" if count else "apt-get install fonts-noto-cjk")
