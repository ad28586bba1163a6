"""What the program asks of a time-stamp authority, and the ways it can say no."""

from __future__ import annotations

from typing import Protocol


class StampsUnavailable(Exception):
    """No usable answer: no connection, too late, or not an answer of RFC 3161. Asking again may help."""


class StampRefused(Exception):
    """The authority answered that it does not stamp this; `failure` is its PKIFailureInfo (such as `bad_alg`)."""

    def __init__(self, failure: str, words: str = "") -> None:
        super().__init__(f"{failure}: {words}" if words else failure)
        self.failure = failure


class StampNotTrusted(Exception):
    """A token that does not prove what it should; `problem` says why in one word with hyphens."""

    def __init__(self, problem: str, words: str = "") -> None:
        super().__init__(f"{problem}: {words}" if words else problem)
        self.problem = problem


class Timestamps(Protocol):
    """A time-stamp authority."""

    def respond(self, query: bytes) -> bytes:
        """The TimeStampResp (DER) to a TimeStampReq (DER). Raises `StampsUnavailable`."""
