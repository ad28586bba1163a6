"""Looking at an uploaded file before anybody opens it: type, structure, size, active content; a virus scanner if any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

#: `refuse`: the file must not be taken; `warn`: a person should know; `note`: said for the record.
SEVERITIES = ("refuse", "warn", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed. `code` is stable (`type.not-allowed`, `pdf.javascript`, `zip.too-large`, ...); `place` names
    the part inside the file."""

    code: str
    severity: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The outcome. `engine` is the virus scanner that looked, or "" when none is connected (then a note says so)."""

    kind: str
    size: int
    findings: tuple[Finding, ...]
    engine: str = ""

    @property
    def refused(self) -> bool:
        return any(finding.severity == "refuse" for finding in self.findings)


class Scanner(Protocol):
    """Looks at one file."""

    @property
    def engine(self) -> str:
        """The virus scanner that is connected, "" when there is none."""

    def scan(self, name: str, content: BinaryIO | bytes, *, allowed: Iterable[str] = ()) -> Scanned:
        """`allowed` limits the kinds (`pdf`, `xml`, `zip`, `xlsx`, `png`, `jpeg`); empty allows all of them."""
