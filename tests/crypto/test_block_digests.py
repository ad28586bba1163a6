"""The digests of version 2: the vectors', the documented formula, and what a digest over a list must not allow."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sealing_cast import VECTORS

from mingzheng.adapters.crypto import blocks, shamir
from mingzheng.adapters.crypto.blocks import BLOCK, BlockHasher
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite


def pattern(length: int) -> bytes:
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def of(suite_name: str, use: blocks.Use, *pieces: bytes) -> bytes:
    hasher = BlockHasher(suite(suite_name), use)
    for piece in pieces:
        hasher.update(piece)
    return hasher.digest()


def test_the_vectors_digests_come_out_however_the_bytes_are_cut(suite_name: str, tmp_path: Path) -> None:
    stated = json.loads((VECTORS[suite_name] / "bid-2.json").read_text())
    file = tmp_path / "file"
    for one in stated["blocks"]:
        content = pattern(one["bytes"])
        cut = len(content) * 2 // 3
        assert of(suite_name, one["use"], content[:cut], content[cut:]).hex() == one["digest"]
        if one["use"] == "file":
            file.write_bytes(content)
            assert blocks.of_file(2, suite(suite_name), file).endswith(f":{one['digest']}")
    share = Secret(bytes.fromhex(stated["share"]["share"]))
    assert shamir.commitment(2, share, suite(suite_name)) == stated["share"]["commitment"]


def test_a_digest_is_that_of_the_documented_formula(suite_name: str) -> None:
    name, content = suite(suite_name).digest_name, pattern(BLOCK + 5)
    leaves = b"".join(hashlib.new(name, content[at : at + BLOCK]).digest() for at in (0, BLOCK))
    head = b"mingzheng-bid-2 blocks file\0" + BLOCK.to_bytes(4, "big") + (BLOCK + 5).to_bytes(8, "big")
    assert of(suite_name, "file", content) == hashlib.new(name, head + leaves).digest()


def test_length_use_order_and_level_each_change_the_digest(suite_name: str) -> None:
    one, two = b"\0" * BLOCK, b"\1" * BLOCK
    name = suite(suite_name).digest_name
    head = b"mingzheng-bid-2 blocks content\0" + BLOCK.to_bytes(4, "big") + (2 * BLOCK).to_bytes(8, "big")
    leaves = hashlib.new(name, one).digest() + hashlib.new(name, two).digest()
    found = [
        of(suite_name, "content", one, two),
        of(suite_name, "content", two, one),
        of(suite_name, "file", one, two),
        of(suite_name, "content", one),
        of(suite_name, "content", one[:-1]),
        of(suite_name, "content"),
        of(suite_name, "content", leaves),
        of(suite_name, "content", head + leaves),  # a content that is the list of another is not that other
        hashlib.new(name, one + two).digest(),
    ]
    assert len(set(found)) == len(found)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=some.data())
def test_small_blocks_cut_anyhow_give_the_digest_of_the_list(
    suite_name: str, data: some.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 8)
    pieces = data.draw(some.lists(some.binary(max_size=20), max_size=6))
    content, algorithms = b"".join(pieces), suite(suite_name)
    leaves = [algorithms.digest(content[at : at + 8]) for at in range(0, len(content), 8)]
    assert of(suite_name, "content", *pieces) == blocks.root(algorithms, "content", len(content), leaves)
