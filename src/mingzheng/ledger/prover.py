"""Making many proofs from tiles: the same proofs as `tree` makes, from nodes kept in memory instead of hashed again.

A stored tile holds 256 hashes; the nodes above them inside the tile are not stored. Of every whole tile of the lowest
row that was asked for the upper nodes (levels 3 to 7) are kept, about two kilobytes, of the few tiles above all nodes.
What is not kept is hashed anew: four hashes a path. Where the way leaves the last whole tile, only the right edge of
the tree is left; these ends are the same for many proofs and kept while the tree stays as large as it is. Tiles only
ever grow, so what was computed of a whole subtree stays true.
"""

from collections import OrderedDict
from collections.abc import Callable

from mingzheng.kernel import digest
from mingzheng.ledger.tree import TILE_HEIGHT, TILE_WIDTH, Hash, known

RawReader = Callable[[int, int], bytes]
"""(tile level, tile index) -> the hashes that stand in the tile so far, 32 bytes each, joined."""

HASH = 32
KEPT_FROM = 3  # in the lowest row of tiles, the lowest level whose nodes are kept
MOST_TILES = 1 << 16  # of the lowest row: about 160 MB
MOST_EDGES = 4096


class Prover:
    """Makes proofs over one growing log. Not for several threads at once."""

    def __init__(self, read: RawReader, hashing: Hash = digest.raw, most_tiles: int = MOST_TILES) -> None:
        self._read, self._hashing, self._most = read, known(hashing), most_tiles
        self._kept: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()
        self._edge: dict[tuple[int, int], bytes] = {}
        self._ends: dict[tuple[int, int], list[bytes]] = {}
        self._ends_of = 0

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
        """What stands beside the way from a node up to the root of the tree of `size`: a whole tile at a time, then the edge."""
        path: list[bytes] = []
        row, up = divmod(level, TILE_HEIGHT)
        tile = index >> (TILE_HEIGHT - up)
        while (tile + 1) << TILE_HEIGHT * (row + 1) <= size:
            place = index & ((TILE_WIDTH >> up) - 1)
            if row == 0 and up < KEPT_FROM:
                place, up = self._fold(path, tile, place, up), KEPT_FROM
            for nodes in self._kept_nodes(row, tile)[up - KEPT_FROM if row == 0 else up :]:
                at = (place ^ 1) * HASH
                path.append(nodes[at : at + HASH])
                place >>= 1
            row, up, index, tile = row + 1, 0, tile, tile >> TILE_HEIGHT
        return path + self._end(index, TILE_HEIGHT * row + up, size)

    def _fold(self, path: list[bytes], tile: int, place: int, up: int) -> int:
        """Add to the path what stands beside it in the levels that are not kept; returns its place in the first that is."""
        leaves = self._read(0, tile)
        for level in range(up, KEPT_FROM):
            at = ((place ^ 1) << level) * HASH
            beside = leaves[at : at + (HASH << level)]
            if len(beside) != HASH << level:
                raise LookupError(f"tile 0/{tile} is too short to be whole")
            while len(beside) > HASH:
                beside = self._above(beside)
            path.append(beside)
            place >>= 1
        return place

    def _end(self, index: int, level: int, size: int) -> list[bytes]:
        """The rest of a path from where it leaves the last whole tile."""
        if self._ends_of != size or len(self._ends) > MOST_EDGES:
            self._ends, self._ends_of = {}, size
        end = self._ends.get((index, level))
        if end is None:
            end = self._ends[index, level] = self._right_edge(index, level, size)
        return end

    def _right_edge(self, index: int, level: int, size: int) -> list[bytes]:
        path: list[bytes] = []
        last = (size - 1) >> level
        while last:
            beside = index ^ 1
            if beside <= last:
                path.append(self._between(beside << level, min((beside + 1) << level, size)))
            index, last, level = index >> 1, last >> 1, level + 1
        return path

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
        """The hash over leaves start..end-1 beside a path: a whole subtree, or the right edge of the tree."""
        found = self._edge.get((start, end))
        if found is None:
            width = end - start
            level = width.bit_length() - 1
            half = start + (1 << level)
            if half == end:
                found = self._whole(level, start >> level)
            else:
                found = self._hashing(b"\x01" + self._between(start, half) + self._between(half, end))
            if len(self._edge) > MOST_EDGES:
                self._edge.clear()
            self._edge[start, end] = found
        return found

    def _kept_nodes(self, row: int, tile: int) -> list[bytes]:
        kept = self._kept.get((row, tile)) or self._nodes(row, tile)
        if kept is None:
            raise LookupError(f"tile {row}/{tile} is too short to be whole")
        return kept

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
