"""Whether the ledger's work grows with the ledger: the same appends, rounds and proofs on three, a factor of ten apart.

Each of the three is a process with a database of its own, and they are asked by turns, so that what else the machine does
meets all three.
"""

from __future__ import annotations

import contextlib
import json
import math
import statistics
from collections.abc import Iterator

from mingzheng.site.bench.ledger_database import Clients, hear, helper, tell
from mingzheng.site.bench.measuring import Measure

ENTRIES = 100_000  # of the largest of the three unless `--entries` says otherwise
FLAT = 0.2  # exponent; a tree and its indexes grow by their logarithm
WORK = {
    "append": "entries appended one after another /s",
    "place": "entries placed in one round /s",
    "prove": "inclusion proofs made from the database's tiles /s",
}


def growth(clients: Clients, entries: int, *, rounds: int) -> Iterator[Measure]:
    """The rate of each kind of work at three sizes, and the exponent of its time over the size."""
    sizes = [max(1, entries // 100), max(1, entries // 10), entries]
    with contextlib.ExitStack() as stack:
        children = []
        for size in sizes:
            place = {**clients.environment, "DATABASE_URL": clients.copy(f"of_{size}")}
            children.append(stack.enter_context(helper("mingzheng.site.bench.ledger_grown", place)))
        for size, child in zip(sizes, children, strict=True):
            tell(child, json.dumps({"fill": size}) + "\n")
            hear(child)
        found: list[list[dict[str, float]]] = [[] for _ in sizes]
        for number in range(rounds + 1):
            for told, child in zip(found, children, strict=True):
                tell(child, json.dumps({"work": min(500, max(50, sizes[0] // 10))}) + "\n")
                said = json.loads(hear(child))
                if number:  # the first round warms up
                    told.append(said)
    for work, unit in WORK.items():
        rates = [statistics.median(one[work] for one in told) for told in found]
        for size, rate in zip(sizes, rates, strict=True):
            yield Measure("ledger", f"{work} at {size:,} entries", rate, rates[0], rate / rates[0], None, unit, rounds)
        exponent = math.log(rates[0] / rates[-1]) / math.log(sizes[-1] / sizes[0])
        yield Measure(
            "ledger", f"growth of {work}", exponent, FLAT, exponent, FLAT, "exponent of time over ledger size", rounds,
            least=False,
        )  # fmt: skip
