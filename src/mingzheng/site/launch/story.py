"""The demo's own process: plays the centre's past year, then its bidders and host act by themselves in halls."""

from __future__ import annotations

import argparse
import os
import signal
import threading

from mingzheng.site.launch.django_start import set_up
from mingzheng.site.launch.programs import LaunchError

NICENESS = 10  # pages go first


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng story`."""
    parser.add_argument("--short", action="store_true", help="only a handful of procedures (tests)")


def run(args: argparse.Namespace) -> int:
    """Play until SIGTERM or SIGINT. LaunchError anywhere but in a demo."""
    set_up()
    from django.conf import settings

    if settings.MINGZHENG_MODE != "demo":
        raise LaunchError("the story belongs to a demo; this deployment is none")
    from mingzheng.site.demo import running

    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda number, frame: stop.set())
    os.nice(NICENESS)
    running.run(stop, short=args.short or os.environ.get("MINGZHENG_DEMO_STORY") == "short")
    return 0
