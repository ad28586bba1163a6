"""Fixtures: SoftHSM tokens, one of them plugged in, and an agent a page is paired with."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent_page import Page, agent_for
from soft_token import NOW, SoftTokens, module, prepare

from mingzheng.adapters.agent.pkcs11_signer import TokenSigner
from mingzheng.adapters.crypto.ca import DemoAuthority

for folder in ("design", "crypto", "contracts"):  # the little centre, the site that takes sealed bids, papers
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

TOKENS = 14  # as many as the tests of this folder take


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftTokens]:
    found = module()
    folder = tmp_path_factory.mktemp("softhsm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        yield SoftTokens(found, folder, DemoAuthority.open(folder / "keys", NOW), prepare(folder, TOKENS))


@pytest.fixture(scope="session")
def token(tokens: SoftTokens) -> str:
    """The label of a token with one key and its certificate."""
    return tokens.plug_in()


@pytest.fixture
def signer(tokens: SoftTokens, token: str) -> Iterator[TokenSigner]:
    opened = tokens.open(token)
    yield opened
    opened.close()


@pytest.fixture
def page(signer: TokenSigner) -> Iterator[Page]:
    """A page the agent is paired with."""
    with agent_for(signer) as found:
        found.pair()
        yield found
