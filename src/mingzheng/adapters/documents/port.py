"""What the program asks of its typesetter, and the ways it can say no."""

from __future__ import annotations

from typing import Any, Protocol


class PaperFault(Exception):
    """No paper was made."""


class UnknownPaper(PaperFault):
    """There is no paper of this kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no paper of kind {kind!r}")
        self.kind = kind


class FactsMissing(PaperFault):
    """The paper may not be issued: these facts were not given (dotted names, e.g. `bids.0.price`)."""

    def __init__(self, kind: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"{kind} lacks {', '.join(missing)}")
        self.kind = kind
        self.missing = missing


class WrongFact(PaperFault):
    """One fact is of the wrong type, empty where it may not be, or not known to this paper."""

    def __init__(self, kind: str, name: str, problem: str) -> None:
        super().__init__(f"{kind}: {name}: {problem}")
        self.kind = kind
        self.name = name
        self.problem = problem


class FontsMissing(PaperFault):
    """No Chinese font was found; the message names the command that installs one."""


class Documents(Protocol):
    """The typesetter of official papers."""

    def render(self, kind: str, facts: dict[str, Any]) -> bytes:
        """The paper as PDF/A-2b. Same facts, same bytes. Raises a `PaperFault`."""

    def code_of(self, kind: str, facts: dict[str, Any]) -> str:
        """The verification code that belongs to these facts (printed on the paper when the facts name none)."""

    def code_in(self, paper: bytes) -> str:
        """The verification code a rendered paper carries; empty when there is none."""
