"""The worker: gives entries their place, has checkpoints cosigned, lets readers and reactions follow, rings the timers."""

from __future__ import annotations

import argparse
import signal
import threading

from mingzheng.site.launch.django_start import set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng worker`: none."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; the round in hand is finished."""
    set_up()
    from mingzheng.site import work

    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda number, frame: stop.set())
    work.run(stop)
    return 0
