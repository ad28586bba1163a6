"""The suite of this deployment: chosen once, written into its state folder, asked for at every start.

What is made from now on (keys, certificates, seals, digests) is of this suite; what is read names its own.
"""

import os
from pathlib import Path
from typing import Final

from mingzheng.kernel import digest
from mingzheng.site.launch.programs import LaunchError

MARK: Final = "suite"
FIRST: Final = "INTL-1"  # the only suite there was before folders were marked


def begin() -> None:
    """Take the suite of the settings. LaunchError when it is unknown, when this machine lacks it, or when the state folder
    belongs to another."""
    from django.conf import settings

    from mingzheng.adapters.crypto.suite import require

    name, state = settings.MINGZHENG_SUITE, Path(settings.MINGZHENG_STATE)
    if name not in digest.SUITES:
        raise LaunchError(
            f"MINGZHENG_SUITE={name}: there is no such suite; there are {', '.join(sorted(digest.SUITES))}."
        )
    found = of_folder(state)
    if found not in (None, name):
        raise LaunchError(
            f"{state} belongs to a centre of suite {found}, and MINGZHENG_SUITE is {name}. A centre keeps its suite: "
            f"start it with MINGZHENG_SUITE={found}, or give the new centre a folder (MINGZHENG_STATE) and a database "
            "(DATABASE_URL) of its own."
        )
    try:
        require(name)
    except RuntimeError as lacking:
        raise LaunchError(f"Suite {name} cannot be used here: {lacking}") from None
    digest.use(digest.SUITES[name])
    if found is None:
        _mark(state, name)


def of_folder(state: Path) -> str | None:
    """The suite the centre in this state folder was begun with; None for a folder without a centre."""
    try:
        return (state / "keys" / MARK).read_text("ascii").strip()
    except FileNotFoundError:
        return FIRST if (state / "keys" / "vault.key").exists() else None


def _mark(state: Path, name: str) -> None:
    """Write the mark in one step: processes of one centre start at the same time, and all write the same."""
    (state / "keys").mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = state / "keys" / f".{MARK}.{os.getpid()}"
    aside.write_text(f"{name}\n", "ascii")
    aside.replace(state / "keys" / MARK)
