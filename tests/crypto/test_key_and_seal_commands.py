"""`mingzheng key` and `mingzheng seal` do at a terminal what the browser does in a page."""

import json
import socket
from argparse import ArgumentParser
from pathlib import Path

import pytest
from sealing_cast import NOW, SUMMARY, Cast

from mingzheng.adapters.crypto import key_command, keyfile, seal_command
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import facts
from mingzheng.kernel import clock


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """run("seal", ...) in an empty folder, with the password in the environment and the clock on 2 March 2026."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MINGZHENG_KEY_PASSWORD", "password-1")
    monkeypatch.setattr(clock, "_source", lambda: NOW)

    def call(command: str, *arguments: str) -> int:
        module = {"key": key_command, "seal": seal_command}[command]
        parser = ArgumentParser()
        module.add_arguments(parser)
        return module.run(parser.parse_args(list(arguments)))

    return call


@pytest.fixture
def prepared(run, cast: Cast, tmp_path: Path) -> None:
    DemoAuthority.open(tmp_path / "keys", NOW, cast.suite)
    new = ("key", "new", "me.mzkey", "--suite", cast.suite, "--name", "张三", "--organisation", "甲公司")
    assert run(*new) == 0
    assert run("key", "cert", "me.mzkey", "--demo-authority", "keys") == 0
    Path("TENDER.json").write_text(json.dumps(cast.terms.as_json()))
    Path("summary.json").write_text(json.dumps(SUMMARY))
    Path("offer.pdf").write_bytes(b"offer" * 5_000)


SEAL = ("seal", "--tender", "TENDER.json", "--key", "me.mzkey", "--summary", "summary.json", "--out", "bid.mzb")


def test_a_bid_is_sealed_checked_and_opened_again(prepared, run, capsys) -> None:
    assert run(*SEAL, "offer.pdf") == 0
    assert run("seal", "--check", "bid.mzb", "--tender", "TENDER.json") == 0
    assert run("seal", "--open", "bid.mzb", "--key", "me.mzkey", "--out", "opened") == 0
    assert Path("opened/001-offer.pdf").read_bytes() == b"offer" * 5_000
    assert json.loads(Path("opened/summary.json").read_text()) == SUMMARY
    assert "seal and file agree" in capsys.readouterr().out
    assert json.loads(Path("bid.mzb.seal").read_text())["seal"]["consent"] is True


def test_a_tender_of_another_suite_than_asked_for_is_refused(prepared, run, capsys, cast: Cast, other_cast) -> None:
    assert run(*SEAL, "--suite", other_cast.suite, "offer.pdf") == 1
    assert "seal.wrong-suite" in capsys.readouterr().err
    assert not Path("bid.mzb").exists()
    assert run(*SEAL, "--suite", cast.suite, "offer.pdf") == 0
    assert run("seal", "--check", "bid.mzb", "--tender", "TENDER.json", "--suite", other_cast.suite) == 1
    assert run("seal", "--open", "bid.mzb", "--key", "me.mzkey", "--out", "x", "--suite", other_cast.suite) == 1


def test_a_key_of_another_suite_than_the_tender_s_is_refused_by_name(prepared, run, capsys, other_cast) -> None:
    Path("TENDER.json").write_text(json.dumps(other_cast.terms.as_json()))
    assert run(*SEAL, "offer.pdf") == 1
    assert "key.wrong-suite" in capsys.readouterr().err


def test_a_key_without_a_named_suite_is_of_the_deployment_s(run, cast: Cast, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("MINGZHENG_SUITE", cast.suite)
    DemoAuthority.open(tmp_path / "keys", NOW, cast.suite)
    assert run("key", "new", "me.mzkey", "--name", "张三") == 0
    assert run("key", "cert", "me.mzkey", "--demo-authority", "keys") == 0
    capsys.readouterr()
    assert run("key", "show", "me.mzkey", "--check") == 0
    shown = capsys.readouterr().out
    assert f"suite        {cast.suite}" in shown
    assert f"fingerprint  {cast.algorithms.digest_name}:" in shown


def test_a_renewal_asks_for_the_same_names_in_the_same_suite_with_a_fresh_key(prepared, run, cast: Cast) -> None:
    old = Path("me.mzkey").read_text()
    assert run("key", "renew", "next.mzkey", "--of", "me.mzkey") == 0
    assert run("key", "cert", "next.mzkey", "--demo-authority", "keys") == 0
    first, second = (facts(keyfile.blocks(Path(one).read_text())[1]) for one in ("me.mzkey", "next.mzkey"))
    assert (first.person_name, first.organisation_name, first.suite) == ("张三", "甲公司", cast.suite)
    assert (second.person_name, second.organisation_name, second.suite) == ("张三", "甲公司", cast.suite)
    assert first.public_key != second.public_key
    assert Path("me.mzkey").read_text() == old
    Path("old.pem").write_text(keyfile.blocks(old)[1])
    assert run("key", "renew", "third.mzkey", "--of", "old.pem", "--request", "third.req") == 0
    assert Path("third.req").is_file()
    assert run("key", "renew", "next.mzkey", "--of", "me.mzkey") == 1, "a key is never overwritten"


def test_a_renewal_of_a_key_without_a_certificate_is_refused(run, cast: Cast, capsys) -> None:
    assert run("key", "new", "bare.mzkey", "--suite", cast.suite, "--name", "张三") == 0
    assert run("key", "renew", "next.mzkey", "--of", "bare.mzkey") == 1
    assert "certificate.unreadable" in capsys.readouterr().err
    assert not Path("next.mzkey").exists()


def test_without_an_agent_answering_sealing_says_so_before_any_work(prepared, run, capsys, tmp_path) -> None:
    (tmp_path / "code").write_text("ABCD-EFGH\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    order = [one for one in SEAL if one not in ("--key", "me.mzkey")]
    more = ("--origin", "https://centre.example", "--pairing-file", "code")
    assert run(*order, "--agent", str(free), *more, "offer.pdf") == 1
    assert "agent.silent" in capsys.readouterr().err
    assert not Path("bid.mzb").exists()
    assert run(*order, "offer.pdf", "--agent") == 2
    assert "--origin" in capsys.readouterr().err


def test_consent_is_the_bidder_s_to_refuse(prepared, run) -> None:
    assert run(*SEAL, "--no-rescue", "offer.pdf") == 0
    assert json.loads(Path("bid.mzb.seal").read_text())["seal"]["rescue"] is None


def test_a_spoiled_file_is_named_and_gives_status_1(prepared, run, capsys) -> None:
    assert run(*SEAL, "offer.pdf") == 0
    content = bytearray(Path("bid.mzb").read_bytes())
    content[-1] ^= 1
    Path("bid.mzb").write_bytes(content)
    assert run("seal", "--check", "bid.mzb", "--tender", "TENDER.json") == 1
    assert "seal.file-differs" in capsys.readouterr().err


def test_a_wrong_password_gives_status_1_and_shows_nothing(prepared, run, capsys, monkeypatch) -> None:
    monkeypatch.setenv("MINGZHENG_KEY_PASSWORD", "password-2")
    assert run(*SEAL, "offer.pdf") == 1
    shown = capsys.readouterr()
    assert "key.wrong-password" in shown.err
    assert "password-2" not in shown.err + shown.out
    assert not Path("bid.mzb").exists()


def test_a_missing_argument_is_named(run, capsys) -> None:
    assert run("seal", "--check", "bid.mzb") == 2
    assert "--tender" in capsys.readouterr().err


def test_a_missing_file_is_named(prepared, run, capsys) -> None:
    assert run(*SEAL, "nothing.pdf") == 1
    assert "nothing.pdf" in capsys.readouterr().err


def test_key_show_says_whose_key_it_is(prepared, run, capsys) -> None:
    assert run("key", "show", "me.mzkey", "--check") == 0
    assert "张三" in capsys.readouterr().out


def test_an_existing_key_is_never_overwritten(prepared, run) -> None:
    before = Path("me.mzkey").read_text()
    assert run("key", "new", "me.mzkey", "--name", "李四") == 1
    assert Path("me.mzkey").read_text() == before
    assert Path("me.mzkey").stat().st_mode & 0o077 == 0
    assert keyfile.open_key_file(before, "password-1").fingerprint


def test_another_s_certificate_is_not_put_into_a_key_file(prepared, run, cast: Cast, capsys) -> None:
    Path("other.pem").write_text(cast.rival.certificate)
    assert run("key", "cert", "me.mzkey", "--certificate", "other.pem") == 1
    assert "key.certificate-mismatch" in capsys.readouterr().err
