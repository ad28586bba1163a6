"""Making many proofs from tiles: the same proofs as `tree` makes, from nodes kept in memory instead of hashed again.

A stored tile holds 256 hashes; the nodes above them inside the tile are not stored. Of every whole tile of the lowest
row that was asked for the upper nodes (levels 4 to 7) are kept, about one kilobyte, of the few tiles above all nodes.
What is not kept is hashed anew: fourteen hashes a path. Tiles only ever grow, so what was computed of a whole tile stays
true.
"""

from collections import OrderedDict
from collections.abc import Callable

from mingzheng.kernel import digest
from mingzheng.ledger.tree import TILE_HEIGHT, TILE_WIDTH, Hash, node_hash

RawReader = Callable[[int, int], bytes]
"""(tile level, tile index) -> the hashes that stand in the tile so far, 32 bytes each, joined."""

HASH = 32
KEPT_FROM = 4  # in the lowest row of tiles, the lowest level whose nodes are kept
BLOCK = HASH << KEPT_FROM
MOST_TILES = 1 << 16  # of the lowest row: about 63 MB


class Prover:
    """Makes proofs over one growing log. Not for several threads at once."""

    def __init__(self, read: RawReader, hashing: Hash = digest.raw, most_tiles: int = MOST_TILES) -> None:
        self._read, self._hashing, self._most = read, hashing, most_tiles
        self._kept: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._edge: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        """The root of the tree of the first `size` leaves."""
        return self._between(0, size) if size else self._hashing(b"")

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """The audit path of the leaf at `position` in the tree of `size`. ValueError outside the tree."""
        if not 0 <= position < size:
            raise ValueError(f"no leaf {position} in a tree of {size}")
        return self._climb(position, 0, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of `new` extends the tree of `old`; empty for 0 and for equal sizes."""
        if not 0 <= old <= new:
            raise ValueError(f"a tree of {new} cannot extend one of {old}")
        if old in (0, new):
            return []
        level = (old & -old).bit_length() - 1  # the last whole subtree of the old tree
        index = (old - 1) >> level
        path = self._climb(index, level, new)
        return path if old & (old - 1) == 0 else [self._whole(level, index), *path]

    def _climb(self, index: int, level: int, size: int) -> list[bytes]:
        """What stands beside the way from a node up to the root of the tree of `size`."""
        path: list[bytes] = []
        last = (size - 1) >> level
        block, at_block = b"", -1
        while last:
            beside = index ^ 1
            if (beside + 1) << level <= size:
                if level < KEPT_FROM:  # the lowest sixteen are folded once for all four levels
                    number = index >> (KEPT_FROM - level)
                    if at_block != number:
                        block, at_block = self._block(number, level, size), number
                    place = (beside & ((1 << (KEPT_FROM - level)) - 1)) * HASH
                    node = block[place : place + HASH]
                    if len(node) != HASH:
                        raise LookupError(
                            f"tile 0/{beside >> (TILE_HEIGHT - level)} is too short for the tree of {size}"
                        )
                    path.append(node)
                else:
                    path.append(self._whole(level, beside))
            elif beside <= last:
                path.append(self._between(beside << level, size))
            if level < KEPT_FROM - 1 and at_block >= 0:
                block = self._above(block)
            index, last, level = index >> 1, last >> 1, level + 1
        return path

    def _block(self, number: int, level: int, size: int) -> bytes:
        """The nodes of `level` (below 4) in the block of sixteen leaves of that number, as far as they are whole."""
        tile, place = divmod(number, TILE_WIDTH >> KEPT_FROM)
        nodes = self._read(0, tile)[place * BLOCK : min((place + 1) * BLOCK, (size - tile * TILE_WIDTH) * HASH)]
        for _ in range(level):
            nodes = self._above(nodes)
        return nodes

    def _whole(self, level: int, index: int) -> bytes:
        """A node over a whole power of two of leaves."""
        row, up = divmod(level, TILE_HEIGHT)
        tile, place = divmod(index << up, TILE_WIDTH)
        lowest = KEPT_FROM if row == 0 else 0
        kept = self._nodes(row, tile) if up >= lowest else None
        if kept is not None:
            at = (place >> up) * HASH
            return kept[up - lowest][at : at + HASH]
        found = self._read(row, tile)[place * HASH : (place + (1 << up)) * HASH]
        if len(found) != HASH << up:
            raise LookupError(f"tile {row}/{tile} is too short for node {index} of level {level}")
        while len(found) > HASH:
            found = self._above(found)
        return found

    def _between(self, start: int, end: int) -> bytes:
        """The hash over leaves start..end-1; what is no power of two is the right edge, kept while the size stays."""
        width = end - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._whole(level, start >> level)
        known = self._edge.get((start, end))
        if known is None:
            half = start + (1 << (width.bit_length() - 1))
            known = node_hash(self._between(start, half), self._between(half, end), self._hashing)
            if len(self._edge) > 4096:
                self._edge.clear()
            self._edge[start, end] = known
        return known

    def _nodes(self, row: int, index: int) -> list[bytes] | None:
        """The kept nodes inside a whole tile, one string a level; None while the tile grows."""
        kept = self._kept.get((row, index))
        if kept is None:
            nodes = self._read(row, index)
            if len(nodes) != HASH * TILE_WIDTH:
                return None
            kept = [nodes] if row else []
            for height in range(1, TILE_HEIGHT):
                nodes = self._above(nodes)
                if row or height >= KEPT_FROM:
                    kept.append(nodes)
            self._kept[row, index] = kept
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return kept

    def _above(self, nodes: bytes) -> bytes:
        hashing = self._hashing
        return b"".join([hashing(b"\x01" + nodes[at : at + 64]) for at in range(0, len(nodes) - HASH, 64)])
