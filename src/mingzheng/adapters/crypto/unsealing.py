"""Opening a sealed bid: releasing the key, checking it against the seal, reading parts, naming what was tampered."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingzheng.adapters.crypto import blocks, container
from mingzheng.adapters.crypto.own_key import OwnKey
from mingzheng.adapters.crypto.refusals import (
    CHUNK_FOREIGN,
    CHUNK_MISPLACED,
    PART_CONTRADICTS,
    PART_UNKNOWN,
    SEAL_OTHER_CERTIFICATE,
    TRUNCATED,
    WRONG_KEY,
)
from mingzheng.adapters.crypto.seal import Seal, SealedPart
from mingzheng.adapters.crypto.sealing import part_facts
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import Suite, suite
from mingzheng.adapters.crypto.summary import check_summary
from mingzheng.kernel import canonical

_MOST_HEADING = 8_192
_MOST_GUESSES = 256


@dataclass(frozen=True, slots=True)
class Heading:
    """The name and length (bytes) of a part's content, readable only with the content key."""

    name: str
    size: int
    length: int


def release_key(key: OwnKey, seal: Seal) -> Secret:
    """The content key, unwrapped with the bidder's own key and checked.

    Refused `seal.not-your-envelope` for another bidder's certificate, `seal.wrong-key` when it does not unwrap.
    """
    if key.fingerprint != seal.bidder:
        raise SEAL_OTHER_CERTIFICATE()
    content_key = key.unwrap(seal.key_wrapped, seal.label("wrap bidder"))
    verify_content_key(seal, content_key)
    return content_key


def verify_content_key(seal: Seal, content_key: Secret) -> None:
    """Refused `seal.wrong-key` unless this is the key the seal commits to; opens nothing."""
    algorithms = suite(seal.suite)
    if len(content_key) != 32:
        raise WRONG_KEY()
    derived = algorithms.derive(content_key.reveal(), seal.label("check"))
    if f"{algorithms.digest_name}:{algorithms.digest(derived).hex()}" != seal.key_check:
        raise WRONG_KEY()


def open_part(content_key: Secret, seal: Seal, ciphertext: Path, part: int) -> Iterator[bytes]:
    """The content of one part, piece by piece, every piece authenticated before it is given.

    Refused `seal.truncated`, `seal.chunks-reordered`, `seal.chunk-foreign`; at the end `seal.content-contradicts` if
    the whole is not what the seal committed to. Memory: two chunks, whatever the size.
    """
    verify_content_key(seal, content_key)
    algorithms, entry = suite(seal.suite), _entry(seal, part)
    stream = _plain(algorithms, content_key, seal, ciphertext, part, entry)
    first = next(stream)
    heading = _heading(first, part)
    hasher, left = blocks.running(seal.version, algorithms, "content"), heading.size
    piece = first[heading.length :]
    while True:
        content, padding = piece[:left], piece[left:]
        if padding.count(0) != len(padding):
            raise PART_CONTRADICTS(part=part)
        left -= len(content)
        hasher.update(content)
        if content:
            yield content
        following = next(stream, None)
        if following is None:
            break
        piece = following
    digest = f"{algorithms.digest_name}:{hasher.digest().hex()}"
    salt = algorithms.derive(content_key.reveal(), seal.label("salt", part))
    found = algorithms.digest(salt + part_facts(heading.name, heading.size, digest))
    if left or f"{algorithms.digest_name}:{found.hex()}" != entry.commitment:
        raise PART_CONTRADICTS(part=part)


def heading_of(content_key: Secret, seal: Seal, ciphertext: Path, part: int) -> Heading:
    """Name and size of a part, from its first chunk alone."""
    verify_content_key(seal, content_key)
    return _heading(next(_plain(suite(seal.suite), content_key, seal, ciphertext, part, _entry(seal, part))), part)


def read_summary(content_key: Secret, seal: Seal, ciphertext: Path) -> dict[str, Any]:
    """The opening summary. Refused as `open_part`, and `seal.summary-invalid` when it could not be read aloud."""
    content = b"".join(open_part(content_key, seal, ciphertext, 0))
    try:
        value = json.loads(content)
        if not isinstance(value, dict) or canonical.dumps(value).encode() != content:
            raise PART_CONTRADICTS(part=0)
    except (ValueError, RecursionError):
        raise PART_CONTRADICTS(part=0) from None
    check_summary(value)
    return value


def part_salt(content_key: Secret, seal: Seal, part: int) -> bytes:
    """The salt of a part's commitment: given with the content, it lets anybody check the content against the seal."""
    return suite(seal.suite).derive(content_key.reveal(), seal.label("salt", part))


def _entry(seal: Seal, part: int) -> SealedPart:
    if not 0 <= part < len(seal.parts):
        raise PART_UNKNOWN(part=part)
    return seal.parts[part]


def _plain(
    algorithms: Suite, content_key: Secret, seal: Seal, ciphertext: Path, part: int, entry: SealedPart
) -> Iterator[bytes]:
    key = algorithms.derive(content_key.reveal(), seal.label("part", part))
    with ciphertext.open("rb") as source:
        source.seek(entry.offset)
        left = entry.bytes
        for index in range(entry.chunks):
            sealed = source.read(min(left, seal.chunk + container.TAG))
            if len(sealed) < min(left, seal.chunk + container.TAG):
                raise TRUNCATED(expected=seal.file_bytes, actual=ciphertext.stat().st_size)
            left -= len(sealed)

            def attempt(place: int, last: bool, sealed: bytes = sealed) -> bytes | None:
                aad = container.additional(seal.version, seal.bid, part, place, last)
                return algorithms.open(key, container.nonce(place), sealed, aad)

            plain = attempt(index, index == entry.chunks - 1)
            if plain is None:
                _name_the_fault(attempt, seal, part, index, entry.chunks)
            else:
                yield plain


def _name_the_fault(
    attempt: Callable[[int, bool], bytes | None], seal: Seal, part: int, index: int, chunks: int
) -> None:
    """A chunk did not open here. Was it cut off behind, does it belong to another place, or not to this bid at all?"""
    if index == chunks - 1 and attempt(index, False) is not None:
        raise TRUNCATED(expected="?", actual=seal.file_bytes)
    for place in range(min(chunks, _MOST_GUESSES)):
        if place != index and attempt(place, place == chunks - 1) is not None:
            raise CHUNK_MISPLACED(part=part, chunk=index)
    raise CHUNK_FOREIGN(part=part, chunk=index)


def _heading(first: bytes, part: int) -> Heading:
    length = int.from_bytes(first[:4], "big")
    if not 0 < length <= _MOST_HEADING:
        raise PART_CONTRADICTS(part=part)
    try:
        value = json.loads(first[4 : 4 + length])
        name, size = value["name"], value["size"]
        str(name).encode()  # half a surrogate pair is no text
    except (ValueError, KeyError, TypeError, RecursionError):
        raise PART_CONTRADICTS(part=part) from None
    if not isinstance(name, str) or not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise PART_CONTRADICTS(part=part)
    return Heading(name, size, 4 + length)
