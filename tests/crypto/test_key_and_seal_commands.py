"""`mingzheng key` and `mingzheng seal` do at a terminal what the browser does in a page."""

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest
from sealing_cast import NOW, SUMMARY, Cast

from mingzheng.adapters.crypto import key_command, keyfile, seal_command
from mingzheng.adapters.crypto.ca import DemoAuthority
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
