"""The browser of the browser tests: Debian's Chromium or what else of its kind is installed."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium here (apt-get install chromium fonts-noto-cjk)"


def find_browser() -> str | None:
    """The path of a browser that runs, or None; MINGZHENG_BROWSER names another one."""
    named = os.environ.get("MINGZHENG_BROWSER")
    for name in (named,) if named else NAMES:
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def arguments() -> list[str]:
    """How to start it for a test: quiet on the network, drawing without a graphics card, as root without its sandbox."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    quiet += ["--no-first-run", "--disable-dev-shm-usage"]
    return [*quiet, "--no-sandbox"] if os.geteuid() == 0 else quiet
