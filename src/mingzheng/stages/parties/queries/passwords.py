"""Passwords are stored as scrypt (RFC 7914); codes of an authenticator follow RFC 6238 (30 seconds, six digits), once each.

Codes use the machine's real time: an authenticator in a pocket knows nothing of a demo's clock.
"""

import base64
import hashlib
import hmac
import os
from datetime import datetime
from functools import cache

import pyotp
from django.conf import settings

STEP_SECONDS = 30
DRIFT = 1  # steps a phone may be off
NOBODYS_SECRET = "A" * 32  # looked at for names nobody has, so that they take as long
BLOCK, LANES = 8, 5
WORK, WORK_OF_DEMOS = (
    2**14,
    2**9,
)  # 16 MiB five times; where passwords are printed anyway, a start in seconds counts more


def made(password: str) -> str:
    """The stored form of a password: scrypt$work$salt$digest."""
    salt, work = os.urandom(16), WORK_OF_DEMOS if settings.SIMULATED else WORK
    return "$".join(("scrypt", str(work), _text(salt), _text(_scrypt(password, salt, work))))


def matches(password: str, stored: str) -> bool:
    """Whether the password fits; an empty `stored` takes as long and fits nothing (no account is told from another)."""
    _, work, salt, digest = (stored or _nobody()).split("$")
    same = hmac.compare_digest(_scrypt(password, base64.b64decode(salt), int(work)), base64.b64decode(digest))
    return same and bool(stored)


@cache
def _nobody() -> str:
    return made(os.urandom(16).hex())


def _scrypt(password: str, salt: bytes, work: int) -> bytes:
    room = 128 * BLOCK * (work + LANES + 2)
    return hashlib.scrypt(password.encode(), salt=salt, n=work, r=BLOCK, p=LANES, maxmem=room, dklen=32)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def totp_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step of a right code that is newer than `after` (a code is good once), else None."""
    code = code.strip().replace(" ", "")
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > after and hmac.compare_digest(generator.at(step * STEP_SECONDS).encode(), code.encode()):
            return step
    return None
