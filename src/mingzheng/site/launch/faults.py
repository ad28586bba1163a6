"""Faults on order, for tests: a file `POINT~WHAT` in the folder of MINGZHENG_FAULTS strikes whoever passes the point next.

The file says `kill` (the process dies by SIGKILL) or `hold` (it waits there until the file is gone, at most a minute, and
tells so by a file `POINT~WHAT.here`). A strike happens once. In production and in a demo the variable means nothing.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from mingzheng.kernel import faultpoint

VARIABLE = "MINGZHENG_FAULTS"
MODES = ("test", "rehearsal")
MOST_SECONDS = 60


def install(mode: str) -> bool:
    """Let tests strike this process, where mode and environment allow it. Tells whether they do."""
    folder = os.environ.get(VARIABLE, "")
    if mode not in MODES or not folder:
        return False
    faultpoint.use(lambda point, what: _strike(Path(folder), point, what))
    return True


def arm(folder: Path, point: str, what: str, how: str = "kill") -> Path:
    """Order a fault; returns the file, which is gone as soon as it struck (`kill`) or when the test removes it (`hold`)."""
    folder.mkdir(parents=True, exist_ok=True)
    order = folder / f"{point}~{what}"
    aside = folder / f".{os.getpid()}"
    aside.write_text(how, "ascii")
    aside.replace(order)
    return order


def _strike(folder: Path, point: str, what: str) -> None:
    order = folder / f"{point}~{what}"
    try:
        how = order.read_text("ascii")
        if how == "kill":
            order.unlink()  # once: whoever comes after the restart passes
    except OSError:
        return
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    order.with_name(f"{order.name}.here").touch()
    until = time.monotonic() + MOST_SECONDS
    while order.exists() and time.monotonic() < until:
        time.sleep(0.005)
