"""A statutory medium: the place outside where law wants a notice to stand, and from which it can be read back.

Sources: 招标公告和公示信息发布管理办法 (10号令) 5, 8; GF-6.4.1-1 (sent with receipt), GF-6.4.1-2 (same content
everywhere, compared by digest).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mingzheng.kernel import digest as digests


class MediumUnavailable(Exception):
    """The medium did not answer; the document stays in the queue."""


class MediumRefused(Exception):
    """The medium took the document for wrong and will not publish it. `reason` is its own text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MediaReceipt:
    """What the medium confirms: where the document stands there, and the digest of what it stored (`sha256:...`, `sm3:...`)."""

    medium: str
    document: str
    reference: str
    digest: str
    url: str
    at: datetime


class StatutoryMedium(Protocol):
    """One medium. `name` is what notices call it."""

    name: str

    def publish(self, *, document_id: str, title: str, kind: str, content: bytes, digest: str) -> MediaReceipt:
        """Have `content` published. Idempotent by `document_id`. Raises `MediumRefused` when `digest` is not the
        content's, or the id was used for another content; `MediumUnavailable` when it cannot be reached."""

    def read_back(self, reference: str) -> bytes:
        """The content as the medium shows it to the public now. LookupError when it has no such reference."""


def digest_of(content: bytes, *, like: str = "") -> str:
    """A document's digest, `sha256:<64 hex>` or `sm3:<64 hex>`: by the algorithm of `like`, else the deployment's."""
    return digests.like(like, content)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing a medium's copy with ours (GF-6.4.1-2)."""

    medium: str
    reference: str
    ours: str
    theirs: str

    @property
    def same(self) -> bool:
        return self.ours == self.theirs


def compare(medium: StatutoryMedium, reference: str, ours: str) -> Comparison:
    """Read the copy back and compare digests; a copy that is gone compares as the empty digest text."""
    try:
        theirs = digest_of(medium.read_back(reference), like=ours)
    except LookupError:
        theirs = ""
    return Comparison(medium.name, reference, ours, theirs)
