"""The platform log's Merkle tree (RFC 6962 section 2, RFC 9162 section 2.1), kept as C2SP tlog tiles of 256 hashes.

Hash of the empty tree: H(""). Of a leaf: H(0x00 || text), made by whoever appends. Of a node: H(0x01 || left || right).
H is the log's algorithm: by default the deployment's own (kernel.digest), else passed as `hashing`.
The tree is never held whole: growing needs only its size and its frontier, and proofs read tiles through a callable.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from mingzheng.kernel import digest

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT

Hash = Callable[[bytes], bytes]
TileReader = Callable[[int, int], Sequence[bytes]]
"""(tile level, tile index) -> the hashes that stand in the tile so far, at most 256."""


class ProofRefused(ValueError):
    """A proof does not show what it should, or nobody could make such a proof."""


@dataclass(frozen=True, slots=True)
class TileWrite:
    """Hashes to add to tile `index` of `level`, from place `offset` on; a tile is only ever extended."""

    level: int
    index: int
    offset: int
    hashes: tuple[bytes, ...]


def digest_sha256(data: bytes) -> bytes:
    """SHA-256, whatever the deployment's algorithm is."""
    return sha256(data).digest()


def hash_of(name: str) -> Hash:
    """The hash of a log whose algorithm is `name` (`sha256`, `sm3`). ValueError for another name."""
    if name == "sha256":
        return digest_sha256
    digest.hasher(name)
    return functools.partial(digest.raw, name=name)


def known(hashing: Hash) -> Hash:
    """The hash itself where `hashing` is the deployment's own, looked up once a tree or proof instead of at every node."""
    return hash_of(digest.current()) if hashing is digest.raw else hashing


def leaf_hash(text: bytes, hashing: Hash = digest.raw) -> bytes:
    """H(0x00 || text)."""
    return hashing(b"\x00" + text)


def node_hash(left: bytes, right: bytes, hashing: Hash = digest.raw) -> bytes:
    """H(0x01 || left || right)."""
    return hashing(b"\x01" + left + right)


def grow(
    size: int, frontier: Sequence[bytes], leaf_hashes: Sequence[bytes], hashing: Hash = digest.raw
) -> tuple[int, list[bytes], list[TileWrite]]:
    """Append leaf hashes; returns the new size, the new frontier and what to add to which tiles.

    The frontier is the roots of the whole subtrees the tree consists of, the largest first: one for each 1 in the binary
    form of `size` (ValueError if it is not).
    """
    if len(frontier) != size.bit_count():
        raise ValueError(f"a frontier of {len(frontier)} hashes cannot belong to a tree of {size}")
    peaks, hashing = list(frontier), known(hashing)
    added: dict[int, tuple[int, list[bytes]]] = {}
    for leaf in leaf_hashes:
        index, level, node = size, 0, leaf
        added.setdefault(0, (index, []))[1].append(node)
        while index & 1:
            node = hashing(b"\x01" + peaks.pop() + node)
            index, level = index >> 1, level + 1
            if level % TILE_HEIGHT == 0:
                added.setdefault(level // TILE_HEIGHT, (index, []))[1].append(node)
        peaks.append(node)
        size += 1
    return size, peaks, [write for level, (first, nodes) in added.items() for write in _split(level, first, nodes)]


def _split(level: int, first: int, nodes: list[bytes]) -> Iterator[TileWrite]:
    while nodes:
        offset = first % TILE_WIDTH
        here, nodes = nodes[: TILE_WIDTH - offset], nodes[TILE_WIDTH - offset :]
        yield TileWrite(level, first // TILE_WIDTH, offset, tuple(here))
        first += len(here)


def root(frontier: Sequence[bytes], hashing: Hash = digest.raw) -> bytes:
    """The root hash of the tree whose frontier this is."""
    if not frontier:
        return hashing(b"")
    node = frontier[-1]
    for left in reversed(frontier[:-1]):
        node = node_hash(left, node, hashing)
    return node


def root_of(leaf_hashes: Sequence[bytes], hashing: Hash = digest.raw) -> bytes:
    """The root hash over all of these leaf hashes."""
    return root(grow(0, [], leaf_hashes, hashing)[1], hashing)


def subtree(read: TileReader, start: int, end: int, hashing: Hash = digest.raw) -> bytes:
    """The hash over leaves start..end-1, where start is a multiple of the power of two at or above the width."""
    width = end - start
    if width & (width - 1) == 0:
        return _whole(read, width.bit_length() - 1, start // width, hashing)
    half = 1 << (width.bit_length() - 1)
    return node_hash(subtree(read, start, start + half, hashing), subtree(read, start + half, end, hashing), hashing)


def _whole(read: TileReader, level: int, index: int, hashing: Hash) -> bytes:
    """The node at `level`, `index`: from the tile it lies in, folded up from the tile's own level."""
    tile_level, up = divmod(level, TILE_HEIGHT)
    tile, place = divmod(index << up, TILE_WIDTH)
    nodes = list(read(tile_level, tile)[place : place + (1 << up)])
    if len(nodes) != 1 << up:
        raise LookupError(f"tile {tile_level}/{tile} is too short for node {index} of level {level}")
    while len(nodes) > 1:
        nodes = [node_hash(nodes[i], nodes[i + 1], hashing) for i in range(0, len(nodes), 2)]
    return nodes[0]


def inclusion_proof(read: TileReader, position: int, size: int, hashing: Hash = digest.raw) -> list[bytes]:
    """The audit path of the leaf at `position` in the tree of `size` (RFC 9162 2.1.3.1). ValueError outside the tree."""
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    path: list[bytes] = []
    start, end, hashing = 0, size, known(hashing)
    while end - start > 1:
        middle = start + _half(end - start)
        if position < middle:
            path.append(subtree(read, middle, end, hashing))
            end = middle
        else:
            path.append(subtree(read, start, middle, hashing))
            start = middle
    return path[::-1]


def consistency_proof(read: TileReader, old: int, new: int, hashing: Hash = digest.raw) -> list[bytes]:
    """The proof that the tree of `new` extends the tree of `old` (RFC 9162 2.1.4.1); empty for 0 and for equal sizes."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot extend one of {old}")
    path: list[bytes] = []
    start, end, whole, hashing = 0, new, True, known(hashing)
    while 0 < old < end:
        middle = start + _half(end - start)
        if old <= middle:
            path.append(subtree(read, middle, end, hashing))
            end = middle
        else:
            path.append(subtree(read, start, middle, hashing))
            start, whole = middle, False
    if not whole:
        path.append(subtree(read, start, end, hashing))
    return path[::-1]


def _half(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def check_inclusion(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root_hash: bytes, hashing: Hash = digest.raw
) -> None:
    """Raise ProofRefused unless `leaf` stands at `position` of the tree with this size and root (RFC 9162 2.1.3.2)."""
    if not 0 <= position < size:
        raise ProofRefused(f"no leaf {position} in a tree of {size}")
    node, index, last, hashing = leaf, position, size - 1, known(hashing)
    for sibling in proof:
        if last == 0:
            raise ProofRefused("the inclusion proof is too long")
        if index & 1 or index == last:
            node = hashing(b"\x01" + sibling + node)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            node = hashing(b"\x01" + node + sibling)
        index >>= 1
        last >>= 1
    if last != 0 or node != root_hash:
        raise ProofRefused("the inclusion proof does not lead to the root")


def check_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes], hashing: Hash = digest.raw
) -> None:
    """Raise ProofRefused unless the new tree is the old one with leaves added (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= new:
        raise ProofRefused(f"a tree of {new} cannot extend one of {old}")
    if old in (0, new):
        if proof or old_root != (hashing(b"") if old == 0 else new_root):
            raise ProofRefused("two different trees of the same size, or a proof where none is due")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        raise ProofRefused("the consistency proof is empty")
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    first = second = path[0]
    hashing = known(hashing)
    for sibling in path[1:]:
        if last == 0:
            raise ProofRefused("the consistency proof is too long")
        if index & 1 or index == last:
            left = b"\x01" + sibling
            first, second = hashing(left + first), hashing(left + second)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            second = hashing(b"\x01" + second + sibling)
        index >>= 1
        last >>= 1
    if last != 0 or first != old_root or second != new_root:
        raise ProofRefused("the new tree does not contain the old one")
