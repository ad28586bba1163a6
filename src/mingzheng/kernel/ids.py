"""Identifiers: time-ordered UUIDs (version 7 layout), random where it matters, so that indexes stay small."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh id; its first 48 bits are milliseconds of real time."""
    millis = time.time_ns() // 1_000_000
    raw = bytearray(millis.to_bytes(6, "big") + os.urandom(10))
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return UUID(bytes=bytes(raw))


def random_id() -> UUID:
    """An id that tells nothing, not even when it was made (dealings, sealed objects)."""
    raw = bytearray(os.urandom(16))
    raw[6] = (raw[6] & 0x0F) | 0x40
    raw[8] = (raw[8] & 0x3F) | 0x80
    return UUID(bytes=bytes(raw))
