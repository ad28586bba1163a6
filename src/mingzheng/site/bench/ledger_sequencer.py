"""The sequencer of the `ledger` bench, beating as the worker's does: tells after every round when it placed how much.

Run as a module with DATABASE_URL set. Prints `ready`, runs until its standard input closes, then prints one JSON line:
[[time, placed so far], ...].
"""

from __future__ import annotations

import json
import sys
import threading
import time


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _wait_for_the_end(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


def main() -> None:
    """Place until told to stop."""
    from mingzheng.site.launch.django_start import set_up

    set_up()
    from mingzheng.ledger import sequencing
    from mingzheng.site.work import ROUND_SECONDS

    stop = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(stop,), daemon=True).start()
    rounds: list[tuple[float, int]] = []
    _say("ready")
    while not stop.is_set():
        placed = sequencing.step()
        if placed:
            rounds.append((time.time(), placed))
        if placed < sequencing.BATCH:
            stop.wait(ROUND_SECONDS)
    _say(json.dumps(rounds))


if __name__ == "__main__":
    main()
