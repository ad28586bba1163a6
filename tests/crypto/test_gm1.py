"""GM-1 computes what the national standards publish, agrees with another implementation, and says when it is absent."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import gmalg
import pytest
from cryptography import x509
from sealing_cast import NOW, VECTORS, Cast

from mingzheng.adapters.crypto import known_answers_gm1 as known
from mingzheng.adapters.crypto import suite as suites
from mingzheng.adapters.crypto import x509_signing
from mingzheng.adapters.crypto.acts import verify_text
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore, check_certificate, facts, load
from mingzheng.adapters.crypto.gm1 import Gm1
from mingzheng.adapters.crypto.intl1 import Intl1
from mingzheng.adapters.crypto.keyfile import open_key_file
from mingzheng.kernel import libcrypto, sm2, sm2_example
from mingzheng.kernel.refusal import Refused

GM = Gm1()
NUMBER = sm2_example.PRIVATE.to_bytes(32, "big")
PRIVATE = sm2.private_of(sm2_example.PRIVATE)
PUBLIC = sm2.public_key(PRIVATE)
IDENTITY = b"1234567812345678"


@pytest.fixture
def without_sm2(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose libcrypto is nowhere; the suites are registered anew."""
    for name in ("SUITES", "_READABLE", "_ABSENT"):
        monkeypatch.setattr(suites, name, {} if name != "_READABLE" else set())
    monkeypatch.setenv(libcrypto.VARIABLE, "/nowhere/libcrypto.so")
    libcrypto.library.cache_clear()
    suites.register(Intl1())
    suites.register(Gm1())
    yield
    libcrypto.library.cache_clear()


def test_the_published_answers_come_out() -> None:
    GM.self_test()


@pytest.mark.parametrize("name", ["SM4_BLOCK", "GCM_SEALED", "HMAC_SM3"])
def test_a_machine_that_computes_wrongly_does_not_get_the_suite(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(known, name, "00" + getattr(known, name)[2:])
    with pytest.raises(RuntimeError, match=name[:3].replace("GCM", "SM4-GCM").replace("HMA", "HMAC-SM3")):
        suites.register(Gm1())


def test_another_implementation_verifies_what_is_signed_here_and_the_reverse() -> None:
    other = gmalg.SM2(NUMBER, uid=IDENTITY, pk=PUBLIC[-65:])
    r, s = sm2.numbers_of(GM.sign(PRIVATE, b"message"))
    assert other.verify(b"message", r.to_bytes(32, "big"), s.to_bytes(32, "big"))
    r, s = (int.from_bytes(number, "big") for number in other.sign(b"message"))
    assert GM.verify(PUBLIC, sm2.signature_of(r, s), b"message")
    assert not GM.verify(PUBLIC, sm2.signature_of(r, s), b"another")


def test_another_implementation_unwraps_what_is_wrapped_here() -> None:
    wrapped = GM.wrap(PUBLIC, b"k" * 32, b"context")
    x, y, c3, c2 = _elements(wrapped)
    point = b"\x04" + x[-32:].rjust(32, b"\0") + y[-32:].rjust(32, b"\0")
    opened = gmalg.SM2(NUMBER, uid=IDENTITY).decrypt(point + c3 + c2)
    assert opened == hashlib.new("sm3", b"context").digest() + b"k" * 32


def test_a_wrap_is_the_digest_of_its_context_and_the_secret() -> None:
    swapped = sm2.encrypt(PUBLIC, GM.digest(b"lot B") + b"k" * 32)
    with pytest.raises(Refused, match=r"seal\.wrong-key"):
        GM.unwrap(PRIVATE, swapped, b"lot A")
    with pytest.raises(Refused, match=r"seal\.wrong-key"):
        GM.unwrap(PRIVATE, sm2.encrypt(PUBLIC, b"short"), b"lot A")
    assert GM.unwrap(PRIVATE, swapped, b"lot B") == b"k" * 32


def test_sm4_and_sm3_agree_with_another_implementation() -> None:
    assert gmalg.SM4(bytes.fromhex(known.SM4_KEY)).encrypt(bytes.fromhex(known.SM4_KEY)).hex() == known.SM4_BLOCK
    digest = gmalg.SM3()
    digest.update(b"content" * 99)
    assert digest.value() == GM.digest(b"content" * 99)


def test_a_derived_key_is_one_block_of_hkdf_expand() -> None:
    assert GM.derive(b"k" * 32, b"label") == hmac.digest(b"k" * 32, b"label\x01", "sm3")


def test_an_sm4_key_is_the_first_half_of_a_derived_key() -> None:
    sealed = GM.seal(b"k" * 32, b"n" * 12, b"content", b"")
    assert GM.open(b"k" * 16 + b"other half......", b"n" * 12, sealed, b"") == b"content"


@pytest.mark.usefixtures("without_sm2")
def test_without_libcrypto_intl_1_works_on_and_gm_1_says_what_mends_it() -> None:
    assert suites.suite("INTL-1").id == "INTL-1"
    with pytest.raises(RuntimeError, match=r"Suite GM-1 needs SM2 .*apt-get install libssl3"):
        suites.require("GM-1")
    with pytest.raises(Refused) as caught:
        suites.suite("GM-1")
    assert caught.value.code == "seal.suite-absent"
    assert "apt-get install libssl3" in str(caught.value.facts["problem"])
    with pytest.raises(Refused, match=r"seal\.suite-absent"):
        suites.suite_of_key(PUBLIC)


@pytest.mark.usefixtures("without_sm2")
def test_without_libcrypto_keys_and_certificates_of_gm_1_are_refused_with_what_mends_it() -> None:
    key = json.loads((VECTORS["GM-1"] / "key.json").read_text("utf-8"))
    certificate = key["file"][key["file"].index("-----BEGIN CERT") :]
    for use in (
        lambda: open_key_file(key["file"], key["password"]),
        lambda: facts(certificate),
        lambda: verify_text("{}", "AAAA", certificate),
    ):
        with pytest.raises(Refused, match=r"seal\.suite-absent"):
            use()


@pytest.mark.usefixtures("without_sm2")
def test_a_deployment_asks_for_a_suite_by_its_right_name() -> None:
    assert suites.require("INTL-1").id == "INTL-1"
    with pytest.raises(RuntimeError, match="no suite 'GM-9'"):
        suites.require("GM-9")


def test_an_authority_certifies_only_keys_of_its_own_suite(cast: Cast, other_cast: Cast) -> None:
    with pytest.raises(Refused, match=r"key\.wrong-suite"):
        cast.authority.issue(
            subject_name="张三", organisation_name="甲", organisation_code="9", person_id="p",
            public_key=other_cast.bidder.public_key, at=NOW,
        )  # fmt: skip


def test_authorities_of_both_suites_stand_side_by_side(tmp_path: Path) -> None:
    made = {name: DemoAuthority.open(tmp_path, NOW, name) for name in ("INTL-1", "GM-1")}
    again = {name: DemoAuthority.open(tmp_path, NOW, name) for name in ("INTL-1", "GM-1")}
    assert {name: one.certificate for name, one in made.items()} == {n: one.certificate for n, one in again.items()}
    assert len({one.certificate for one in made.values()}) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo-authority.gm-1.pem", "demo-authority.pem"]


def test_one_trust_store_takes_authorities_of_both_suites(cast: Cast, other_cast: Cast) -> None:
    both = TrustStore([cast.authority.certificate, other_cast.authority.certificate])
    for one in (cast, other_cast):
        assert check_certificate(one.bidder.certificate, NOW, both).suite == one.suite
    with pytest.raises(Refused, match=r"certificate\.unknown-authority"):
        check_certificate(cast.bidder.certificate, NOW, other_cast.trust)


def test_a_certificate_changed_in_one_byte_is_not_of_its_authority(cast: Cast) -> None:
    der = load(cast.bidder.certificate).public_bytes(x509_signing.Encoding.DER)
    name = "张三".encode()
    forged = x509_signing.pem("CERTIFICATE", der.replace(name, "李四".encode()))
    assert facts(forged).person_name == "李四"
    with pytest.raises(Refused, match=r"certificate\.unknown-authority"):
        check_certificate(forged, NOW, cast.trust)


def test_an_sm2_key_certified_by_p_256_is_of_no_authority(casts: dict[str, Cast]) -> None:
    """A builder that names SM2 for the key and P-256 for the signature, and the reverse with the algorithm's name."""
    gm, intl = casts["GM-1"], casts["INTL-1"]
    both = TrustStore([gm.authority.certificate, intl.authority.certificate])
    der = load(gm.bidder.certificate).public_bytes(x509_signing.Encoding.DER)
    sm2_name, ecdsa_name = bytes.fromhex("06082a811ccf55018375"), bytes.fromhex("06082a8648ce3d040302")
    assert der.count(sm2_name) == 2
    for place in (der.index(sm2_name), der.rindex(sm2_name)):
        relabelled = der[:place] + ecdsa_name + der[place + len(sm2_name) :]
        with pytest.raises(Refused, match=r"certificate\."):
            check_certificate(x509_signing.pem("CERTIFICATE", relabelled), NOW, both)


def test_a_request_proves_its_own_key(cast: Cast) -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "张三")])
    made = x509_signing.request(
        x509.CertificateSigningRequestBuilder().subject_name(name), cast.bidder.private.reveal()
    )
    text = x509_signing.pem("CERTIFICATE REQUEST", made).encode()
    assert x509_signing.read_request(text) == (name, cast.bidder.public_key)
    forged = made.replace("张三".encode(), "李四".encode())
    with pytest.raises(ValueError, match="not signed"):
        x509_signing.read_request(x509_signing.pem("CERTIFICATE REQUEST", forged).encode())


def test_a_service_is_certified_for_its_one_use(cast: Cast) -> None:
    usage = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.8")
    public = cast.algorithms.public_key(cast.algorithms.new_private_key())
    pem = cast.authority.issue_service(
        name="时间戳", organisation="中心", public_key=public, at=NOW, days=30, usage=usage
    )
    with pytest.raises(Refused, match=r"certificate\.wrong-usage"):
        check_certificate(pem, NOW + timedelta(days=1), cast.trust)


def _elements(der: bytes) -> list[bytes]:
    """Contents of the elements of a short SEQUENCE."""
    place, found = (3 if der[1] == 0x81 else 2), []
    while place < len(der):
        end = place + 2 + der[place + 1]
        found.append(der[place + 2 : end])
        place = end
    return found
