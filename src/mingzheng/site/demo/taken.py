"""Whose part a visitor has taken: a mark in the demo's folder, so that the robots leave that person alone."""

import time

from mingzheng.site.demo.progress import folder

SECONDS = 900.0


def take(login: str) -> None:
    """A visitor continues as this person from now on."""
    path = folder() / "taken" / login
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch()


def lately(login: str) -> bool:
    """Whether a visitor took this part within the last quarter of an hour (real time)."""
    try:
        return time.time() - (folder() / "taken" / login).stat().st_mtime < SECONDS
    except OSError:
        return False
