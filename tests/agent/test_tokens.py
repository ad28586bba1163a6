"""A hardware key signs and unwraps exactly as a key file does, and says what is wrong with a token."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from soft_token import NOW, SoftTokens

from mingzheng.adapters.agent import pkcs11_signer
from mingzheng.adapters.agent.key_schedule import open_wrapped
from mingzheng.adapters.agent.pkcs11_signer import TokenSigner, open_token
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore, check_certificate, fingerprint
from mingzheng.adapters.crypto.intl1 import ORDER, Intl1, private_der, public_der
from mingzheng.adapters.crypto.suite import suite
from mingzheng.kernel.refusal import Refused

SUITE = Intl1()


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


def test_every_signature_is_the_one_spelling_a_key_file_gives(signer: TokenSigner) -> None:
    public = SUITE.public_key(private_der(ec.generate_private_key(ec.SECP256R1())))
    own = signer.certificate
    for number in range(24):  # half of a token's signatures have the higher s
        message = f"第 {number} 件".encode()
        signature = signer.sign(message)
        assert len(signature) == 64
        assert int.from_bytes(signature[32:]) <= ORDER // 2
        assert SUITE.verify(pkcs11_signer.public_key_of(own), signature, message)
        assert not SUITE.verify(public, signature, message)


def test_what_the_platform_wraps_the_token_unwraps(signer: TokenSigner) -> None:
    public = pkcs11_signer.public_key_of(signer.certificate)
    for context in (b"", b"mingzheng-bid-1 wrap bidder\0" + bytes(32)):
        secret = os.urandom(32)
        assert signer.unwrap(SUITE.wrap(public, secret, context), context).reveal() == secret


def test_the_key_schedule_agrees_with_that_of_keys_in_memory() -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    public = public_der(private.public_key())

    def agree(point: bytes) -> bytes:
        return private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))

    for length in (0, 1, 32, 5000):
        secret = os.urandom(length)
        assert open_wrapped(SUITE.wrap(public, secret, b"context"), b"context", public[-65:], agree) == secret


def test_another_context_key_or_byte_and_a_point_off_the_curve_do_not_unwrap(signer: TokenSigner) -> None:
    public = pkcs11_signer.public_key_of(signer.certificate)
    wrapped = SUITE.wrap(public, b"secret", b"context")
    other = SUITE.wrap(SUITE.public_key(SUITE.new_private_key()), b"secret", b"context")
    off = b"\x04" + bytes(63) + b"\x01" + wrapped[65:]
    damaged = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for one, context in [
        (wrapped, b"other"),
        (other, b"context"),
        (off, b"context"),
        (damaged, b"context"),
        (b"", b""),
    ]:
        with refused("seal.wrong-key"):
            signer.unwrap(one, context)


def test_the_certificate_on_the_token_is_one_the_platform_trusts(signer: TokenSigner, tokens: SoftTokens) -> None:
    trust = TrustStore([tokens.authority.certificate])
    assert check_certificate(signer.certificate, NOW, trust).fingerprint == fingerprint(signer.certificate)
    assert (signer.suite, signer.label.startswith("token-")) == ("INTL-1", True)


def test_a_token_that_is_not_there_a_wrong_pin_and_a_missing_module_are_said(tokens: SoftTokens, token: str) -> None:
    with refused("agent.token-absent"):
        open_token(tokens.module, "别人的", "1")
    with refused("agent.wrong-pin"):
        open_token(tokens.module, token, "0000")
    with refused("agent.module-absent"):
        open_token("/nowhere/lib.so", token, "1")
    with refused("agent.module-absent"):
        open_token(__file__, token, "1")


def test_a_token_without_its_certificate_takes_one_from_a_file_and_no_other(tokens: SoftTokens) -> None:
    label = tokens.plug_in(certified=False)
    with refused("agent.no-key"):
        tokens.open(label)
    with refused("agent.no-key"):
        tokens.open(label, certificate=tokens.certificate(SUITE.public_key(SUITE.new_private_key())))
    own = tokens.certificate(tokens.public_key(label))
    opened = tokens.open(label, certificate=own)
    assert SUITE.verify(pkcs11_signer.public_key_of(own), opened.sign(b"x"), b"x")
    opened.close()


def test_of_several_keys_one_must_be_named(tokens: SoftTokens) -> None:
    label = tokens.plug_in(keys=2)
    with refused("agent.no-key"):
        tokens.open(label)
    found = set()
    for number in range(2):
        opened = tokens.open(label, key=f"key-{number}")
        found.add(opened.certificate)
        opened.close()
    assert len(found) == 2


def test_a_certificate_of_sm2_is_refused_with_the_reason(tokens: SoftTokens) -> None:
    gm = DemoAuthority.open(tokens.folder / "keys", NOW, "GM-1")
    public = suite("GM-1").public_key(suite("GM-1").new_private_key())
    pem = gm.issue(
        subject_name="张三", organisation_name="甲", organisation_code="9", person_id="", public_key=public, at=NOW
    )
    label = tokens.plug_in(certified=False)
    with refused("agent.sm2-not-supported"):
        tokens.open(label, certificate=pem)


def test_a_token_pulled_out_signs_and_unwraps_no_more(tokens: SoftTokens) -> None:
    label = tokens.plug_in()
    opened = tokens.open(label)
    wrapped = SUITE.wrap(pkcs11_signer.public_key_of(opened.certificate), b"secret", b"context")
    assert opened.sign(b"x")
    tokens.pull_out(label)
    with refused("agent.token-removed"):
        opened.sign(b"x")
    with refused("agent.token-removed"):
        opened.unwrap(wrapped, b"context")
    opened.close()
