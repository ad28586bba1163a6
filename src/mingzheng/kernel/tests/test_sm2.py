"""SM2: the published examples, one spelling a signature, and what is said where the machine has none."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mingzheng.kernel import libcrypto, sm2, sm2_example

PRIVATE = sm2.private_of(sm2_example.PRIVATE)
PUBLIC = sm2.public_key(PRIVATE)


@pytest.fixture
def other_library() -> Iterator[None]:
    """The library is looked for anew, and again after the test."""
    libcrypto.library.cache_clear()
    yield
    libcrypto.library.cache_clear()


def test_the_published_examples_come_out() -> None:
    sm2.self_test()
    assert sm2.public_of(*sm2_example.PUBLIC) == PUBLIC
    assert sm2.decrypt(PRIVATE, sm2_example.ciphertext()) == b"encryption standard"


def test_a_signature_holds_for_its_key_message_and_identity_only() -> None:
    signature = sm2.sign(PRIVATE, b"bid")
    assert sm2.verify(PUBLIC, signature, b"bid")
    assert not sm2.verify(PUBLIC, signature, b"bit")
    assert not sm2.verify(PUBLIC, signature, b"bid", identity=b"somebody else")
    assert not sm2.verify(sm2.public_key(sm2.generate()), signature, b"bid")
    assert sm2.sign(PRIVATE, b"bid") != signature, "fresh nonce every time"
    assert sm2.verify(PUBLIC, sm2.sign(PRIVATE, b""), b"")


def _spellings(r: int, s: int) -> dict[str, bytes]:
    """Encodings of a true signature that a lax reader would take."""
    true = sm2.signature_of(r, s)
    wide = b"\x02\x21\x00" + r.to_bytes(32, "big")
    wider = b"\x02\x22\x00\x00" + r.to_bytes(32, "big")
    last = sm2.signature_of(1, s)[5:]
    order = sm2.ORDER
    return {
        "trailing byte": true + b"\0",
        "trailing byte inside": bytes([0x30, len(true) - 1]) + true[2:] + b"\0",
        "long length": b"\x30\x81" + true[1:],
        "padded number": bytes([0x30, len(wider) + len(last)]) + wider + last,
        "r beyond n": bytes([0x30, len(wide) + len(last)]) + b"\x02\x21" + (r + order).to_bytes(33, "big") + last,
        "raw": r.to_bytes(32, "big") + s.to_bytes(32, "big"),
        "negated": sm2.signature_of(r, order - s),
        "both negated": sm2.signature_of(order - r, order - s),
        "swapped": sm2.signature_of(s, r),
        "r zero": sm2.signature_of(0, s),
        "s zero": sm2.signature_of(r, 0),
        "r plus s is n": sm2.signature_of(r, order - r),
        "s is n": sm2.signature_of(r, order),
        "cut": true[:-1],
        "empty": b"",
        "no second number": b"\x30\x06\x02\x04\x01\x01\x01\x01",
        "other tag": b"\x31" + true[1:],
        "negative": b"\x30\x08\x02\x01\xff\x02\x03\x01\x01\x01",
    }


@pytest.mark.parametrize("kind", sorted(_spellings(1, 1)))
def test_a_signature_has_one_spelling(kind: str) -> None:
    r, s = sm2_example.R, sm2_example.S
    assert sm2.verify(PUBLIC, sm2.signature_of(r, s), sm2_example.MESSAGE)
    assert not sm2.verify(PUBLIC, _spellings(r, s)[kind], sm2_example.MESSAGE)


def test_what_is_encrypted_opens_with_its_key_only() -> None:
    sealed = sm2.encrypt(PUBLIC, b"k" * 64)
    assert sm2.decrypt(PRIVATE, sealed) == b"k" * 64
    with pytest.raises(sm2.Failed):
        sm2.decrypt(sm2.generate(), sealed)
    for place in (5, len(sealed) // 2, len(sealed) - 1):
        with pytest.raises(sm2.Failed):
            sm2.decrypt(PRIVATE, sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
    for nothing in (b"", b"\0" * 20_000, b"\x30\x00"):
        with pytest.raises(sm2.Failed):
            sm2.decrypt(PRIVATE, nothing)
    for length in (0, 8_193):
        with pytest.raises(sm2.Failed):
            sm2.encrypt(PUBLIC, b"x" * length)


def test_only_sm2_keys_in_their_one_encoding_are_taken() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    other = ec.generate_private_key(ec.SECP256R1())
    p256 = other.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    spki = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    off_curve = PUBLIC[:-1] + bytes([PUBLIC[-1] ^ 1])
    for private in (p256, b"", b"\x30\x03\x02\x01\x00", b"\0" * 2_000, PUBLIC):
        with pytest.raises(sm2.Failed):
            sm2.public_key(private)
        with pytest.raises(sm2.Failed):
            sm2.sign(private, b"")
    for public in (spki, off_curve, PUBLIC + b"\0", PUBLIC[:-1], b""):
        assert not sm2.verify(public, sm2.sign(PRIVATE, b"x"), b"x")
        with pytest.raises(sm2.Failed):
            sm2.encrypt(public, b"x")
    with pytest.raises(sm2.Failed):
        sm2.check_public(off_curve)


def test_a_private_key_with_anothers_public_half_is_refused() -> None:
    foreign = PRIVATE.replace(PUBLIC[-64:], sm2.public_key(sm2.generate())[-64:])
    assert foreign != PRIVATE
    with pytest.raises(sm2.Failed):
        sm2.sign(foreign, b"x")


def test_private_numbers_stay_in_their_range() -> None:
    bare = sm2._BARE + (1).to_bytes(32, "big")
    assert sm2.normal(bare) == sm2.private_of(1) == sm2.normal(sm2.private_of(1))
    assert sm2.public_key(bare)[-64:] in sm2.private_of(1)
    for number in (0, sm2.ORDER - 1, sm2.ORDER):
        with pytest.raises(sm2.Failed):
            sm2.private_of(number)


def test_threads_share_keys() -> None:
    sm2.forget()

    def once(number: int) -> bool:
        message = str(number).encode()
        return sm2.verify(PUBLIC, sm2.sign(PRIVATE, message), message) and not sm2.verify(PUBLIC, b"\x30\0", message)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(once, range(64)))


@pytest.mark.usefixtures("other_library")
def test_without_the_library_it_says_which_command_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(libcrypto.VARIABLE, "/nowhere/libcrypto.so")
    with pytest.raises(sm2.Missing, match=r"GM-1 needs SM2 .* apt-get install libssl3 .* export MINGZHENG_LIBCRYPTO="):
        sm2.self_test()
    with pytest.raises(sm2.Missing):
        sm2.verify(PUBLIC[:-1] + b"\0", b"", b"")


@pytest.mark.usefixtures("other_library")
def test_an_old_library_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libcrypto, "_OLDEST", 0xF000_0000)
    with pytest.raises(sm2.Missing, match="is OpenSSL 3"):
        sm2.generate()


def test_a_library_that_computes_wrongly_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sm2_example, "R", sm2_example.R + 1)
    with pytest.raises(sm2.Missing, match=r"cannot compute it .*SM2 signature"):
        sm2.self_test()
