"""The TypeScript of the pages, run by Node over the shared vectors, and files exchanged with it in both directions."""

import base64
import json
from pathlib import Path

import pytest
from sealing_cast import NOW, SUMMARY, Cast
from sealing_tool import PASSWORD, run

from mingzheng.adapters.crypto import acts
from mingzheng.adapters.crypto.kept_keys import kept_key
from mingzheng.adapters.crypto.keyfile import open_key_file, write_key_file
from mingzheng.adapters.crypto.release import open_release
from mingzheng.adapters.crypto.rescue import lift_escrow, open_share, rescue
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.unsealing import open_part, read_summary, release_key


@pytest.fixture
def key_file(cast: Cast, tmp_path: Path) -> Path:
    file = tmp_path / "me.mzkey"
    file.write_text(write_key_file(cast.bidder.private, cast.bidder.certificate, PASSWORD, rounds=2_000))
    return file


def test_the_browser_s_code_passes_its_own_tests_over_the_vectors() -> None:
    run()


def test_a_bid_sealed_by_the_browser_s_code_is_accepted_and_opened_here(
    cast: Cast, key_file: Path, tmp_path: Path
) -> None:
    terms, summary, offer, out = (tmp_path / name for name in ("TENDER.json", "summary.json", "报价.pdf", "bid.mzb"))
    terms.write_text(json.dumps(cast.terms.as_json()))
    summary.write_text(json.dumps(SUMMARY))
    offer.write_bytes(bytes(range(256)) * 20_000)
    run("--tool", "seal", str(terms), str(key_file), PASSWORD, str(summary), str(out), str(offer))
    signed = SignedSeal.loads(out.with_name("bid.mzb.seal").read_text())
    seal = check_seal(signed, out, cast.terms, certificate=cast.bidder.certificate)
    assert seal.made_at == NOW
    content_key = release_key(cast.bidder, seal)
    assert read_summary(content_key, seal, out) == SUMMARY
    assert b"".join(open_part(content_key, seal, out, 1)) == offer.read_bytes()
    wrapped = lift_escrow(cast.escrow, seal)
    shares = {
        office: open_share(cast.holders[office], seal, office, wrapped[office]) for office in ("centre", "supervisor")
    }
    assert rescue(seal, shares) == content_key


def test_a_bid_sealed_here_is_opened_and_released_by_the_browser_s_code(
    cast: Cast, key_file: Path, tmp_path: Path
) -> None:
    offer, out, opened = tmp_path / "报价.pdf", tmp_path / "bid.mzb", tmp_path / "opened"
    offer.write_bytes(b"offer " * 1_000_000)
    signed = seal_bid(SUMMARY, [offer], cast.terms, cast.bidder, out, consent=True, at=NOW)
    out.with_name("bid.mzb.seal").write_text(signed.dumps())
    opened.mkdir()
    run("--tool", "open", str(out), str(key_file), PASSWORD, str(opened))
    assert json.loads((opened / "0-summary.json").read_text()) == SUMMARY
    assert (opened / "1-报价.pdf").read_bytes() == offer.read_bytes()
    opening = kept_key(tmp_path, "opening", cast.suite)
    public = base64.b64encode(opening.public_key).decode()
    released = run("--tool", "release", str(out), str(key_file), PASSWORD, public).strip()
    assert open_release(opening, signed.seal, released) == release_key(cast.bidder, signed.seal)


def test_an_act_signed_by_the_browser_s_code_verifies_here(key_file: Path) -> None:
    fields = json.dumps({"lot": "标段一", "count": 3, "yes": True, "none": None})
    made = json.loads(run("--tool", "sign", str(key_file), PASSWORD, "a.b", fields, "n-1"))
    assert made["text"] == acts.act_text("a.b", json.loads(fields), "n-1")
    acts.verify_act(made["text"], made["signature"], open_key_file(key_file.read_text(), PASSWORD).certificate)
