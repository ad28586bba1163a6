"""`mingzheng agent request`: a certificate request signed inside the token, for a key that is there or a fresh one."""

import subprocess
import sys
from pathlib import Path

import pytest
from soft_token import NOW, PIN, SoftTokens

from mingzheng.adapters.agent.pkcs11_keys import key_of_token
from mingzheng.adapters.crypto import x509_signing
from mingzheng.adapters.crypto.certificates import TrustStore, check_certificate, fingerprint
from mingzheng.adapters.crypto.suite import suite
from mingzheng.kernel.refusal import Refused


def asked(tokens: SoftTokens, token: str, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    (out.parent / "pin").write_text(f"{PIN}\n", "utf-8")
    order = ["--module", tokens.module, "--token", token, "--pin-file", str(out.parent / "pin"), "--name", "张三"]
    order += ["--organisation", "甲公司", "--code", "91330100MA2A0000XX", "--out", str(out), *more]
    return subprocess.run(
        [sys.executable, "-m", "mingzheng", "agent", "request", *order],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_key_in_the_token_asks_for_its_certificate_and_signs_under_it(tokens: SoftTokens, tmp_path: Path) -> None:
    label, out = tokens.plug_in(certified=False), tmp_path / "me.csr"
    done = asked(tokens, label, out)
    assert done.returncode == 0, done.stderr
    subject, public = x509_signing.read_request(out.read_bytes())  # refused unless its own key signed it
    assert public == tokens.public_key(label)
    assert "张三" in subject.rfc4514_string()
    certificate = tokens.certificate(public)
    assert check_certificate(certificate, NOW, TrustStore([tokens.authority.certificate])).person_name == "张三"
    opened = tokens.open(label, certificate=certificate)
    assert suite("INTL-1").verify(public, opened.sign(b"x"), b"x")
    opened.close()
    again = asked(tokens, label, out)
    assert again.returncode == 1, "a request is not written over another file"


def test_for_a_renewal_the_token_makes_a_fresh_key_beside_the_old_one(tokens: SoftTokens, tmp_path: Path) -> None:
    label, out = tokens.plug_in(), tmp_path / "next.csr"
    old = tokens.open(label)
    first = fingerprint(old.certificate)
    old.close()
    assert asked(tokens, label, out, "--make", "key-next").returncode == 0
    _, public = x509_signing.read_request(out.read_bytes())
    fresh = tokens.certificate(public)
    opened = tokens.open(label, certificate=fresh, key="key-next")
    assert suite("INTL-1").verify(public, opened.sign(b"x"), b"x")
    secret = suite("INTL-1").wrap(public, b"content key", b"context")
    assert opened.unwrap(secret, b"context").reveal() == b"content key"
    opened.close()
    old = tokens.open(label, key="key-0")
    assert fingerprint(old.certificate) == first, "the old one signs until it is put out of use"
    old.close()
    twice = asked(tokens, label, tmp_path / "other.csr", "--make", "key-next")
    assert (twice.returncode, twice.stderr.partition(":")[0]) == (1, "agent.key-not-made")
    unclear = asked(tokens, label, tmp_path / "third.csr")
    assert unclear.stderr.startswith("agent.no-key: ")


def test_what_cannot_be_asked_for_is_said(tokens: SoftTokens, token: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^agent.wrong-pin$"), key_of_token(tokens.module, token, "0000"):
        pass
    with pytest.raises(Refused, match=r"^agent.no-key$"), key_of_token(tokens.module, token, PIN, label="没有"):
        pass
    short = subprocess.run(
        [sys.executable, "-m", "mingzheng", "agent", "request", "--module", "x", "--token", "y"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (short.returncode, short.stderr) == (2, "Also needed: --name, --out\n")
