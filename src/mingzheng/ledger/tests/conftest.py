"""Every test of the ledger runs under both suites."""

from collections.abc import Iterator

import pytest

from mingzheng.kernel import digest


@pytest.fixture(scope="module", autouse=True, params=sorted(digest.SUITES, reverse=True))
def suite(request: pytest.FixtureRequest) -> Iterator[str]:
    """The suite whose digests and keys this test makes."""
    with digest.under(digest.SUITES[request.param]):
        yield request.param
