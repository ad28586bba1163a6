"""The tree against the vectors of the Certificate Transparency reference implementation and against brute force."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import digest
from mingzheng.ledger import tree

SHA256 = tree.hash_of("sha256")

CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_INCLUSION_0_OF_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): CT_INCLUSION_0_OF_8,
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


class Tiles:
    """Tiles in memory, written the way the sequencer writes them."""

    def __init__(self) -> None:
        self.size, self.frontier = 0, list[bytes]()
        self.tiles: dict[tuple[int, int], list[bytes]] = defaultdict(list)

    def append(self, hashes: list[bytes]) -> None:
        self.size, self.frontier, writes = tree.grow(self.size, self.frontier, hashes)
        for write in writes:
            tile = self.tiles[write.level, write.index]
            assert len(tile) == write.offset
            tile.extend(write.hashes)
            assert len(tile) <= tree.TILE_WIDTH

    def read(self, level: int, index: int) -> list[bytes]:
        return self.tiles[level, index]


def brute(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 2.1 written down literally."""
    if not leaves:
        return digest.raw(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return digest.raw(b"\x01" + brute(leaves[:k]) + brute(leaves[k:]))


def leaves(count: int) -> list[bytes]:
    return [tree.leaf_hash(b"%d" % n) for n in range(count)]


def filled(hashes: list[bytes], batch: int = 7) -> Tiles:
    tiles = Tiles()
    for start in range(0, len(hashes), batch):
        tiles.append(hashes[start : start + batch])
    return tiles


def test_roots_equal_the_published_ones() -> None:
    hashes = [tree.leaf_hash(bytes.fromhex(text), SHA256) for text in CT_LEAVES]
    for size, expected in enumerate(CT_ROOTS):
        assert tree.root_of(hashes[:size], SHA256).hex() == expected


def test_proofs_equal_the_published_ones() -> None:
    with digest.under("sha256"):
        tiles = filled([tree.leaf_hash(bytes.fromhex(text)) for text in CT_LEAVES], 3)
    assert [node.hex() for node in tree.inclusion_proof(tiles.read, 0, 8, SHA256)] == CT_INCLUSION_0_OF_8
    for (old, new), expected in CT_CONSISTENCY.items():
        assert [node.hex() for node in tree.consistency_proof(tiles.read, old, new, SHA256)] == expected


def test_every_proof_of_every_size_to_seventy_verifies() -> None:
    hashes = leaves(70)
    tiles = filled(hashes)
    roots = [brute(hashes[:size]) for size in range(71)]
    for size in range(71):
        assert tree.root_of(hashes[:size]) == roots[size]
        for position in range(size):
            proof = tree.inclusion_proof(tiles.read, position, size)
            tree.check_inclusion(hashes[position], position, size, proof, roots[size])
        for old in range(size + 1):
            proof = tree.consistency_proof(tiles.read, old, size)
            tree.check_consistency(old, roots[old], size, roots[size], proof)


def test_proofs_reach_across_tiles() -> None:
    hashes = leaves(66_000)
    tiles = filled(hashes, 999)
    assert {level for level, _ in tiles.tiles} == {0, 1, 2}
    old_root, new_root = tree.root_of(hashes[:65_537]), tree.root_of(hashes)
    for position in (0, 255, 256, 65_535, 65_536, 65_999):
        proof = tree.inclusion_proof(tiles.read, position, 66_000)
        tree.check_inclusion(hashes[position], position, 66_000, proof, new_root)
    proof = tree.consistency_proof(tiles.read, 65_537, 66_000)
    tree.check_consistency(65_537, old_root, 66_000, new_root, proof)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.data())
def test_a_spoiled_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    tiles, root = filled(hashes), tree.root_of(hashes)
    position = data.draw(st.integers(0, size - 1))
    proof = tree.inclusion_proof(tiles.read, position, size)
    wrong = data.draw(st.integers(0, size + 3).filter(lambda place: place != position))
    with pytest.raises(tree.ProofRefused):
        tree.check_inclusion(hashes[position], wrong, size, proof, root)
    with pytest.raises(tree.ProofRefused):
        tree.check_inclusion(bytes(32), position, size, proof, root)
    with pytest.raises(tree.ProofRefused):
        tree.check_inclusion(hashes[position], position, size, [*proof, bytes(32)], root)
    if proof:
        with pytest.raises(tree.ProofRefused):
            tree.check_inclusion(hashes[position], position, size, proof[:-1], root)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.data())
def test_a_rewritten_past_has_no_consistency_proof(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    forged = list(hashes)
    forged[data.draw(st.integers(0, old - 1))] = bytes(32)
    forged_tiles, proof_root = filled(forged), tree.root_of(forged)
    proof = tree.consistency_proof(forged_tiles.read, old, size)
    for attempt in (proof, proof[1:], [*proof, bytes(32)], []):
        with pytest.raises(tree.ProofRefused):
            tree.check_consistency(old, tree.root_of(hashes[:old]), size, proof_root, attempt)


def test_a_smaller_tree_never_extends_a_larger_one() -> None:
    with pytest.raises(tree.ProofRefused):
        tree.check_consistency(3, bytes(32), 2, bytes(32), [])
    with pytest.raises(ValueError, match="cannot extend"):
        tree.consistency_proof(Tiles().read, 3, 2)


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="frontier"):
        tree.grow(3, [bytes(32)], [])


def test_a_missing_tile_is_named() -> None:
    with pytest.raises(LookupError, match="tile 0/0"):
        tree.inclusion_proof(lambda level, index: [], 1, 4)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=12))
def test_batches_do_not_matter(batches: list[int]) -> None:
    hashes = leaves(sum(batches))
    tiles, start = Tiles(), 0
    for batch in batches:
        tiles.append(hashes[start : start + batch])
        start += batch
    assert tree.root(tiles.frontier) == brute(hashes)
    assert tiles.size == len(hashes)
