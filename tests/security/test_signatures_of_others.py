"""A signature is good for one act, its fields, its person and once; nothing of another's can be used."""

import base64
import dataclasses
import json
import secrets

import pytest
from tests import bids, journey
from tests.played import played
from tests.security.asking import signature_of
from tests.walls import looking

from mingzheng.kernel.ids import random_id
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.tendering import queries as tendering

kept_submitted, submitted = played("submitted")


def _post(client, act, fields, nonce, signature, **more):
    body = json.dumps({"fields": fields, "nonce": nonce, "signature": signature, **more})
    answer = client.post(f"/act/{act}", body, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.fixture
def jia(submitted):
    return submitted.cast.bidder


@pytest.fixture
def client(jia):
    return looking.visitor(jia)


@pytest.mark.clause("RG-4.1-2")
def test_a_signature_is_good_for_its_own_fields_act_and_nonce_alone(submitted, jia, client):
    act, nonce = "bidding.withdraw_bid", secrets.token_hex(12)
    fields = {"lot": str(submitted.lot), "reason": "重新报价"}
    signature = signature_of(jia, act, fields, nonce)
    other = {"lot": str(random_id()), "reason": "重新报价"}
    wrong = [
        (act, other, nonce, signature), (act, {**fields, "reason": "另一理由"}, nonce, signature), (act, {"lot": fields["lot"]}, nonce, signature),
        (act, fields, nonce + "0", signature), ("tendering.enrol", {**fields, "contact": "x", "phone": "1"}, nonce, signature),
        (act, fields, nonce, {**signature, "signature": base64.b64encode(b"x" * 70).decode()}), (act, fields, nonce, None),
        (act, fields, nonce, {**signature, "signature": ""}), (act, fields, nonce, {"certificate": signature["certificate"]}),
    ]  # fmt: skip
    for act_name, posted, once, signed in wrong:
        status, told = _post(client, act_name, posted, once, signed)
        assert (status, told["refused"]) in {
            (403, "access.bad-signature"), (403, "certificate.signature-wrong"), (403, "act.signature-wrong"),
        } or status in (400, 403, 422), (act_name, posted, told)  # fmt: skip
    assert bidding.bid(tendering.dealing(submitted.lot, jia.organisation).id) is not None
    assert _post(client, act, fields, nonce, signature)[0] == 200


def test_a_signed_act_overheard_and_sent_again_answers_and_does_nothing(submitted, jia, client):
    act, nonce = "bidding.withdraw_bid", secrets.token_hex(12)
    fields = {"lot": str(submitted.lot), "reason": "重新报价"}
    signature = signature_of(jia, act, fields, nonce)
    assert _post(client, act, fields, nonce, signature)[1]["again"] is False
    bids.submit(submitted.lot, bids.make(submitted.lot, jia))
    status, told = _post(client, act, fields, nonce, signature)
    assert (status, told["again"]) == (200, True)
    assert bidding.bid(tendering.dealing(submitted.lot, jia.organisation).id) is not None
    stranger = looking.visitor(submitted.cast.rival)
    assert _post(stranger, act, fields, nonce, signature)[0] == 403  # not the certificate of that login


def test_a_signature_made_for_one_lot_does_nothing_in_another(submitted, jia, client):
    first = submitted.lot
    journey.register(submitted, name="另一项目")
    journey.announce(submitted)
    act, nonce = "tendering.enrol", secrets.token_hex(12)
    fields = {"lot": str(first), "contact": "甲", "phone": "0990-1"}
    signature = signature_of(jia, act, fields, nonce)
    assert _post(client, act, {**fields, "lot": str(submitted.lot)}, nonce, signature)[0] == 403
    assert tendering.dealing(submitted.lot, jia.organisation) is None


def test_anothers_sealed_bid_is_of_no_use_even_with_the_bytes_and_the_seal_in_hand(submitted, jia):
    """An upload of another, another's bytes in an own upload, another's seal, another's certificate in the signature."""
    world, yi = submitted, submitted.cast.rival
    theirs, mine = world.offers["yi"], bids.make(world.lot, jia)
    for upload, seal in (
        (bids.upload(jia, theirs.sealed), theirs.seal), (bids.upload(jia, theirs.sealed), mine.seal),
        (bids.upload(yi, mine.sealed), mine.seal),
    ):  # fmt: skip
        refused = jia.refused("bidding.submit_bid", lot=world.lot, upload=upload, seal=seal)
        assert refused.code in (
            "seal.not-your-envelope",
            "seal.file-differs",
            "seal.truncated",
            "upload.not-found",
            "seal.replayed",
        )
    own = bidding.bid(tendering.dealing(world.lot, jia.organisation).id)
    assert own.id == world.offers["jia"].bid


def test_the_key_of_a_bid_is_released_by_its_bidder_alone_and_only_in_the_hall(submitted, jia):
    world, theirs = submitted, submitted.offers["yi"]
    early = jia.refused(
        "opening.release_key", lot=world.lot, bid=world.offers["jia"].bid, content_key=world.offers["jia"].key
    )
    assert early.code == "procedures.wrong-phase"
    journey.close(world)
    world.cast.agency.do("opening.start_decryption", lot=world.lot)
    assert (
        jia.refused("opening.release_key", lot=world.lot, bid=theirs.bid, content_key=theirs.key).code
        == "opening.not-your-bid"
    )
    stranger = world.cast.stranger
    assert (
        stranger.refused("opening.release_key", lot=world.lot, bid=theirs.bid, content_key=theirs.key).code
        == "opening.not-a-bidder"
    )


def test_a_content_key_among_the_signed_fields_is_refused_before_anything_is_kept(submitted, jia, client):
    world, nonce = submitted, secrets.token_hex(12)
    fields = {"lot": str(world.lot), "bid": str(world.offers["jia"].bid), "content_key": world.offers["jia"].key}
    status, told = _post(
        client, "opening.release_key", fields, nonce, signature_of(jia, "opening.release_key", fields, nonce)
    )
    assert (status, told["refused"]) == (422, "input.not-understood")


def test_a_certificate_put_out_of_use_ends_the_login_and_binds_nothing(submitted, jia, client):
    world, act, nonce = submitted, "bidding.withdraw_bid", secrets.token_hex(12)
    fields = {"lot": str(world.lot), "reason": "重新报价"}
    signature = signature_of(jia, act, fields, nonce)
    stale = jia.actor
    world.cast.security_admin.do("parties.revoke_certificate", fingerprint=jia.fingerprint, reason="遗失")
    assert _post(client, act, fields, nonce, signature)[1]["refused"] == "access.login-first"
    assert dataclasses.replace(stale).certificate == jia.fingerprint  # what an old page may still hold
    assert bidding.bid(tendering.dealing(world.lot, jia.organisation).id) is not None
