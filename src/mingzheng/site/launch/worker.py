"""The worker: gives entries their place, lets readers and reactions follow, rings the timers, asks for cosignatures.

Each of the four goes its own way in a thread of its own with its own connection; a failing round is logged and tried
again, more slowly each time. Any number of workers may run: the ledger's locks let one at a time do each thing.
"""

from __future__ import annotations

import argparse
import signal
import threading
import time
from collections.abc import Callable

from mingzheng.site.launch.django_start import set_up

SLOWEST_RETRY_SECONDS = 15.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng worker`: none."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; the round in hand is finished."""
    set_up()
    from mingzheng.ledger import reading, sequencing
    from mingzheng.site.launch.cosigners import cosign_newest

    ended = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda number, frame: ended.set())
    ways = {
        "sequencer": (sequencing.step, 0.1),
        "followers": (reading.follow, 0.2),
        "timers": (Timers(), 0.25),
        "cosigners": (cosign_newest, 1.0),
    }
    threads = [
        threading.Thread(target=keep_doing, name=name, args=(name, do, pause, ended), daemon=True)
        for name, (do, pause) in ways.items()
    ]
    for thread in threads:
        thread.start()
    while not ended.wait(1.0):
        pass
    for thread in threads:
        thread.join(5.0)
    return 0


class Timers:
    """Calls each registered job when its own period of real time is over; one that fails does not hold up the others."""

    def __init__(self) -> None:
        self.due: dict[str, float] = {}

    def __call__(self) -> int:
        """Run what is due; the number of things the jobs did."""
        from mingzheng.kernel.job import JOBS

        done = 0
        for job in list(JOBS.values()):
            if time.monotonic() < self.due.get(job.name, 0.0):
                continue
            self.due[job.name] = time.monotonic() + job.seconds
            done += attempt(job.name, job.run) or 0
        return done


def keep_doing(name: str, do: Callable[[], int], pause: float, ended: threading.Event) -> None:
    """Call `do` again at once while it finds work, after `pause` seconds when it finds none, until ended."""
    from django.db import connections

    wait = pause
    while not ended.is_set():
        done = attempt(name, do)
        if done is None:
            wait = min(max(wait, 0.25) * 2, SLOWEST_RETRY_SECONDS)
        else:
            wait = pause
        if not done:
            ended.wait(wait)
    connections.close_all()


def attempt(name: str, do: Callable[[], int]) -> int | None:
    """What `do` answers; None, with a line in the log, when it failed. A broken connection is thrown away."""
    import structlog
    from django.db import connections

    try:
        return do()
    except Exception as error:  # the worker outlives whatever one round meets
        structlog.get_logger().error("round_failed", way=name, error=type(error).__name__, exc_info=True)
        connections.close_all()
        return None
