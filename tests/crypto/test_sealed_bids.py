"""A sealed bid opens whole for the right key, says nothing before, and shows every kind of tampering by name."""

import base64
import hashlib
import json
import traceback
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sealing_cast import NOW, SUMMARY, VECTORS, Cast

from mingzheng.adapters.crypto import blocks, container, sealing
from mingzheng.adapters.crypto.keyfile import PersonKey, open_key_file
from mingzheng.adapters.crypto.seal import SignedSeal, parse
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.adapters.crypto.unsealing import (
    heading_of,
    open_part,
    part_salt,
    read_summary,
    release_key,
    verify_content_key,
)
from mingzheng.kernel.refusal import Refused

STEP = container.LEAST_CHUNK + container.TAG


@pytest.fixture(scope="session", params=["bid.json", "bid-2.json"])
def bid_name(request: pytest.FixtureRequest) -> str:
    """The vector of each version."""
    return str(request.param)


def test_a_sealed_bid_opens_whole_for_its_bidder(cast: Cast, sealed) -> None:
    bid = sealed(b"a" * 100_000, b"", b"b")
    seal = check_seal(bid.signed, bid.file, cast.terms, certificate=cast.bidder.certificate)
    key = release_key(cast.bidder, seal)
    assert read_summary(key, seal, bid.file) == SUMMARY
    for part, content in enumerate(bid.contents, start=1):
        assert b"".join(open_part(key, seal, bid.file, part)) == content
        assert heading_of(key, seal, bid.file, part).size == len(content)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(size=some.sampled_from([0, 1, 16_300, 16_384, 16_385, 32_768, 70_001, 131_072]), fill=some.integers(0, 255))
def test_every_length_around_a_chunk_s_edge_comes_back(cast: Cast, sealed, size: int, fill: int) -> None:
    bid = sealed(bytes([fill]) * size)
    key = release_key(cast.bidder, bid.signed.seal)
    assert b"".join(open_part(key, bid.signed.seal, bid.file, 1)) == bid.contents[0]


@given(some.integers(0, 1 << 50))
def test_padding_never_shrinks_and_adds_at_most_an_eighth(length: int) -> None:
    assert length <= container.padded(length) <= max(container.LEAST_PART, length + length // 8)
    assert container.padded(container.padded(length)) == container.padded(length)


def test_the_sealed_file_and_its_seal_tell_no_content_no_name_and_no_length(cast: Cast, sealed) -> None:
    bid = sealed("投标报价一览 project manager".encode() * 900)
    file, seal = bid.file.read_bytes(), bid.signed.seal.text.encode()
    certificate = base64.b64decode("".join(bid.signed.certificate.splitlines()[1:-1]))
    fingerprint = bid.signed.seal.bidder.partition(":")[2]
    secrets = ["技术标", "甲建设", "12345678.90", "李工", "project manager", "summary", fingerprint]
    assert not [word for word in secrets if word.encode() in file]
    assert not [word for word in secrets[:-1] if word.encode() in seal.replace(b'"kind":"summary"', b"")]
    assert certificate[40:80] not in file
    assert bytes.fromhex(fingerprint) not in file
    assert len(zlib.compress(file[container.HEADER :], 9)) >= len(file) - container.HEADER
    assert str(len(bid.contents[0])).encode() not in seal


def test_bids_of_nearly_the_same_length_have_the_same_length(sealed) -> None:
    lengths = {sealed(b"x" * size).file.stat().st_size for size in (100_400, 101_000, 102_000)}
    assert len(lengths) == 1


def test_the_same_bid_sealed_twice_shares_nothing(cast: Cast, sealed) -> None:
    one, two = sealed(b"same"), sealed(b"same")
    assert one.signed.seal.bid != two.signed.seal.bid
    assert one.signed.seal.parts[1].commitment != two.signed.seal.parts[1].commitment
    assert one.signed.seal.key_check != two.signed.seal.key_check
    assert one.file.read_bytes()[container.HEADER :] != two.file.read_bytes()[container.HEADER :]


def test_a_commitment_is_checked_with_salt_and_content_alone(cast: Cast, sealed) -> None:
    bid = sealed(b"content")
    key = release_key(cast.bidder, bid.signed.seal)
    name = cast.algorithms.digest_name
    block = hashlib.new(name, b"content").digest()
    head = b"mingzheng-bid-2 blocks content\0" + (1 << 19).to_bytes(4, "big") + (7).to_bytes(8, "big")
    digest = f"{name}:{hashlib.new(name, head + block).hexdigest()}"
    facts = json.dumps(
        {"digest": digest, "name": "1-0-技术标.pdf", "size": 7}, ensure_ascii=False, separators=(",", ":")
    )
    found = hashlib.new(name, part_salt(key, bid.signed.seal, 1) + facts.encode()).hexdigest()
    assert bid.signed.seal.parts[1].commitment == f"{name}:{found}"


def test_another_bidder_s_key_does_not_open_it(cast: Cast, sealed, code) -> None:
    bid = sealed()
    assert code(lambda: release_key(cast.rival, bid.signed.seal)) == "seal.not-your-envelope"
    disguised = replace(bid.signed.seal, bidder=cast.rival.fingerprint)
    assert code(lambda: release_key(cast.rival, disguised)) == "seal.wrong-key"


@given(some.binary(max_size=40))
def test_a_wrong_content_key_is_refused_without_opening_anything(suite_name: str, guess: bytes) -> None:
    seal = vector_bid(suite_name)[0].seal
    with pytest.raises(Refused, match=r"seal\.wrong-key"):
        verify_content_key(seal, Secret(guess))


def test_another_bidder_s_envelope_is_refused_at_submission(cast: Cast, sealed, code) -> None:
    bid = sealed()
    stolen = lambda: check_seal(bid.signed, bid.file, cast.terms, certificate=cast.rival.certificate)  # noqa: E731
    assert code(stolen) == "seal.not-your-envelope"


def test_a_seal_with_another_s_certificate_put_in_is_altered(cast: Cast, sealed, code) -> None:
    bid = sealed()
    forged = replace(bid.signed, certificate=cast.rival.certificate)
    assert code(lambda: check_seal(forged, bid.file, cast.terms)) == "seal.altered"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n" + b"x" * 500,
        b"PK\x03\x04" * 50,
        b"MZBID2\r\n",
        b"MZBID2\r\n" + b"\xff" * 90,
        b"MZBID3\r\n" * 9,
    ],
)
def test_a_plain_file_is_refused_as_not_sealed(cast: Cast, sealed, tmp_path: Path, code, content: bytes) -> None:
    bid, plain = sealed(), tmp_path / "plain.pdf"
    plain.write_bytes(content)
    assert code(lambda: check_seal(bid.signed, plain, cast.terms)) == "seal.not-sealed"


def test_a_bid_for_another_lot_is_refused(cast: Cast, sealed, code) -> None:
    bid = sealed(terms=replace(cast.terms, lot=uuid4()))
    assert code(lambda: check_seal(bid.signed, bid.file, cast.terms)) == "seal.wrong-lot"


def test_a_bid_in_another_suite_is_refused(cast: Cast, other_cast: Cast, sealed, code) -> None:
    bid = sealed()
    assert code(lambda: check_seal(bid.signed, bid.file, other_cast.terms)) == "seal.wrong-suite"
    relabelled = bytearray(bid.file.read_bytes())
    relabelled[8:16] = other_cast.suite.encode().ljust(8, b"\0")
    bid.file.write_bytes(relabelled)
    assert code(lambda: check_seal(bid.signed, bid.file, cast.terms)) == "seal.wrong-suite"


def test_a_key_of_another_suite_seals_nothing_for_this_lot(cast: Cast, other_cast: Cast, sealed, code) -> None:
    assert code(lambda: sealed(signer=other_cast.bidder)) == "key.wrong-suite"
    rescue = cast.terms.rescue
    assert rescue
    mixed = replace(cast.terms, rescue=replace(rescue, escrow=other_cast.escrow.public_key))
    assert code(lambda: sealed(terms=mixed)) == "seal.unreadable"


def test_a_seal_signed_by_a_key_of_another_suite_is_refused(cast: Cast, other_cast: Cast, sealed, code) -> None:
    bid = sealed()
    value = {**bid.signed.seal.as_json(), "bidder": other_cast.bidder.fingerprint}
    seal = parse(value)
    signature = base64.b64encode(other_cast.bidder.sign(seal.text.encode())).decode()
    forged = SignedSeal(seal, signature, other_cast.bidder.certificate)
    assert code(lambda: check_seal(forged, bid.file, cast.terms)) == "seal.wrong-suite"


def test_the_upload_s_own_digest_counts_for_version_1_by_its_algorithm_and_is_computed_again_otherwise(
    suite_name: str, other_cast: Cast, bid_name: str, code
) -> None:
    (signed, terms), file = vector_bid(suite_name, bid_name), vector_file(suite_name, bid_name)
    plain = blocks.of_file(1, suite(suite_name), file)
    assert check_seal(signed, file, terms, digest=blocks.of_file(1, other_cast.algorithms, file))
    assert check_seal(signed, file, terms, digest=plain)
    wrong = lambda: check_seal(signed, file, terms, digest=plain[:-1] + "?")  # noqa: E731
    if signed.seal.version == 1:
        assert code(wrong) == "seal.file-differs"
    else:
        assert wrong()


def test_a_replayed_bid_is_refused(cast: Cast, sealed, code) -> None:
    bid = sealed()
    again = lambda: check_seal(bid.signed, bid.file, cast.terms, taken={bid.signed.seal.bid}.__contains__)  # noqa: E731
    assert code(again) == "seal.replayed"


def test_a_bid_too_large_for_the_lot_is_refused_before_sealing_and_at_submission(cast: Cast, sealed, code) -> None:
    small = replace(cast.terms, largest=50_000)
    bid = sealed(b"x" * 100_000)
    assert code(lambda: check_seal(bid.signed, bid.file, small)) == "seal.too-large"
    assert code(lambda: sealed(b"x" * 100_000, terms=small)) == "seal.too-large"


def test_a_cut_off_or_swapped_file_is_refused_at_submission(cast: Cast, sealed, code) -> None:
    bid, other = sealed(), sealed()
    content = bid.file.read_bytes()
    bid.file.write_bytes(content[:-1])
    assert code(lambda: check_seal(bid.signed, bid.file, cast.terms)) == "seal.truncated"
    bid.file.write_bytes(content + b"\0")
    assert code(lambda: check_seal(bid.signed, bid.file, cast.terms)) == "seal.file-differs"
    assert code(lambda: check_seal(bid.signed, other.file, cast.terms)) == "seal.file-differs"


def test_a_quorum_of_other_holders_than_the_lot_s_is_refused(cast: Cast, sealed, code) -> None:
    rescue = cast.terms.rescue
    assert rescue
    turned = replace(cast.terms, rescue=replace(rescue, holders=tuple(reversed(rescue.holders))))
    bid = sealed(terms=turned)
    assert code(lambda: check_seal(bid.signed, bid.file, cast.terms)) == "seal.wrong-rescue-holders"
    weak = sealed(terms=replace(cast.terms, rescue=replace(rescue, threshold=1)))
    assert code(lambda: check_seal(weak.signed, weak.file, cast.terms)) == "seal.wrong-rescue-holders"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=some.data())
def test_one_flipped_bit_anywhere_in_the_file_is_refused(
    suite_name: str, bid_name: str, tmp_path: Path, data: some.DataObject
) -> None:
    signed, terms = vector_bid(suite_name, bid_name)
    content = bytearray(vector_file(suite_name, bid_name).read_bytes())
    content[data.draw(some.integers(0, len(content) - 1))] ^= 1 << data.draw(some.integers(0, 7))
    file = tmp_path / "flipped.mzb"
    file.write_bytes(content)
    with pytest.raises(Refused, match=r"seal\."):
        check_seal(signed, file, terms)


@settings(max_examples=60, deadline=None)
@given(data=some.data())
def test_one_changed_value_anywhere_in_the_seal_is_refused(
    suite_name: str, bid_name: str, data: some.DataObject
) -> None:
    signed, terms = vector_bid(suite_name, bid_name)
    value = signed.seal.as_json()
    holder = value
    key = data.draw(some.sampled_from(sorted(holder)))
    while isinstance(holder[key], dict | list):
        holder = holder[key]
        key = data.draw(some.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
    old = holder[key]
    holder[key] = (not old) if isinstance(old, bool) else old + 1 if isinstance(old, int) else _other(old, data)
    with pytest.raises(Refused, match=r"seal\."):
        forged = SignedSeal(parse(value), signed.signature, signed.certificate)
        check_seal(forged, vector_file(suite_name, bid_name), terms)


def _other(old: str, data: some.DataObject) -> str:
    at = data.draw(some.integers(0, len(old) - 1))
    return old[:at] + ("0" if old[at] != "0" else "1") + old[at + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        lambda seal: seal.pop("consent"),
        lambda seal: seal.update(extra=1),
        lambda seal: seal.update(parts=[]),
        lambda seal: seal.update(parts=seal["parts"][1:]),
        lambda seal: seal.update(chunk=True),
        lambda seal: seal.update(chunk=12345),
        lambda seal: seal.update(consent=False),
        lambda seal: seal["file"].update(bytes=seal["file"]["bytes"] - 1),
        lambda seal: seal["parts"][0].update(chunks=2),
        lambda seal: seal["parts"][0].update(bytes=-16),
        lambda seal: seal["file"].update(bytes=float(seal["file"]["bytes"])),
        lambda seal: _grow_summary(seal),
        lambda seal: seal["key"].update(check="md5:" + "0" * 32),
        lambda seal: seal["key"].update(wrapped="***"),
        lambda seal: seal["rescue"].update(threshold=9),
        lambda seal: seal.update(lot=seal["lot"].upper()),
        lambda seal: seal.update(made_at="2026-03-02T09:00:00"),
        lambda seal: seal.update(format="mingzheng-bid-3"),
        lambda seal: seal.update(format=["mingzheng-bid-2"]),
    ],
)
def test_a_seal_that_is_not_exactly_formed_is_unreadable(suite_name: str, code, change) -> None:
    value = vector_bid(suite_name)[0].seal.as_json()
    change(value)
    assert code(lambda: parse(value)) == "seal.unreadable"


def test_a_seal_with_a_digest_by_the_other_suite_s_algorithm_is_unreadable(cast: Cast, other_cast: Cast, code) -> None:
    other = f"{other_cast.algorithms.digest_name}:" + "0" * 64
    for change in (
        lambda seal: seal["file"].update(digest=other),
        lambda seal: seal["key"].update(check=other),
        lambda seal: seal["parts"][1].update(commitment=other),
        lambda seal: seal["rescue"]["holders"][0].update(key=other),
        lambda seal: seal["rescue"]["holders"][0].update(commitment=other),
    ):
        value = vector_bid(cast.suite)[0].seal.as_json()
        change(value)
        assert code(lambda value=value: parse(value)) == "seal.unreadable"


def _grow_summary(seal: dict) -> None:
    """A summary of 2 MiB: it would be read into memory at the reading act."""
    size = (2 << 20) + container.TAG * 128 - seal["parts"][0]["bytes"]
    seal["parts"][0] = {**seal["parts"][0], "bytes": seal["parts"][0]["bytes"] + size, "chunks": 128}
    seal["file"]["bytes"] += size


@given(some.binary(max_size=60) | some.text(max_size=60).map(str.encode))
def test_nonsense_is_no_seal_and_no_error(content: bytes) -> None:
    with pytest.raises(Refused, match=r"seal\.unreadable"):
        SignedSeal.loads(content.decode("utf-8", "replace"))


def test_a_file_that_grows_while_it_is_sealed_is_refused(cast: Cast, tmp_path: Path, code) -> None:
    file = tmp_path / "growing.pdf"
    file.write_bytes(b"x" * 40_000)

    def grow(done: int, of: int) -> None:
        with file.open("ab") as out:
            out.write(b"y" * 10)

    out = tmp_path / "out.mzb"
    make = lambda: seal_bid(  # noqa: E731
        SUMMARY, [file], cast.terms, cast.bidder, out, consent=False, at=NOW, progress=grow
    )
    assert code(make) == "seal.file-changed"
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["growing.pdf"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"price": 5},
        {"price": "5"},
        {"price": "1,000.00"},
        {"price": "-1.00"},
        {"price": "01.00"},
        {"price": "1.00", "period_days": "30"},
        {"price": "1.00", "period_days": 0},
        {"price": "1.00", "quality": 1.5},
        {"price": "1.00", "quality": "x" * 3_000},
    ],
)
def test_a_summary_that_could_not_be_read_aloud_is_refused(cast: Cast, tmp_path: Path, code, wrong) -> None:
    make = lambda: seal_bid(wrong, [], cast.terms, cast.bidder, tmp_path / "o", consent=False, at=NOW)  # noqa: E731
    assert code(make) == "seal.summary-invalid"


def test_a_summary_no_tool_of_ours_would_seal_is_refused_when_it_is_opened(
    cast: Cast, sealed, code, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "check_summary", lambda summary: None)
    monkeypatch.setitem(SUMMARY, "price", "about a million")
    bid = sealed()
    key = release_key(cast.bidder, bid.signed.seal)
    assert code(lambda: read_summary(key, bid.signed.seal, bid.file)) == "seal.summary-invalid"


def test_a_holder_s_key_that_is_none_is_refused_before_anything_is_sealed(cast: Cast, sealed, tmp_path, code) -> None:
    rescue = cast.terms.rescue
    assert rescue
    broken = replace(cast.terms, rescue=replace(rescue, escrow=b"not a key"))
    assert code(lambda: sealed(terms=broken)) == "seal.unreadable"
    assert not list(tmp_path.glob("*.mzb"))


def test_a_large_bid_is_sealed_and_checked_in_less_than_40_mb(cast: Cast, tmp_path: Path) -> None:
    """200 MB in INTL-1; 80 MB in GM-1, whose SM4 runs in software."""
    big, size = tmp_path / "big.bin", {"INTL-1": 200, "GM-1": 80}[cast.suite] * 1024 * 1024
    with big.open("wb") as out:
        out.truncate(size)
    terms = replace(cast.terms, largest=1 << 30)
    tracemalloc.start()
    try:
        out_file = tmp_path / "big.mzb"
        signed = seal_bid(SUMMARY, [big], terms, cast.bidder, out_file, consent=True, at=NOW)
        seal = check_seal(signed, out_file, terms)
        total = sum(len(piece) for piece in open_part(release_key(cast.bidder, seal), seal, out_file, 1))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == size
    assert peak < 40 * 1024 * 1024


def test_no_refusal_shows_a_key(cast: Cast, sealed, tmp_path: Path) -> None:
    bid = sealed()
    key = release_key(cast.bidder, bid.signed.seal)
    content = bytearray(bid.file.read_bytes())
    content[-1] ^= 1
    bid.file.write_bytes(content)
    with pytest.raises(Refused) as caught:
        list(open_part(key, bid.signed.seal, bid.file, 1))
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.facts) + repr(bid.signed)
    for secret in (key.reveal(), cast.bidder.private.reveal()):
        assert secret.hex() not in shown
        assert str(secret) not in shown
        assert base64.b64encode(secret).decode() not in shown


def vector(suite_name: str, name: str = "bid-2.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS[suite_name] / name).read_text())
    return found


def vector_bid(suite_name: str, name: str = "bid-2.json") -> tuple[SignedSeal, SealingTerms]:
    found = vector(suite_name, name)
    return SignedSeal.loads(json.dumps(found["signed"])), SealingTerms.from_json(found["terms"])


def vector_file(suite_name: str, name: str) -> Path:
    return VECTORS[suite_name] / str(vector(suite_name, name)["file"])


def vector_bidder(suite_name: str) -> PersonKey:
    found = vector(suite_name, "key.json")
    return open_key_file(found["file"], found["password"])


def test_the_vector_bid_opens_to_the_contents_it_states(suite_name: str, bid_name: str) -> None:
    stated, file = vector(suite_name, bid_name), vector_file(suite_name, bid_name)
    signed, terms = vector_bid(suite_name, bid_name)
    seal = check_seal(signed, file, terms)
    key = release_key(vector_bidder(suite_name), seal)
    assert vector_bidder(suite_name).fingerprint == vector(suite_name, "key.json")["fingerprint"]
    assert key.reveal().hex() == stated["content_key"]
    assert read_summary(key, seal, file) == stated["summary"]
    for part, one in enumerate(stated["files"], start=1):
        assert heading_of(key, seal, file, part).name == one["name"]
        assert b"".join(open_part(key, seal, file, part)) == base64.b64decode(one["content"])
        assert part_salt(key, seal, part).hex() == stated["derived"]["salt"][part]
    assert {str(n): container.padded(int(n)) for n in stated["padded"]} == stated["padded"]


@pytest.mark.parametrize("number", range(5))
def test_every_tampered_vector_gives_the_refusal_it_states(
    tmp_path: Path, suite_name: str, bid_name: str, code, number: int
) -> None:
    case = vector(suite_name, bid_name)["tampered"][number]
    content = bytearray(vector_file(suite_name, bid_name).read_bytes())
    file, seal = tmp_path / "tampered.mzb", vector_bid(suite_name, bid_name)[0].seal
    key = release_key(vector_bidder(suite_name), seal)
    if case["do"] == "flip":
        content[case["at"]] ^= 1
    elif case["do"] == "swap":
        one, two = (slice(case[end], case[end] + case["length"]) for end in ("at", "with"))
        content[one], content[two] = content[two], content[one]
    elif case["do"] == "copy":
        content[case["to"] : case["to"] + case["length"]] = content[case["at"] : case["at"] + case["length"]]
    else:
        del content[case["to"] :]
    file.write_bytes(content)
    assert code(lambda: list(open_part(key, seal, file, case["part"]))) == case["refusal"]


def test_a_chunk_of_another_bid_is_foreign_even_from_the_same_bidder_and_place(cast: Cast, sealed, code) -> None:
    one, two = sealed(b"x" * 50_000), sealed(b"x" * 50_000)
    content = bytearray(one.file.read_bytes())
    place = slice(container.HEADER + STEP, container.HEADER + 2 * STEP)
    content[place] = two.file.read_bytes()[place]
    one.file.write_bytes(content)
    key = release_key(cast.bidder, one.signed.seal)
    assert code(lambda: list(open_part(key, one.signed.seal, one.file, 1))) == "seal.chunk-foreign"


def test_a_part_cut_at_a_chunk_s_edge_with_a_seal_to_match_is_still_seen(cast: Cast, sealed, code) -> None:
    bid = sealed(b"x" * 65_000)
    part = bid.signed.seal.parts[1]
    shorter = replace(part, bytes=part.bytes - STEP, chunks=part.chunks - 1)
    seal = replace(bid.signed.seal, parts=(bid.signed.seal.parts[0], shorter))
    key = release_key(cast.bidder, bid.signed.seal)
    assert code(lambda: list(open_part(key, seal, bid.file, 1))) == "seal.truncated"


def test_a_file_that_begins_as_another_version_than_its_seal_is_refused(
    suite_name: str, bid_name: str, tmp_path: Path, code
) -> None:
    (signed, terms), content = vector_bid(suite_name, bid_name), vector_file(suite_name, bid_name).read_bytes()
    version = {"bid.json": 1, "bid-2.json": 2}[bid_name]
    assert signed.seal.version == container.Header.read(content).version == version
    relabelled = tmp_path / "relabelled.mzb"
    relabelled.write_bytes(container.magic(3 - version) + content[8:])
    assert code(lambda: check_seal(signed, relabelled, terms)) == "seal.file-differs"


def test_what_is_sealed_now_is_of_version_2(sealed) -> None:
    bid = sealed()
    assert bid.signed.seal.as_json()["format"] == "mingzheng-bid-2"
    assert bid.file.read_bytes().startswith(b"MZBID2\r\n")
