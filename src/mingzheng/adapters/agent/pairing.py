"""Pairing: a code shown in the agent's terminal and typed in the page makes a key of the page for this session.

The Origin header keeps other pages out; the code keeps out other programs of the machine, which can send any header.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from mingzheng.adapters.agent.refusals import CODE_WRONG, NOT_PAIRED, TRIES_USED

_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike; 8 of 32: 40 bits
_LENGTH: Final = 8
TRIES: Final = 5
LONGEST: Final = 12 * 3600  # seconds a paired page may go on, as an opened key file does
MOST_PAGES: Final = 16


class Pairing:
    """The code of the moment and the pages paired. Each code pairs one page; wrong ones are counted until the end."""

    def __init__(self, show: Callable[[str], None], seconds: Callable[[], float] = time.monotonic) -> None:
        self._show, self._seconds = show, seconds
        self._guard = threading.Lock()
        self._pages: dict[bytes, float] = {}
        self._wrong = 0
        self._code = ""
        self._renew()

    def pair(self, code: str) -> str:
        """The key of a page that knows the code. Refused `agent.wrong-code`, `agent.too-many-tries`."""
        with self._guard:
            if self._wrong >= TRIES:
                raise TRIES_USED()
            if not hmac.compare_digest(_bare(code).encode(), self._code.encode()):
                self._wrong += 1
                if self._wrong >= TRIES:
                    raise TRIES_USED()
                raise CODE_WRONG(left=TRIES - self._wrong)
            key = secrets.token_urlsafe(32)
            while len(self._pages) >= MOST_PAGES:
                del self._pages[min(self._pages, key=lambda one: self._pages[one])]
            self._pages[_digest(key)] = self._seconds() + LONGEST
            self._renew()
            return key

    def check(self, key: str) -> None:
        """Refused `agent.not-paired` unless `key` is that of a paired page."""
        with self._guard:
            until = self._pages.get(_digest(key))
        if until is None or self._seconds() >= until:
            raise NOT_PAIRED()

    def _renew(self) -> None:
        self._code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        self._show(f"{self._code[:4]}-{self._code[4:]}")


def _bare(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()


def _digest(key: str) -> bytes:
    """Looked up by digest: how long a look-up takes tells nothing about the keys there are."""
    return hashlib.sha256(key.encode()).digest()
