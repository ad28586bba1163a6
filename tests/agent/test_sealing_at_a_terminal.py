"""`mingzheng seal --agent`: a bid sealed and opened at a terminal with a key that never leaves its device."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path

import pytest
from agent_page import ORIGIN, agent_for
from sealing_cast import LOT, SUMMARY
from soft_token import NOW

from mingzheng.adapters.agent.pkcs11_signer import TokenSigner
from mingzheng.adapters.crypto import seal_command
from mingzheng.adapters.crypto.certificates import fingerprint
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel import clock


def run(*arguments: str) -> int:
    parser = ArgumentParser()
    seal_command.add_arguments(parser)
    return seal_command.run(parser.parse_args(list(arguments)))


@pytest.fixture
def at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder with a tender, a summary and a file; the clock on 2 March 2026."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "_source", lambda: NOW)
    terms = SealingTerms(LOT, "INTL-1", NOW + timedelta(days=20), 64 * 1024 * 1024, None)
    Path("TENDER.json").write_text(json.dumps(terms.as_json()))
    Path("summary.json").write_text(json.dumps(SUMMARY))
    Path("offer.pdf").write_bytes(b"offer" * 5_000)


def test_a_bid_is_sealed_and_opened_with_the_key_in_the_token(at_work: None, signer: TokenSigner) -> None:
    with agent_for(signer) as page:
        agent = ("--agent", str(page.port), "--origin", ORIGIN, "--pairing-file", "code")
        Path("code").write_text(f"{page.clerk.codes[-1]}\n")
        order = ("--tender", "TENDER.json", "--summary", "summary.json", "--out", "bid.mzb")
        assert run(*order, "offer.pdf", *agent) == 0
        assert json.loads(Path("bid.mzb.seal").read_text())["seal"]["bidder"] == fingerprint(signer.certificate)
        assert run("--check", "bid.mzb", "--tender", "TENDER.json") == 0
        Path("code").write_text(f"{page.clerk.codes[-1]}\n")
        assert run("--open", "bid.mzb", "--out", "opened", *agent) == 0
        assert Path("opened/001-offer.pdf").read_bytes() == b"offer" * 5_000
        asked = "\n".join(page.clerk.asked)
        assert "签署投标文件的封签" in asked
        assert "解密本人的投标文件" in asked


def test_a_wrong_code_another_centre_and_a_person_who_says_no_leave_no_file(
    at_work: None, signer: TokenSigner, capsys: pytest.CaptureFixture[str]
) -> None:
    with agent_for(signer) as page:
        order = ("--tender", "TENDER.json", "--summary", "summary.json", "--out", "bid.mzb", "--pairing-file", "code")
        agent = ("--agent", str(page.port), "--origin")
        Path("code").write_text("2222-2222\n")
        assert run(*order, "offer.pdf", *agent, ORIGIN) == 1
        assert "agent.wrong-code" in capsys.readouterr().err
        Path("code").write_text(f"{page.clerk.codes[-1]}\n")
        assert run(*order, "offer.pdf", *agent, "https://imitation.example") == 1
        assert "agent.foreign-origin" in capsys.readouterr().err
        page.clerk.says = False
        assert run(*order, "offer.pdf", *agent, ORIGIN) == 1
        assert "agent.declined" in capsys.readouterr().err
        assert not Path("bid.mzb").exists()
