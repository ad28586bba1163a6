"""Suites compute what the published vectors say, and refuse what is not exactly right."""

import itertools
import pickle
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sealing_cast import Cast

from mingzheng.adapters.crypto import known_answers, shamir
from mingzheng.adapters.crypto import suite as suites
from mingzheng.adapters.crypto.intl1 import ORDER
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.kernel.refusal import Refused

INTL = suites.suite("INTL-1")


@pytest.fixture(scope="module")
def algorithms(suite_name: str) -> suites.Suite:
    return suites.suite(suite_name)


def test_hpke_opens_the_published_vector_and_the_published_key_gives_the_published_ciphertext() -> None:
    key, nonce = bytes.fromhex(known_answers.KEY), bytes.fromhex(known_answers.NONCE)
    assert INTL.seal(key, nonce, known_answers.PLAIN, b"Count-0").hex() == known_answers.SEALED
    opened = INTL.unwrap(known_answers.hpke_recipient(), known_answers.hpke_message(), known_answers.INFO)
    assert opened == known_answers.PLAIN


def test_ecdsa_verifies_the_example_of_rfc_6979_and_only_with_the_lower_s() -> None:
    public, signature, message = known_answers.rfc6979_example()
    assert INTL.verify(public, signature, message)
    s = int.from_bytes(signature[32:], "big")
    assert not INTL.verify(public, signature[:32] + (ORDER - s).to_bytes(32, "big"), message)


def test_every_signature_has_the_lower_s_and_64_bytes() -> None:
    private = INTL.new_private_key()
    for number in range(16):
        signature = INTL.sign(private, bytes([number]))
        assert len(signature) == 64
        assert int.from_bytes(signature[32:], "big") <= ORDER // 2
        assert INTL.verify(INTL.public_key(private), signature, bytes([number]))


@given(some.binary(max_size=80))
def test_random_bytes_are_never_a_signature_and_never_an_error(cast: Cast, signature: bytes) -> None:
    assert not cast.algorithms.verify(cast.bidder.public_key, signature, b"sample")
    assert not cast.algorithms.verify(signature, cast.bidder.sign(b"sample"), b"sample")


def test_a_signature_of_the_other_suite_is_none_here(cast: Cast, other_cast: Cast) -> None:
    assert cast.algorithms.verify(cast.bidder.public_key, cast.bidder.sign(b"m"), b"m")
    for public in (cast.bidder.public_key, other_cast.bidder.public_key):
        assert not cast.algorithms.verify(public, other_cast.bidder.sign(b"m"), b"m")
        assert not cast.algorithms.verify(other_cast.bidder.public_key, cast.bidder.sign(b"m"), b"m")


@given(some.integers(0, 4_095), some.integers(1, 255))
def test_one_changed_byte_of_a_wrapped_key_is_refused(cast: Cast, place: int, change: int) -> None:
    private = cast.bidder.private.reveal()
    wrapped = bytearray(cast.algorithms.wrap(cast.bidder.public_key, b"k" * 32, b"here"))
    wrapped[place % len(wrapped)] ^= change
    with pytest.raises(Refused, match=r"seal\.wrong-key"):
        cast.algorithms.unwrap(private, bytes(wrapped), b"here")


@given(some.binary(max_size=300))
def test_random_bytes_are_never_a_wrapped_key_and_never_an_error(cast: Cast, wrapped: bytes) -> None:
    with pytest.raises(Refused, match=r"seal\.wrong-key"):
        cast.algorithms.unwrap(cast.bidder.private.reveal(), wrapped, b"here")


def test_a_wrapped_key_opens_only_in_its_own_context_and_for_its_own_key(algorithms: suites.Suite) -> None:
    private, other = algorithms.new_private_key(), algorithms.new_private_key()
    wrapped = algorithms.wrap(algorithms.public_key(private), b"k" * 32, b"lot A")
    assert algorithms.unwrap(private, wrapped, b"lot A") == b"k" * 32
    for key, context in ((private, b"lot B"), (other, b"lot A"), (private, b"")):
        with pytest.raises(Refused, match=r"seal\.wrong-key"):
            algorithms.unwrap(key, wrapped, context)


def test_a_sealed_chunk_opens_only_as_it_was_sealed(algorithms: suites.Suite) -> None:
    key, nonce, aad = b"k" * 32, b"n" * 12, b"place"
    sealed = algorithms.seal(key, nonce, b"content", aad)
    assert len(sealed) == len(b"content") + 16
    assert algorithms.open(key, nonce, sealed, aad) == b"content"
    assert algorithms.open(b"j" + key[1:], nonce, sealed, aad) is None
    assert algorithms.open(key, b"m" * 12, sealed, aad) is None
    assert algorithms.open(key, nonce, sealed, b"elsewhere") is None
    assert all(algorithms.open(key, nonce, sealed[:cut], aad) is None for cut in range(len(sealed)))
    for place in range(len(sealed)):
        flipped = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert algorithms.open(key, nonce, flipped, aad) is None


def test_derived_keys_differ_by_label_and_key(algorithms: suites.Suite) -> None:
    found = {algorithms.derive(key, label) for key in (b"a" * 32, b"b" * 32) for label in (b"", b"x", b"y" * 99)}
    assert len(found) == 6
    assert {len(one) for one in found} == {32}


def test_a_suite_that_computes_wrongly_is_not_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_answers, "SEALED", known_answers.SEALED[:-2] + "00")
    with pytest.raises(RuntimeError, match="AES-256-GCM"):
        suites.register(type(INTL)())


@pytest.fixture
def own_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists of suites may be changed in this test."""
    for name in ("SUITES", "_READABLE", "_ABSENT"):
        monkeypatch.setattr(suites, name, getattr(suites, name).copy())


@pytest.mark.usefixtures("own_list")
def test_a_suite_outside_the_allow_list_is_refused_by_name(suite_name: str) -> None:
    for name in ("GM-2", "INTL-0", "", None, 1):
        with pytest.raises(Refused, match=r"seal\.unknown-suite"):
            suites.suite(name)
    other = next(name for name in suites.SUITES if name != suite_name)
    suites.allow(suite_name)
    assert suites.suite(suite_name).id == suite_name
    with pytest.raises(Refused, match=r"seal\.unknown-suite"):
        suites.suite(other)


def test_a_key_belongs_to_the_suite_of_its_curve(cast: Cast) -> None:
    for key in (cast.bidder.public_key, cast.bidder.private.reveal()):
        assert suites.suite_of_key(key).id == cast.suite
    with pytest.raises(Refused, match=r"seal\.unknown-suite"):
        suites.suite_of_key(b"no key")


@given(some.binary(min_size=1, max_size=40), some.integers(1, 4), some.integers(0, 3))
def test_any_quorum_restores_the_secret(secret: bytes, threshold: int, more: int) -> None:
    shares = shamir.split(Secret(secret), threshold, threshold + more)
    for quorum in itertools.combinations(shares, threshold):
        assert shamir.combine(quorum) == Secret(secret)


def test_fewer_shares_than_the_threshold_give_something_else() -> None:
    secret = Secret(bytes(range(32)))
    shares = shamir.split(secret, 3, 5)
    assert all(shamir.combine(pair) != secret for pair in itertools.combinations(shares, 2))


def test_every_secret_is_equally_likely_below_the_threshold() -> None:
    """For one byte and k = 2: whatever the first share is, each of the 256 secrets fits some second share."""
    share = shamir.split(Secret(b"\x2a"), 2, 2)[0]
    fitting = {shamir.combine([share, Secret(bytes([value, 2]))]).reveal() for value in range(256)}
    assert len(fitting) == 256


def test_the_same_share_twice_does_not_count_twice() -> None:
    shares = shamir.split(Secret(b"s" * 32), 2, 3)
    with pytest.raises(ValueError, match="belong"):
        shamir.combine([shares[0], shares[0]])


def test_a_secret_is_never_shown() -> None:
    content = uuid4().bytes
    secret = Secret(content)
    shown = f"{secret} {secret!r} {[secret]} {secret:>50} {secret!s}"
    assert content.hex() not in shown
    assert str(content) not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
