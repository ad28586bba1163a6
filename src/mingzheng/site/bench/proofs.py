"""`proofs`: inclusion and consistency proofs made from tiles and checked, one core, logs a factor of ten apart."""

from __future__ import annotations

import hashlib
import math
import random
import time
from collections.abc import Iterator

from mingzheng.ledger import tree
from mingzheng.ledger.prover import Prover
from mingzheng.site.bench.measuring import Measure, by_turns, limit_module

SIZES = (100_000, 1_000_000, 10_000_000)
SMALL = (1_000, 4_000, 16_000)
PAIRS = 2_000


class Log:
    """A log of `size` leaves in memory: its tiles as they are stored, each 32 bytes a hash."""

    def __init__(self, size: int) -> None:
        self.size = size
        growing: dict[tuple[int, int], bytearray] = {}
        peaks: list[bytes] = []
        for start in range(0, size, 1 << 14):
            leaves = [self.leaf(number) for number in range(start, min(size, start + (1 << 14)))]
            _, peaks, writes = tree.grow(start, peaks, leaves)
            for write in writes:
                growing.setdefault((write.level, write.index), bytearray()).extend(b"".join(write.hashes))
        self.tiles = {place: bytes(tile) for place, tile in growing.items()}
        self.root = tree.root(peaks)

    @staticmethod
    def leaf(number: int) -> bytes:
        """The hash of a leaf, the same in every run."""
        return hashlib.sha256(b"\0entry %d" % number).digest()

    def read(self, level: int, index: int) -> bytes:
        """A stored tile."""
        return self.tiles.get((level, index), b"")


def measures(*, rounds: int, small: bool) -> Iterator[Measure]:
    """Pairs a second at three sizes, and the exponent of growth."""
    limit = limit_module("proofs")
    pairs, rates = (50 if small else PAIRS), []
    for size in SMALL if small else SIZES:
        log = Log(size)
        prover, draw = Prover(log.read), random.Random(size)
        for position in range(0, size - 1, tree.TILE_WIDTH):  # a server that has run for a while
            prover.inclusion(position, size)
        hashed = _hashes_of_a_pair(log, prover, draw)
        found = by_turns(
            "proofs",
            f"pairs at {size:,} leaves",
            lambda: _ours(log, prover, draw, pairs),  # noqa: B023 -- called before the loop goes on
            lambda: limit.pairs_per_second(pairs, hashed),  # noqa: B023
            target=None,
            unit="inclusion + consistency proofs made and checked /s",
            rounds=rounds,
        )
        rates.append((size, found.ours))
        yield Measure(
            "proofs", found.measure, found.ours, found.limit, found.ours / 10_000, 1.0, found.unit + ", ratio to 10,000/s",
            found.runs, found.failures,
        )  # fmt: skip
    yield _growth(rates)


def _ours(log: Log, prover: Prover, draw: random.Random, pairs: int) -> float:
    cases = [(draw.randrange(log.size), draw.randrange(1, log.size)) for _ in range(pairs)]
    roots = [prover.root(old) for _, old in cases]
    began = time.process_time()
    for (position, old), old_root in zip(cases, roots, strict=True):
        tree.check_inclusion(log.leaf(position), position, log.size, prover.inclusion(position, log.size), log.root)
        tree.check_consistency(old, old_root, log.size, log.root, prover.consistency(old, log.size))
    return pairs / (time.process_time() - began)


def _hashes_of_a_pair(log: Log, prover: Prover, draw: random.Random) -> int:
    """How many nodes a check folds, on the average of a few pairs: what the limit hashes."""
    folded = []
    for _ in range(50):
        position, old = draw.randrange(log.size), draw.randrange(1, log.size)
        folded.append(len(prover.inclusion(position, log.size)) + 2 * len(prover.consistency(old, log.size)))
    return round(sum(folded) / len(folded))


def _growth(rates: list[tuple[int, float]]) -> Measure:
    """The exponent of time a pair over the size of the log: 0 is flat (a tree grows by its logarithm)."""
    (small, fast), (large, slow) = rates[0], rates[-1]
    exponent = math.log(fast / slow) / math.log(large / small)
    return Measure(
        "proofs", "growth", exponent, 0.0, exponent, 0.2, "exponent of time over log size", len(rates), least=False
    )
