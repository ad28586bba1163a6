"""Drawing benchmark parameters in public: commit, contribute, reveal; anybody can compute the draw again.

Before bids close the platform publishes only `commitment(seed)`. At the draw the host and those present each add a
contribution; then the seed is revealed and the choice follows from seed, contributions, purpose and candidates alone.
The platform cannot steer it (its seed was fixed before), the contributors cannot (they do not know the seed). What it
does not stop: the platform and the very last contributor acting together; therefore contributions are themselves
recorded in the ledger before the seed is revealed, and the tender document can make the released bid keys' digests
one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mingzheng.kernel import canonical
from mingzheng.kernel import digest as digests

FORMAT = "mingzheng-draw-1"
SEED_BYTES = 32


class BadDraw(ValueError):
    """A draw lacks its seed, its candidates or its contributions, or its record does not compute."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The choice and the record from which anybody computes it again."""

    choice: str
    index: int
    record: Mapping[str, Any]


def commitment(seed: bytes, algorithm: str | None = None) -> str:
    """What is published before bids close: the digest of the seed under the format's name, by the deployment's algorithm
    unless another is named."""
    if len(seed) != SEED_BYTES:
        raise BadDraw(f"a seed has {SEED_BYTES} bytes")
    name = algorithm or digests.current()
    return digests.named(name, digests.raw(FORMAT.encode() + b"\0" + seed, name))


def draw(
    candidates: Sequence[Decimal | str],
    platform_seed: bytes,
    contributions: Sequence[tuple[str, str]],
    *,
    purpose: str = "",
    algorithm: str | None = None,
) -> Drawn:
    """Choose one candidate. `contributions` are (who, text) in the order recorded; `purpose` names lot and parameter.

    Order of candidates and contributions is part of the record. `algorithm` digests commitment and choice; the
    deployment's unless another is named. Raises `BadDraw`.
    """
    listed = [_written(c) for c in candidates]
    if not listed or len(set(listed)) != len(listed):
        raise BadDraw("a draw needs different candidates")
    if not contributions or any(not who or not text for who, text in contributions):
        raise BadDraw("a draw needs at least one contribution, each with its author")
    inputs = {
        "candidates": listed,
        "commitment": commitment(platform_seed, algorithm),
        "contributions": [{"by": who, "text": text} for who, text in contributions],
        "format": FORMAT,
        "purpose": purpose,
    }
    index, number = _index(platform_seed, canonical.dumps(inputs), len(listed), algorithm or digests.current())
    found = {"choice": listed[index], "number": f"{number:064x}", "seed": platform_seed.hex()}
    return Drawn(listed[index], index, {**inputs, **found})


def verify(record: Mapping[str, Any], *, committed: str | None = None) -> bool:
    """Whether a record computes to its own choice, and its seed to the commitment published before (`committed`)."""
    try:
        seed = bytes.fromhex(record["seed"])
        algorithm, _ = digests.split(record["commitment"])
        again = draw(
            record["candidates"],
            seed,
            [(c["by"], c["text"]) for c in record["contributions"]],
            purpose=record["purpose"],
            algorithm=algorithm,
        )
    except (KeyError, TypeError, ValueError):
        return False
    return dict(again.record) == dict(record) and (committed is None or committed == again.record["commitment"])


def _written(candidate: Decimal | str) -> str:
    """A candidate as text; decimals without exponent and superfluous zeros."""
    if not isinstance(candidate, Decimal):
        return str(candidate)
    text = f"{candidate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _index(seed: bytes, text: str, count: int, algorithm: str) -> tuple[int, int]:
    """An index below `count` without bias, and the number it came from.

    HMAC blocks under the seed, with SHA-256 or SM3; blocks beyond the last whole multiple of `count` are skipped.
    """
    limit = 2**256 - 2**256 % count
    for block in range(256):
        number = int.from_bytes(digests.hmac(seed, text.encode() + block.to_bytes(1, "big"), algorithm), "big")
        if number < limit:
            return number % count, number
    raise BadDraw("no number found")  # pragma: no cover - less likely than 2^-256
