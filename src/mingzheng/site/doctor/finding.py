"""One thing looked at, and how it stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ok", "warn", "bad", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`bad` must be mended before anybody relies on this installation; `warn` may be meant; `unknown` was not to be seen.

    `found` is what is there (never a secret), `remedy` what to do, empty when nothing is.
    """

    area: str
    name: str
    state: State
    found: str
    remedy: str = ""

    def line(self) -> str:
        """For a person at a terminal."""
        word = {"ok": "ok     ", "warn": "look   ", "bad": "MEND   ", "unknown": "unknown"}[self.state]
        told = f"{word} {self.area:<9} {self.name:<28} {self.found}"
        return f"{told}\n{'':<48}-> {self.remedy}" if self.remedy else told

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def judge(area: str, name: str, good: bool, found: str, remedy: str, *, otherwise: State = "bad") -> Finding:
    """`ok`, or `otherwise` with the remedy."""
    return Finding(area, name, "ok" if good else otherwise, found, "" if good else remedy)
