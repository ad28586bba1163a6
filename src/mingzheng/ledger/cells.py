"""Cells: one leaf of the platform log a tick, under which sealed entries stand without telling how many there are.

A cell is a Merkle tree of fixed depth 16. An entry's digest stands at a random place; what no entry fills has a
pseudo-random hash in its stead. Whoever holds an entry's path (16 hashes) sees nothing of the other 65,535 places.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from mingzheng.kernel import canonical, digest
from mingzheng.ledger.tree import hash_of, leaf_hash, node_hash

DEPTH = 16
MOST_ENTRIES = 16_384
"""A quarter of the places; a tick with more carries the rest over to the next cell."""

Place = tuple[int, tuple[bytes, ...]]
"""(slot, the 16 sibling hashes from the entry's level upwards)."""


class CellRefused(ValueError):
    """A text that is no cell, or a path that does not lead to its root."""


def make_cell(
    tick: int, digests: Iterable[bytes], secret: bytes, rng: random.Random | None = None
) -> tuple[str, dict[bytes, Place]]:
    """The canonical text of the cell of `tick` and the place of every digest (32 bytes each) in it.

    `secret` is thrown away afterwards: with it one could tell filled from empty places. `rng` only chooses the slots and
    defaults to the system's generator. ValueError for more than 16,384 digests, a digest twice or a short secret.
    """
    entries = list(digests)
    if len(entries) > MOST_ENTRIES or len(set(entries)) != len(entries):
        raise ValueError("a cell takes at most 16,384 different digests")
    if len(secret) < 32 or any(len(entry) != digest.SIZE for entry in entries):
        raise ValueError("a cell needs a secret of 32 bytes or more and digests of 32 bytes")
    slots = (rng or random.SystemRandom()).sample(range(1 << DEPTH), len(entries))
    key = _mac(secret, b"mingzheng-cell-1 %d" % tick)
    levels: list[dict[int, bytes]] = [dict(zip(slots, entries, strict=True))]
    for level in range(DEPTH):
        levels.append(_above(levels[level], level, key))
    root = levels[DEPTH].get(0) or _empty(key, DEPTH, 0)
    places = {entry: (slot, _path(levels, slot, key)) for slot, entry in zip(slots, entries, strict=True)}
    return canonical.dumps({"cell": digest.named(digest.current(), root), "depth": DEPTH, "tick": tick}), places


def _mac(key: bytes, message: bytes) -> bytes:
    """HMAC with the log's hash."""
    mac = HMAC(key, hashes.SM3() if digest.current() == "sm3" else hashes.SHA256())
    mac.update(message)
    return mac.finalize()


def _empty(key: bytes, level: int, index: int) -> bytes:
    """The hash that stands for a subtree without entries: unpredictable, and unlike no real one."""
    return _mac(key, b"%d %d" % (level, index))


def _above(nodes: Mapping[int, bytes], level: int, key: bytes) -> dict[int, bytes]:
    def node(index: int) -> bytes:
        return nodes.get(index) or _empty(key, level, index)

    return {index: node_hash(node(2 * index), node(2 * index + 1)) for index in {place >> 1 for place in nodes}}


def _path(levels: Sequence[Mapping[int, bytes]], slot: int, key: bytes) -> tuple[bytes, ...]:
    siblings = ((level, (slot >> level) ^ 1) for level in range(DEPTH))
    return tuple(levels[level].get(index) or _empty(key, level, index) for level, index in siblings)


def check_cell(text: str, entry: bytes, slot: int, path: Sequence[bytes]) -> None:
    """Raise CellRefused unless `entry` (a digest) stands at `slot` of the cell whose leaf text is `text`."""
    try:
        cell = json.loads(text)
        canonical_text = canonical.dumps(cell)
    except ValueError as error:
        raise CellRefused("the cell is not JSON") from error
    if canonical_text != text or not isinstance(cell, dict) or set(cell) != {"cell", "depth", "tick"}:
        raise CellRefused("the cell's text is not in the one form it may have")
    if cell["depth"] != DEPTH or len(path) != DEPTH or not 0 <= slot < 1 << DEPTH:
        raise CellRefused("a cell is 16 deep")
    try:
        name, root = digest.split(cell["cell"])
    except ValueError as error:
        raise CellRefused("the cell's root is no digest") from error
    node, hashing = entry, hash_of(name)
    for level, sibling in enumerate(path):
        node = node_hash(sibling, node, hashing) if slot >> level & 1 else node_hash(node, sibling, hashing)
    if root != node:
        raise CellRefused("the path does not lead to the cell's root")


def leaf_of(text: str) -> bytes:
    """The cell's leaf hash in the platform log, by the algorithm its root names."""
    return leaf_hash(text.encode(), hash_of(digest.split(json.loads(text)["cell"])[0]))
