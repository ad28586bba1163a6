"""Keeps a set of child processes running: starts them, restarts what crashes, ends all of them, leaves none behind.

Every child has a process group of its own, so that a Ctrl-C in the terminal reaches only the supervisor, which then ends
them in order; each also asks the kernel to be killed should the supervisor itself be killed (processes.hold_on_to_parent).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mingzheng.site.launch.processes import PARENT
from mingzheng.site.launch.programs import LaunchError

STEADY_SECONDS = 10  # a child that lived this long may crash again without being given up
MOST_CRASHES = 5
STOP_SECONDS = 8
TAIL_BYTES = 3000

Say = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One process to keep running: `mingzheng` with these arguments, in this environment, with these open sockets."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    sockets: tuple[int, ...] = ()
    program: Sequence[str] = (sys.executable, "-m", "mingzheng")


@dataclass
class Child:
    """A running part and its history."""

    part: Part
    process: subprocess.Popen[bytes]
    since: float
    crashes: int = 0
    next_start: float = 0.0


@dataclass
class Supervisor:
    """`logs` is the folder of the children's output, one file each; `say` tells the person in front of it."""

    logs: Path
    say: Say
    children: list[Child] = field(default_factory=list)

    def start(self, part: Part) -> None:
        """Start a part with an empty log; it is watched from now on."""
        self.logs.mkdir(parents=True, exist_ok=True)
        (self.logs / f"{part.name}.log").write_bytes(b"")
        self.children.append(Child(part, self._spawn(part), time.monotonic()))

    def watch(self) -> None:
        """Report children that ended and start them again, more slowly each time.

        Raises LaunchError for one that keeps crashing.
        """
        now = time.monotonic()
        for child in self.children:
            status = child.process.poll()
            if status is None:
                if child.crashes and now - child.since > STEADY_SECONDS:
                    child.crashes = 0
            elif child.next_start == 0.0:
                self._note_crash(child, status, now)
            elif now >= child.next_start:
                child.process, child.since, child.next_start = self._spawn(child.part), now, 0.0

    def tail(self, name: str) -> str:
        """The last lines a child wrote."""
        try:
            written = (self.logs / f"{name}.log").read_bytes()[-TAIL_BYTES:]
        except OSError:
            return ""
        return written.decode("utf-8", "replace").strip()

    def stop(self) -> None:
        """End every child, last started first, with its whole group; returns when none is left."""
        children, self.children = self.children[::-1], []
        for child in children:
            _signal_group(child.process.pid, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, until - time.monotonic()))
        for child in children:
            _signal_group(child.process.pid, signal.SIGKILL)  # whoever is left of the group, grandchildren included
            child.process.wait()

    def _spawn(self, part: Part) -> subprocess.Popen[bytes]:
        with open(self.logs / f"{part.name}.log", "ab") as log:
            return subprocess.Popen(
                [*part.program, *part.arguments],
                env={**part.environment, PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=part.sockets,
                start_new_session=True,
            )

    def _note_crash(self, child: Child, status: int, now: float) -> None:
        _signal_group(child.process.pid, signal.SIGKILL)
        child.crashes += 1
        words = (
            f"{child.part.name} ended ({_in_words(status)}); its last words are in {self.logs / child.part.name}.log"
        )
        if child.crashes >= MOST_CRASHES:
            raise LaunchError(f"{words}\n{self.tail(child.part.name)}\nIt crashed {child.crashes} times; giving up.")
        pause = 0.2 * 3 ** (child.crashes - 1)
        child.next_start = now + pause
        self.say(f"{words}; starting it again in {pause:.1f} s")


def _signal_group(group: int, kind: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, kind)


def _in_words(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"status {status}"
