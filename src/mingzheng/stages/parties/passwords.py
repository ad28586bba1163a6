"""Passwords are stored as scrypt; codes of an authenticator follow RFC 6238 (30 seconds, six digits), once each.

Both use the machine's real time: an authenticator in a pocket knows nothing of a demo's clock.
"""

import hmac
from datetime import datetime
from functools import cache

import pyotp
from django.contrib.auth.hashers import check_password, make_password

HASHER = "scrypt"
STEP_SECONDS = 30
DRIFT = 1  # steps a phone may be off


def made(password: str) -> str:
    """The stored form of a password."""
    return make_password(password, hasher=HASHER)


@cache
def _nobody() -> str:
    return made("nobody has this password")


def matches(password: str, stored: str) -> bool:
    """Whether the password fits; an empty `stored` takes as long and fits nothing (no account is told from another)."""
    return check_password(password, stored or _nobody()) and bool(stored)


def totp_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step of a right code that is newer than `after` (a code is good once), else None."""
    code = code.strip().replace(" ", "")
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if step > after and hmac.compare_digest(generator.at(step * STEP_SECONDS).encode(), code.encode()):
            return step
    return None
