"""Small truths about processes: who is alive, and how a child makes sure not to outlive its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path

PARENT = "MINGZHENG_PARENT"
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs (one that ended and only waits for its parent to notice does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in ("Z", "X")


def die_with(parent: int, kind: signal.Signals) -> None:
    """Ask the kernel to send this process the signal as soon as its parent is gone, however it went."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, int(kind), 0, 0, 0)
    if os.getppid() != parent:  # it went before we could ask
        os.kill(os.getpid(), kind)


def hold_on_to_parent() -> None:
    """In a child that the supervisor started: end at once when the supervisor is killed."""
    parent = os.environ.get(PARENT, "")
    if parent.isdigit() and int(parent) == os.getppid():
        die_with(int(parent), signal.SIGKILL)
    elif parent.isdigit() and not is_alive(int(parent)):
        os.kill(os.getpid(), signal.SIGKILL)
