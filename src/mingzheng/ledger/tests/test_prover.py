"""The prover makes exactly the proofs that the tree makes, for logs of any size, and they check."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import digest
from mingzheng.ledger import tree
from mingzheng.ledger.prover import Prover


class Log:
    def __init__(self, size: int) -> None:
        self.leaves = [tree.leaf_hash(b"%d" % number) for number in range(size)]
        self.tiles: dict[tuple[int, int], list[bytes]] = {}
        _, peaks, writes = tree.grow(0, [], self.leaves)
        for write in writes:
            self.tiles.setdefault((write.level, write.index), []).extend(write.hashes)
        self.root = tree.root(peaks)

    def read(self, level: int, index: int) -> list[bytes]:
        return self.tiles[level, index]

    def raw(self, level: int, index: int) -> bytes:
        return b"".join(self.tiles.get((level, index), []))


SIZES = (1, 2, 255, 256, 257, 4_099)


@functools.cache
def log_of(size: int, algorithm: str) -> Log:
    """A log under the deployment's digest algorithm, named so that each suite has its own."""
    assert digest.current() == algorithm
    return Log(size)


@given(st.sampled_from(SIZES), st.data())
def test_every_proof_is_the_one_the_tree_makes(size: int, data: st.DataObject) -> None:
    log = log_of(size, digest.current())
    prover = Prover(log.raw, most_tiles=2)
    position, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    assert prover.inclusion(position, size) == tree.inclusion_proof(log.read, position, size)
    assert prover.consistency(old, size) == tree.consistency_proof(log.read, old, size)
    tree.check_inclusion(log.leaves[position], position, size, prover.inclusion(position, size), log.root)
    assert prover.root(size) == log.root
    tree.check_consistency(old, prover.root(old), size, log.root, prover.consistency(old, size))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 1_100), st.integers(0, 1_099), st.integers(0, 1_100)), min_size=2, max_size=8))
def test_one_prover_answers_for_every_size_a_growing_log_had(asked: list[tuple[int, int, int]]) -> None:
    whole, seen = log_of(4_099, digest.current()), [0]
    tiles: dict[tuple[int, int], list[bytes]] = {}
    peaks: list[bytes] = []
    prover = Prover(lambda level, index: b"".join(tiles.get((level, index), [])), most_tiles=2)
    for size, position, old in asked:
        if size > seen[-1]:
            _, peaks, writes = tree.grow(seen[-1], peaks, whole.leaves[seen[-1] : size])
            for write in writes:
                tiles.setdefault((write.level, write.index), []).extend(write.hashes)
            seen.append(size)
        position, old = position % size, min(old, size)
        assert prover.inclusion(position, size) == tree.inclusion_proof(whole.read, position, size)
        assert prover.consistency(old, size) == tree.consistency_proof(whole.read, old, size)
        assert prover.root(size) == tree.root_of(whole.leaves[:size])


def test_outside_the_tree_there_is_no_proof() -> None:
    log = log_of(257, digest.current())
    prover = Prover(log.raw)
    with pytest.raises(ValueError, match="no leaf 257"):
        prover.inclusion(257, 257)
    with pytest.raises(ValueError, match="cannot extend"):
        prover.consistency(258, 257)
    with pytest.raises(LookupError, match="too short"):
        Prover(lambda level, index: b"").inclusion(0, 2)
