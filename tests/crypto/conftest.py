"""A small cast for the tests of suites, certificates and sealed bids: an authority, bidders, rescue holders, a lot."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sealing_cast import LOT, NOW, SUMMARY, Cast, SealedBid

from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore
from mingzheng.adapters.crypto.container import LEAST_CHUNK
from mingzheng.adapters.crypto.kept_keys import kept_key
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.suite import SUITES
from mingzheng.adapters.crypto.terms import RescueHolder, RescueTerms, SealingTerms
from mingzheng.kernel.refusal import Refused


@pytest.fixture(scope="session", params=sorted(SUITES))
def suite_name(request: pytest.FixtureRequest) -> str:
    """Every test that asks for it, or for the cast, runs once in each suite."""
    return str(request.param)


@pytest.fixture(scope="session")
def casts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cast]:
    """The same people twice, once a suite."""
    return {name: _cast(tmp_path_factory.mktemp("keys"), name) for name in SUITES}


@pytest.fixture(scope="session")
def cast(casts: dict[str, Cast], suite_name: str) -> Cast:
    return casts[suite_name]


@pytest.fixture(scope="session")
def other_cast(casts: dict[str, Cast], suite_name: str) -> Cast:
    """The people of the suite that is not asked for."""
    return next(cast for name, cast in casts.items() if name != suite_name)


def _cast(folder: Path, suite_name: str) -> Cast:
    authority = DemoAuthority.open(folder, NOW, suite_name)

    def person(name: str, organisation: str) -> PersonKey:
        made = authority.issue_with_key(
            subject_name=name, organisation_name=organisation, organisation_code="91", person_id=name, at=NOW
        )
        return PersonKey(*made)

    holders = {
        "procuring_entity": person("招标人代表", "某市水务局"),
        "centre": person("中心人员", "公共资源交易中心"),
        "supervisor": person("监督人员", "行政监督部门"),
    }
    escrow = kept_key(folder, "escrow", suite_name)
    rescue = RescueTerms(
        escrow.public_key, 2, tuple(RescueHolder(office, key.public_key) for office, key in holders.items())
    )
    return Cast(
        authority,
        TrustStore([authority.certificate]),
        person("张三", "甲建设有限公司"),
        person("王五", "乙建设有限公司"),
        holders,
        escrow,
        SealingTerms(LOT, suite_name, NOW + timedelta(days=20), 64 * 1024 * 1024, rescue),
    )


@pytest.fixture
def sealed(cast: Cast, tmp_path: Path) -> Callable[..., SealedBid]:
    """Seal contents for the bidder: sealed(b"...", b"...", signer=..., consent=..., terms=...)."""
    made = 0

    def seal(*contents: bytes, **changes: Any) -> SealedBid:
        nonlocal made
        made += 1
        files = []
        for index, content in enumerate(contents or (b"technical offer " * 3_000,)):
            file = tmp_path / f"{made}-{index}-技术标.pdf"
            file.write_bytes(content)
            files.append(file)
        out = tmp_path / f"{made}.mzb"
        wanted: dict[str, Any] = {"consent": True, "at": NOW, "chunk": LEAST_CHUNK}
        signer, terms = changes.pop("signer", cast.bidder), changes.pop("terms", cast.terms)
        signed = seal_bid(SUMMARY, files, terms, signer, out, **{**wanted, **changes})
        return SealedBid(out, signed, tuple(file.read_bytes() for file in files))

    return seal


@pytest.fixture
def code() -> Callable[..., str]:
    """The refusal code of a call: code(lambda: ...)."""

    def call(act: Callable[[], Any]) -> str:
        with pytest.raises(Refused) as caught:
            act()
        return caught.value.code

    return call
