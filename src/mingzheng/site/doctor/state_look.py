"""The state folder: keys that nobody else can read, room on the disk."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mingzheng.site.doctor.finding import Finding, judge

PUBLIC = ("suite", "trusted", "trusted-seals", "trusted-timestamps", "revocations")
LEAST_FREE = 5 * 1024**3  # bytes; below it uploads of one opening day may not fit


def look(settings: Any) -> Iterator[Finding]:
    """Modes, owner, keys, free space."""
    state = Path(settings.MINGZHENG_STATE)
    if not state.is_dir():
        yield Finding("state", "folder", "bad", str(state), "make it, for the account of the service alone (mode 700)")
        return
    yield _closed("folder", state)
    keys = state / "keys"
    yield (
        _closed("keys", keys)
        if keys.is_dir()
        else Finding(
            "state", "keys", "bad", "none yet", "start the web process or the worker once; then back the keys up"
        )
    )
    open_keys = sorted(
        str(one.relative_to(state))
        for one in (keys.rglob("*") if keys.is_dir() else ())
        if one.is_file() and not _is_public(one.relative_to(keys)) and stat.S_IMODE(one.stat().st_mode) & 0o077
    )
    yield judge(
        "state", "key files", not open_keys, ", ".join(open_keys) or "mode 600, all of them",
        f"chmod 600 them, and ask who read them: {keys}",
    )  # fmt: skip
    checkout = Path(settings.CHECKOUT).resolve()
    yield judge(
        "state", "place", checkout not in state.resolve().parents, str(state),
        "set MINGZHENG_STATE to a folder outside the program's own", otherwise="warn",
    )  # fmt: skip
    free = shutil.disk_usage(state).free
    yield judge(
        "state", "free space", free >= LEAST_FREE, f"{free / 1024**3:.1f} GiB",
        f"make room: below {LEAST_FREE // 1024**3} GiB an opening day's uploads may be refused",
    )  # fmt: skip


def _is_public(path: Path) -> bool:
    """Certificates, lists and marks; everything else in the folder of keys is taken for a secret."""
    return path.parts[0] in PUBLIC or path.suffix in (".txt", ".crt")


def _closed(name: str, folder: Path) -> Finding:
    """A folder that only its owner, the account running this, can enter."""
    kept = folder.stat()
    mode = stat.S_IMODE(kept.st_mode)
    mine = kept.st_uid == os.geteuid()
    return judge(
        "state", name, mine and not mode & 0o077, f"{folder} mode {mode:o}{'' if mine else ', of another account'}",
        f"chown it to the account of the service and chmod 700 {folder}",
    )  # fmt: skip
