"""The worker: gives entries their place, has checkpoints cosigned, lets readers and reactions follow, rings the timers."""

from __future__ import annotations

import argparse
import contextlib
import signal
import threading

from mingzheng.site.launch.django_start import set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng worker`: none."""


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; the round in hand is finished."""
    set_up()
    from django.db import Error

    from mingzheng.site import work
    from mingzheng.site.launch.migrate import declare_log

    with contextlib.suppress(Error):  # a database that is down or not migrated yet is waited for
        declare_log()
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda number, frame: stop.set())
    work.run(stop)
    return 0
