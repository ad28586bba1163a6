"""What the worker would do by now, done at once where a scene cannot go on without it; the worker does no less."""

import time
from collections.abc import Callable
from typing import Any

from mingzheng.kernel.job import JOBS
from mingzheng.ledger import reading, sequencing

WAIT_SECONDS = 60.0


class Stuck(RuntimeError):
    """The deployment did not come to where it should."""


def settle(*jobs: str) -> None:
    """Order what was written, let readers and reactions follow, ring the timers named (`stages.` left out)."""
    sequencing.step(tick=False)
    reading.follow()
    for name in jobs:
        if JOBS[f"stages.{name}"].run():
            sequencing.step(tick=False)
            reading.follow()


def until(what: str, done: Callable[[], Any], *jobs: str, patience: float = 0.0) -> Any:
    """The first true answer of `done`. Another process may have taken the reaction in hand: then wait for it.

    The jobs are run here after `patience` seconds only.
    """
    began = time.monotonic()
    end = began + WAIT_SECONDS
    while not (answer := done()):
        if time.monotonic() > end:
            raise Stuck(what)
        settle(*(jobs if time.monotonic() - began >= patience else ()))
        answer = done()
        if answer:
            return answer
        time.sleep(0.05)
    return answer
