"""A ledger of a given size for the `ledger` bench: true chains, tree and checkpoints, grown by its own functions.

Run as a module with DATABASE_URL naming a migrated, empty database. One JSON line in, one out: {"fill": entries}, then any
number of {"work": count}, answered with how many a second of each kind of work. Ends with its standard input.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from uuid import NAMESPACE_OID, uuid5

STREAMS = 1_000
BATCH = 5_000  # entries a transaction while filling
BEFORE = (
    '"actor":{"certificate":null,"person":null,"strength":"system"},"at":"2026-03-02T09:00:00.000000+08:00",'
    '"body":{"note":"' + "x" * 200 + '"},"kind":"bench"'
)
APPEND = """
select max((made).o_number) from (
  select ledger_append(stream, false, %s, '"signature":null,"stream":"' || stream || '"', null) as made
  from (select (%s::text[])[1 + n %% %s] as stream from generate_series(%s::bigint, %s::bigint) as n offset 0) as turns
  offset 0
) as done
"""


class Ledger:
    """The ledger behind DATABASE_URL."""

    def __init__(self) -> None:
        self.streams = [f"lot:{uuid5(NAMESPACE_OID, f'bench {number}')}" for number in range(STREAMS)]
        self.entries = 0
        self.draw = random.Random(1)

    def fill(self, count: int) -> None:
        """Append and place until it has so many entries."""
        from django.db import connection

        while self.entries < count:
            self.append(min(BATCH, count - self.entries))
            self.place()
        with connection.cursor() as cursor:
            cursor.execute("analyze")

    def append(self, count: int) -> None:
        """So many entries, a stream after the other, in one transaction."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(APPEND, [BEFORE, self.streams, STREAMS, self.entries, self.entries + count - 1])
        self.entries += count

    def place(self) -> None:
        """One round of the sequencer, or as many as it takes."""
        from mingzheng.ledger import sequencing

        while sequencing.step(tick=False):
            pass

    def prove(self, count: int) -> None:
        """Inclusion proofs of random entries in the newest tree."""
        from mingzheng.ledger import proving

        for _ in range(count):
            stream = self.draw.randrange(min(STREAMS, self.entries))
            deepest = (self.entries - 1 - stream) // STREAMS + 1
            if proving.place(self.streams[stream], self.draw.randrange(deepest) + 1, self.entries) is None:
                raise RuntimeError("an entry has no place")

    def work(self, count: int) -> dict[str, float]:
        """How many a second of each kind."""
        proofs = max(1, count // 10)
        return {
            "append": _rate(count, lambda: self.append(count)),
            "place": _rate(count, self.place),
            "prove": _rate(proofs, lambda: self.prove(proofs)),
        }


def _rate(count: int, run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return count / (time.perf_counter() - began)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve requests until the input ends."""
    from mingzheng.site.launch.django_start import set_up

    set_up()
    ledger = Ledger()
    _say("ready")
    for line in sys.stdin:
        asked = json.loads(line)
        if "fill" in asked:
            ledger.fill(asked["fill"])
            _say("{}")
        else:
            _say(json.dumps(ledger.work(asked["work"])))


if __name__ == "__main__":
    main()
