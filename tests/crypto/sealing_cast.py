"""Who plays in the tests of suites, certificates and sealed bids."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore
from mingzheng.adapters.crypto.kept_keys import KeptKey
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.suite import Suite, suite
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel import clock

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.UTC8)
LOT = UUID("00000000-0000-4000-8000-00000000000a")
_VECTORS = Path(__file__).parents[2] / "docs" / "formats" / "vectors"
VECTORS = {"INTL-1": _VECTORS, "GM-1": _VECTORS / "gm-1"}
SUMMARY = {"price": "12345678.90", "period_days": 180, "quality": "合格", "project_manager": "李工"}


@dataclass(frozen=True)
class Cast:
    """Everybody a sealed bid needs."""

    authority: DemoAuthority
    trust: TrustStore
    bidder: PersonKey
    rival: PersonKey
    holders: dict[str, PersonKey]
    escrow: KeptKey
    terms: SealingTerms

    @property
    def suite(self) -> str:
        return self.terms.suite

    @property
    def algorithms(self) -> Suite:
        return suite(self.suite)

    def person(self, name: str, **changes: Any) -> PersonKey:
        facts = {"organisation_name": "甲建设有限公司", "organisation_code": "91370100MA3C000000", "person_id": "p-1"}
        wanted = {"subject_name": name, "at": NOW, **facts, **changes}
        return PersonKey(*self.authority.issue_with_key(**wanted))


@dataclass(frozen=True)
class SealedBid:
    file: Path
    signed: SignedSeal
    contents: tuple[bytes, ...]
