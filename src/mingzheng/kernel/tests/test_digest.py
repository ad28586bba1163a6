"""Digests of evidence: two algorithms, one spelling each."""

import hashlib

import pytest

from mingzheng.kernel import digest

# GB/T 32905-2016, annex A: two examples.
SM3_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
SM3_64 = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm3_gives_the_examples_of_its_standard() -> None:
    assert digest.raw(b"abc", "sm3").hex() == SM3_ABC
    assert digest.raw(b"abcd" * 16, "sm3").hex() == SM3_64


def test_sm3_is_the_same_where_the_interpreter_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    native = digest.raw(b"abcd" * 999, "sm3")
    monkeypatch.setattr(digest, "_NATIVE_SM3", False)
    assert digest.raw(b"abcd" * 999, "sm3") == native
    running = digest.hasher("sm3")
    running.update(b"a")
    first = running.hexdigest()
    running.update(b"bc")
    assert (first != SM3_ABC, running.hexdigest(), running.digest().hex()) == (True, SM3_ABC, SM3_ABC)


def test_new_digests_are_under_the_deployments_algorithm() -> None:
    before = digest.current()
    with digest.under("sha256"):
        assert digest.of(b"abc") == "sha256:" + hashlib.sha256(b"abc").hexdigest()
        with digest.under("sm3"):
            assert digest.of(b"abc") == "sm3:" + SM3_ABC
            assert digest.hasher().digest() == digest.raw(b"")
        assert digest.current() == "sha256"
    assert digest.current() == before
    assert set(digest.SUITES.values()) == set(digest.ALGORITHMS)


@pytest.mark.parametrize("name", digest.ALGORITHMS)
def test_a_written_digest_says_itself_how_to_check_it(name: str) -> None:
    with digest.under(name):
        text = digest.of(b"content")
    assert digest.split(text) == (name, digest.raw(b"content", name))
    assert digest.named(*digest.split(text)) == text and digest.PATTERN.fullmatch(text)
    assert digest.matches(text, b"content") and not digest.matches(text, b"contents")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sha256",
        "md5:" + "0" * 64,
        "SM3:" + "0" * 64,
        "sm3:" + "0" * 63,
        "sm3:" + "0" * 65,
        "sm3:" + "A" * 64,
        "sm3: " + "0" * 63,
        "sm3:" + "0" * 64 + "\n",
        "０" * 64,
    ],
)
def test_another_spelling_is_no_digest(text: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        digest.split(text)
    with pytest.raises(ValueError, match="digest"):
        digest.matches(text, b"")


def test_a_digest_to_compare_with_another_is_by_the_other_s_algorithm() -> None:
    with digest.under("sm3"):
        old = digest.of(b"content")
    assert digest.like(old, b"content") == old
    assert digest.like("", b"content") == digest.like("md5:00", b"content") == digest.of(b"content")


def test_hmac_gives_the_published_answers() -> None:
    # RFC 4231, case 2; GM/T 0042-2015, annex D.
    found = digest.hmac(b"Jefe", b"what do ya want for nothing?", "sha256")
    assert found.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    message = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2
    found = digest.hmac(bytes(range(1, 33)), message, "sm3")
    assert found.hex() == "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"


def test_unknown_algorithms_and_lengths_are_errors() -> None:
    with pytest.raises(ValueError, match="md5"):
        digest.use("md5")
    with pytest.raises(ValueError, match="32 bytes"):
        digest.named("sm3", b"short")
