"""The public sealing parameters of a lot (TENDER.json): what a bidder's tool needs before it can seal anything."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.adapters.crypto.refusals import SEAL_UNREADABLE
from mingzheng.adapters.crypto.suite import named, suite_of_key
from mingzheng.kernel import clock

FORMAT = "mingzheng-sealing-1"


@dataclass(frozen=True, slots=True)
class RescueHolder:
    """One holder of a share: `holder` is its office in the lot, `key` its public key (SPKI DER)."""

    holder: str
    key: bytes

    @property
    def key_fingerprint(self) -> str:
        return key_fingerprint(self.key)


@dataclass(frozen=True, slots=True)
class RescueTerms:
    """Any `threshold` of `holders` can restore a key; until bidding closes all of it lies under the key `escrow`."""

    escrow: bytes
    threshold: int
    holders: tuple[RescueHolder, ...]


@dataclass(frozen=True, slots=True)
class SealingTerms:
    """What one lot asks of a sealed bid. `largest` is the most bytes a sealed file may have."""

    lot: UUID
    suite: str
    deadline: datetime
    largest: int
    rescue: RescueTerms | None

    def as_json(self) -> dict[str, Any]:
        """The form published on the lot's page and kept as TENDER.json."""
        rescue = self.rescue and {
            "escrow": _text(self.rescue.escrow),
            "holders": [{"holder": one.holder, "key": _text(one.key)} for one in self.rescue.holders],
            "threshold": self.rescue.threshold,
        }
        return {
            "deadline": clock.text(self.deadline),
            "format": FORMAT,
            "largest": self.largest,
            "lot": str(self.lot),
            "rescue": rescue,
            "suite": self.suite,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "SealingTerms":
        """Read TENDER.json. Refused `seal.unreadable` naming what is wrong."""
        try:
            if value["format"] != FORMAT:
                raise SEAL_UNREADABLE(problem="TENDER.json 的格式版本不认识")
            return cls(
                lot=UUID(value["lot"]),
                suite=str(value["suite"]),
                deadline=clock.parse(value["deadline"]),
                largest=int(value["largest"]),
                rescue=_rescue(value["rescue"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise SEAL_UNREADABLE(problem="TENDER.json 不完整") from None


def key_fingerprint(public_key: bytes) -> str:
    """How a seal names a holder's key: the digest of the SPKI DER under the key's suite. Refused `seal.unknown-suite`."""
    return named(suite_of_key(public_key), public_key)


def _rescue(value: Mapping[str, Any] | None) -> RescueTerms | None:
    if value is None:
        return None
    holders = tuple(RescueHolder(str(one["holder"]), _bytes(one["key"])) for one in value["holders"])
    threshold = int(value["threshold"])
    if not 1 <= threshold <= len(holders) <= 16 or len({one.holder for one in holders}) != len(holders):
        raise ValueError("impossible quorum")
    return RescueTerms(_bytes(value["escrow"]), threshold, holders)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
