"""Certificates bind only while trusted, in force, meant for it and not revoked; signatures bind exactly one text."""

import base64
import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as some
from sealing_cast import NOW, VECTORS, Cast

from mingzheng.adapters.crypto import acts, keyfile, x509_signing
from mingzheng.adapters.crypto.ca import FILES, DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore, check_certificate, fingerprint
from mingzheng.kernel.refusal import Refused


def test_a_certificate_says_who_it_is_for(cast: Cast) -> None:
    facts = check_certificate(cast.bidder.certificate, NOW, cast.trust)
    assert (facts.person_name, facts.organisation_name, facts.suite) == ("张三", "甲建设有限公司", cast.suite)
    assert facts.fingerprint == fingerprint(cast.bidder.certificate) == cast.bidder.fingerprint
    assert facts.public_key == cast.bidder.public_key


def test_a_certificate_is_good_to_its_last_second_and_not_one_longer(cast: Cast, code) -> None:
    pem = cast.person("短期", days=1).certificate
    assert check_certificate(pem, NOW + timedelta(days=1), cast.trust)
    late = NOW + timedelta(days=1, seconds=1)
    assert code(lambda: check_certificate(pem, late, cast.trust)) == "certificate.expired"
    early = NOW - timedelta(seconds=1)
    assert code(lambda: check_certificate(pem, early, cast.trust)) in (
        "certificate.not-yet-valid",
        "certificate.unknown-authority",
    )


def test_a_certificate_of_tomorrow_is_refused_today(cast: Cast, code) -> None:
    pem = cast.person("明天", at=NOW + timedelta(days=1)).certificate
    assert code(lambda: check_certificate(pem, NOW, cast.trust)) == "certificate.not-yet-valid"


def test_a_certificate_of_an_unknown_authority_of_the_same_name_is_refused(cast: Cast, tmp_path: Path, code) -> None:
    other = DemoAuthority.open(tmp_path, NOW, cast.suite)
    _, pem = other.issue_with_key(
        subject_name="张三", organisation_name="甲", organisation_code="9", person_id="p", at=NOW
    )
    assert code(lambda: check_certificate(pem, NOW, cast.trust)) == "certificate.unknown-authority"
    assert check_certificate(pem, NOW, TrustStore([cast.authority.certificate, other.certificate]))


def test_the_authority_s_own_certificate_binds_nobody(cast: Cast, code) -> None:
    assert code(lambda: check_certificate(cast.authority.certificate, NOW, cast.trust)) == "certificate.wrong-usage"


def test_a_certificate_that_may_only_identify_a_server_is_refused(cast: Cast, code) -> None:
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(cast.authority._own.subject)
    builder = builder.serial_number(7).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    authority = cast.authority._private.reveal()
    made = x509_signing.certificate(builder, cast.bidder.public_key, authority)
    made = made.public_bytes(serialization.Encoding.PEM).decode()
    assert code(lambda: check_certificate(made, NOW, cast.trust)) == "certificate.wrong-usage"


def test_a_revoked_certificate_is_refused_by_its_serial_and_no_other_is(cast: Cast, code) -> None:
    revoked = {check_certificate(cast.rival.certificate, NOW, cast.trust).serial}
    assert code(lambda: check_certificate(cast.rival.certificate, NOW, cast.trust, revoked)) == "certificate.revoked"
    assert check_certificate(cast.bidder.certificate, NOW, cast.trust, revoked)


@pytest.mark.parametrize("pem", ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "é" * 9])
def test_nonsense_is_no_certificate(cast: Cast, code, pem: str) -> None:
    assert code(lambda: check_certificate(pem, NOW, cast.trust)) == "certificate.unreadable"


def test_a_certificate_is_issued_for_a_key_that_never_left_its_owner(cast: Cast) -> None:
    public = cast.algorithms.public_key(cast.algorithms.new_private_key())
    pem = cast.authority.issue(
        subject_name="赵六",
        organisation_name="丙",
        organisation_code="9",
        person_id="p",
        public_key=public,
        at=NOW,
    )
    assert check_certificate(pem, NOW, cast.trust).public_key == public


def test_two_starts_at_once_make_one_authority(cast: Cast, tmp_path: Path) -> None:
    found: list[str] = []
    starts = [
        threading.Thread(target=lambda: found.append(DemoAuthority.open(tmp_path, NOW, cast.suite).certificate))
        for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(set(found)) == 1
    assert (tmp_path / FILES[cast.suite]).stat().st_mode & 0o077 == 0
    assert len(list(tmp_path.iterdir())) == 1


def test_a_signed_act_verifies_and_any_other_text_does_not(cast: Cast, code) -> None:
    text = acts.act_text("bidding.submit_bid", {"lot": "L", "file": "sha256:" + "0" * 64}, "n-1")
    signature = acts.sign_text(cast.bidder.private.reveal(), text)
    acts.verify_act(text, signature, cast.bidder.certificate)
    other = acts.act_text("bidding.submit_bid", {"lot": "L", "file": "sha256:" + "0" * 64}, "n-2")
    assert code(lambda: acts.verify_act(other, signature, cast.bidder.certificate)) == "signature.wrong"
    assert code(lambda: acts.verify_act(text, signature, cast.rival.certificate)) == "signature.wrong"
    assert code(lambda: acts.verify_act(text, "!" + signature, cast.bidder.certificate)) == "signature.wrong"
    assert code(lambda: acts.verify_act(text, "", cast.bidder.certificate)) == "signature.wrong"


@given(some.data())
def test_one_changed_character_of_a_signature_is_refused(cast: Cast, data: some.DataObject) -> None:
    text = acts.act_text("a.b", {}, "n")
    signature = bytearray(base64.b64decode(acts.sign_text(cast.bidder.private.reveal(), text)))
    place = data.draw(some.integers(0, 4_095)) % len(signature)  # an SM2 signature is 68 to 72 bytes long
    signature[place] ^= data.draw(some.integers(1, 255))
    with pytest.raises(Refused, match=r"signature\.wrong"):
        acts.verify_act(text, base64.b64encode(signature).decode(), cast.bidder.certificate)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"act":"a","fields":{},"nonce":""}',
        '{"act":"a","fields":[],"nonce":"n"}',
        '{"act": "a","fields":{},"nonce":"n"}',
        '{"nonce":"n","act":"a","fields":{}}',
        '{"act":"a","act":"b","fields":{},"nonce":"n"}',
        '{"act":"a","extra":1,"fields":{},"nonce":"n"}',
    ],
)
def test_a_text_that_is_not_exactly_canonical_is_refused_before_its_signature_is_looked_at(code, text: str) -> None:
    assert code(lambda: acts.read_act(text)) == "signature.unreadable"


@given(some.dictionaries(some.text(max_size=8), some.text(max_size=20) | some.booleans() | some.none(), max_size=6))
def test_every_act_reads_back_as_it_was_signed(fields: dict[str, object]) -> None:
    assert acts.read_act(acts.act_text("x.y", fields, "n")) == ("x.y", fields, "n")


def test_money_as_a_number_is_not_signed() -> None:
    with pytest.raises(ValueError, match="exceeds"):
        acts.act_text("a.b", {"price": 2**60}, "n")


def test_the_act_vectors_are_read(suite_name: str) -> None:
    for case in json.loads((VECTORS[suite_name] / "acts.json").read_text())["acts"]:
        assert acts.act_text(case["act"], case["fields"], case["nonce"]) == case["text"]
        acts.verify_act(case["text"], case["signature"], case["certificate"])


def test_a_key_file_opens_with_its_password_and_with_no_other(cast: Cast, code) -> None:
    text = keyfile.write_key_file(cast.bidder.private, cast.bidder.certificate, "密码-12345678", rounds=2000)
    opened = keyfile.open_key_file(text, "密码-12345678")
    assert opened.private == cast.bidder.private
    for wrong in ("", "密码-12345679", "x" * 500):
        assert code(lambda wrong=wrong: keyfile.open_key_file(text, wrong)) == "key.wrong-password"


def test_a_short_password_is_refused(cast: Cast, code) -> None:
    assert code(lambda: keyfile.write_key_file(cast.bidder.private, None, "1234567")) == "key.password-too-short"


def test_a_damaged_key_file_is_named_damaged(cast: Cast, code) -> None:
    text = keyfile.write_key_file(cast.bidder.private, cast.bidder.certificate, "password", rounds=2000)
    lines = text.splitlines(keepends=True)
    assert code(lambda: keyfile.open_key_file("".join([lines[0], *lines[2:]]), "password")) == "key.unreadable"
    assert code(lambda: keyfile.open_key_file(cast.bidder.certificate, "password")) == "key.unreadable"
    assert code(lambda: keyfile.open_key_file(keyfile.blocks(text)[0], "password")) == "key.unreadable"
    assert code(lambda: keyfile.open_key_file("x" * 70_000, "password")) == "key.unreadable"


def test_a_key_file_with_another_s_certificate_is_refused(cast: Cast, code) -> None:
    text = keyfile.write_key_file(cast.bidder.private, cast.rival.certificate, "password", rounds=2000)
    assert code(lambda: keyfile.open_key_file(text, "password")) == "key.certificate-mismatch"


def test_an_opened_key_is_not_shown(cast: Cast) -> None:
    private = cast.bidder.private.reveal()
    shown = repr(cast.bidder) + str(cast.bidder)
    assert private.hex() not in shown
    assert base64.b64encode(private).decode() not in shown
    assert str(private) not in shown
