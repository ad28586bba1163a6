"""Splitting a key among k of n holders: Shamir's scheme over GF(256), byte by byte, with a commitment to each share.

The field is AES's (x^8 + x^4 + x^3 + x + 1). A share is the bytes of the polynomial's values followed by one byte,
the place x (1 to 255). Multiplication uses no tables indexed by secrets.
"""

import secrets
from collections.abc import Sequence

from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import Suite, named


def split(secret: Secret, threshold: int, holders: int) -> list[Secret]:
    """`holders` shares of which any `threshold` give the secret back and fewer say nothing about it."""
    if not 1 <= threshold <= holders <= 255:
        raise ValueError(f"cannot split among {threshold} of {holders}")
    columns = [bytes([byte]) + secrets.token_bytes(threshold - 1) for byte in secret.reveal()]
    return [Secret(bytes(_value(column, x) for column in columns) + bytes([x])) for x in range(1, holders + 1)]


def combine(shares: Sequence[Secret]) -> Secret:
    """The secret of these shares. Too few or wrong shares give a wrong secret: check it against its commitment.

    ValueError when two shares have the same place or the lengths differ.
    """
    opened = [share.reveal() for share in shares]
    places = [share[-1] for share in opened if share]
    if len(set(places)) != len(shares) or 0 in places or len({len(share) for share in opened}) != 1:
        raise ValueError("shares do not belong together")
    weights = [_weight(place, places) for place in places]
    length = len(opened[0]) - 1
    result = bytearray(length)
    for weight, share in zip(weights, opened, strict=True):
        for at in range(length):
            result[at] ^= _times(weight, share[at])
    return Secret(bytes(result))


def commitment(version: int, share: Secret, algorithms: Suite) -> str:
    """What a seal of that version publishes about a share: it hides it (32 random bytes) and binds its holder to it."""
    return named(algorithms, f"mingzheng-bid-{version} share\0".encode() + share.reveal())


def _value(coefficients: bytes, x: int) -> int:
    result = 0
    for coefficient in reversed(coefficients):
        result = _times(result, x) ^ coefficient
    return result


def _weight(place: int, places: Sequence[int]) -> int:
    """Lagrange's factor of `place` at zero."""
    result = 1
    for other in places:
        if other != place:
            result = _times(result, _times(other, _inverse(other ^ place)))
    return result


def _times(a: int, b: int) -> int:
    result = 0
    for _ in range(8):
        result ^= a & -(b & 1)
        a = (a << 1) ^ (0x11B & -(a >> 7))
        b >>= 1
    return result & 0xFF


def _inverse(a: int) -> int:
    """a to the power 254."""
    result = 1
    for _ in range(7):
        a = _times(a, a)
        result = _times(result, a)
    return result
