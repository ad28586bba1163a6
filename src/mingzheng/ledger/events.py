"""The ledger's own facts: a refused act is evidence too."""

from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("ledger.act-refused", stream="person")
class ActRefused:
    """A known person was refused; `suppressed` counts like refusals that were not written one by one before it."""

    person: UUID
    act: str
    code: str
    facts: dict[str, Any]
    suppressed: int = 0


@event("ledger.key-rotated", stream="centre")
class KeyRotated:
    """A signing key was replaced; `role` log, receipts or cosigner, `old` and `new` verifier keys, `statement` signed by both."""

    role: str
    name: str
    old: str
    new: str
    statement: str
    reason: str


@event("ledger.dealing-refused", stream="dealing")
class DealingRefused:
    """An act within one bidder's dealings in one lot was refused (a late bid, a wrong key, an unsealed file)."""

    dealing: UUID
    act: str
    code: str
    facts: dict[str, Any]
    suppressed: int = 0
