"""The sequencer of the `ledger` bench, beating as the worker's does: tells after every round when it placed how much.

Run as a module with DATABASE_URL set. Prints `ready` after its first round (a worker has run for a while), goes on until
its standard input closes, then prints one JSON line: [[time, placed in this round], ...].
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

    stop = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(stop,), daemon=True).start()
    rounds: list[tuple[float, int]] = []
    while not stop.is_set():
        first, began = not rounds, time.monotonic()
        placed = sequencing.step()
        rounds.append((time.time(), placed))
        if first:
            _say("ready")
        stop.wait(sequencing.pause(began, placed))
    _say(json.dumps([one for one in rounds if one[1]]))


if __name__ == "__main__":
    main()
