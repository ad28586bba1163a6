"""What must not work does not, says why, and is evidence; what was interrupted goes on."""

import base64
import json
from datetime import timedelta

import pytest
from django.conf import settings
from tests import bids, journey
from tests.played import played
from tests.walls import looking

from mingzheng.kernel import canonical, ports
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.ids import random_id
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import proving, receipts, sequencing
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.keys import log_signer, receipts_signer
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.tendering import queries as tendering

kept_announced, announced = played("announced")


@pytest.fixture
def enrolled(announced):
    journey.enrol(announced, *announced.cast.bidders[:3])
    journey.pay(announced, *announced.cast.bidders[:3])
    return announced


def _refusals(world, player):
    stream = stored_stream(f"dealing:{tendering.dealing(world.lot, player.organisation).id}")
    return [one.event.code for one in stream_entries(stream) if one.kind == "ledger.dealing-refused"]


def _code(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_bid_one_second_late_is_refused_and_the_refusal_stands_in_the_bidders_own_stream(enrolled):
    world, jia = enrolled, enrolled.cast.bidder
    offer = bids.make(world.lot, jia)
    waiting = bids.upload(jia, offer.sealed)
    for late in (0, 1):
        world.at(world.deadline, seconds=late)
        assert (
            jia.refused("bidding.submit_bid", lot=world.lot, upload=waiting, seal=offer.seal).code == "bidding.too-late"
        )
    assert _refusals(world, jia) == ["bidding.too-late"] * 2
    assert bidding.bid(tendering.dealing(world.lot, jia.organisation).id) is None
    world.at(world.deadline, seconds=-1)
    jia.do("bidding.submit_bid", lot=world.lot, upload=waiting, seal=offer.seal)


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (lambda sealed: sealed[:-1], {"seal.truncated"}),
        (lambda sealed: sealed[: len(sealed) // 2], {"seal.truncated"}),
        (lambda sealed: sealed[:64] + sealed[16448:32832] + sealed[64:16448] + sealed[32832:], {"seal.file-differs"}),
        (lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), {"seal.file-differs"}),
        (lambda sealed: sealed + b"\0", {"seal.file-differs"}),
        (lambda sealed: b"%PDF-1.7 not sealed at all" * 40, {"seal.not-sealed"}),
    ],
    ids=["one byte short", "half", "chunks swapped", "one bit", "one byte more", "unsealed"],
)
def test_a_file_that_is_not_what_was_sealed_is_refused(enrolled, spoil, codes):
    jia = enrolled.cast.bidder
    offer = bids.make(enrolled.lot, jia)
    upload = bids.upload(jia, spoil(offer.sealed))
    assert jia.refused("bidding.submit_bid", lot=enrolled.lot, upload=upload, seal=offer.seal).code in codes
    assert _refusals(enrolled, jia)[0] in codes


def test_anothers_envelope_anothers_upload_and_a_replayed_submission_are_refused(enrolled):
    world, (jia, yi, _) = enrolled, enrolled.cast.bidders[:3]
    theirs, mine = bids.make(world.lot, yi), bids.make(world.lot, jia)
    assert (
        jia.refused("bidding.submit_bid", lot=world.lot, upload=bids.upload(jia, theirs.sealed), seal=theirs.seal).code
        == "seal.not-your-envelope"
    )
    stolen = bids.upload(yi, mine.sealed)
    assert jia.refused("bidding.submit_bid", lot=world.lot, upload=stolen, seal=mine.seal).code == "upload.not-found"
    bids.submit(world.lot, mine)
    assert (
        jia.refused("bidding.submit_bid", lot=world.lot, upload=bids.upload(jia, mine.sealed), seal=mine.seal).code
        == "seal.replayed"
    )


def test_a_seal_for_another_lot_or_altered_by_a_letter_is_refused(enrolled):
    world, jia = enrolled, enrolled.cast.bidder
    offer = bids.make(world.lot, jia)
    seal = json.loads(offer.seal)
    text = json.dumps(seal).replace(str(world.lot), str(random_id()))
    for wrong in (text, offer.seal.replace(settings.MINGZHENG_SUITE, "GM-9"), "{}", "not json"):
        code = jia.refused("bidding.submit_bid", lot=world.lot, upload=bids.upload(jia, offer.sealed), seal=wrong).code
        assert code.startswith("seal."), wrong[:40]


@pytest.mark.clause("RG-4.1-2")
def test_password_wrong_revoked_and_expired_certificates_bind_nothing(enrolled):
    world, jia = enrolled, enrolled.cast.bidder
    with pytest.raises(Refused) as refused:
        COMMANDS["bidding.withdraw_bid"].call(actor=jia.reader, key="nonce-0001", lot=world.lot)
    assert refused.value.code == "access.needs-certificate"
    certificates = ports.get("certificates")
    text = certificates.act_text("bidding.withdraw_bid", {"lot": str(world.lot)}, "nonce-0002")
    other = bids.person_key(world.cast.rival)
    assert _code(
        lambda: certificates.verify_act(
            jia.fingerprint, text, base64.b64encode(other.sign(text.encode())).decode(), world.clock.moment
        )
    )
    before = world.clock.moment
    world.at(before + timedelta(days=4000))
    assert jia.refused("bidding.withdraw_bid", lot=world.lot).code.startswith("certificate.")
    world.at(before)
    world.cast.security_admin.do("parties.revoke_certificate", fingerprint=jia.fingerprint, reason="密钥遗失")
    with pytest.raises(Refused):
        jia.do("bidding.withdraw_bid", lot=world.lot)


def test_a_network_lost_in_mid_upload_goes_on_where_it_stopped(enrolled):
    """tus: HEAD tells how far, PATCH goes on; a wrong place is told the right one; the rest then submits."""
    world, jia = enrolled, enrolled.cast.bidder
    offer, client = bids.make(world.lot, jia), looking.visitor(jia)
    begun = client.post("/upload", headers={"Upload-Length": str(len(offer.sealed)), "Tus-Resumable": "1.0.0"})
    assert begun.status_code == 201
    where, half = begun.headers["Location"], len(offer.sealed) // 2

    def patch(offset, piece):
        return client.patch(
            where, piece, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)}
        )

    assert patch(0, offer.sealed[:half]).headers["Upload-Offset"] == str(half)
    early = jia.refused("bidding.submit_bid", lot=world.lot, upload=where.rpartition("/")[2], seal=offer.seal)
    assert early.code == "seal.truncated"
    assert client.head(where).headers["Upload-Offset"] == str(half)
    assert patch(0, offer.sealed[:10]).status_code == 409
    assert looking.visitor(world.cast.rival).head(where).status_code == 404
    assert patch(half, offer.sealed[half:]).headers["Upload-Offset"] == str(len(offer.sealed))
    jia.do("bidding.submit_bid", lot=world.lot, upload=where.rpartition("/")[2], seal=offer.seal)


def test_withdrawal_and_replacement_before_the_deadline_leave_one_bid_the_last(enrolled):
    world, jia = enrolled, enrolled.cast.bidder
    assert jia.refused("bidding.withdraw_bid", lot=world.lot).code == "bidding.no-bid"
    first = bids.make(world.lot, jia)
    bids.submit(world.lot, first)
    jia.do("bidding.withdraw_bid", lot=world.lot, reason="重新报价")
    dealing = tendering.dealing(world.lot, jia.organisation).id
    assert bidding.bid(dealing) is None
    bids.submit(world.lot, bids.make(world.lot, jia))
    last = bids.make(world.lot, jia, price="170000000.00")
    assert bids.submit(world.lot, last).event.replaces is not None
    for player in world.cast.bidders[1:3]:
        bids.submit(world.lot, bids.make(world.lot, player))
    world.at(world.deadline, seconds=1)
    assert jia.refused("bidding.withdraw_bid", lot=world.lot).code == "bidding.withdrawal-too-late"
    world.settle()
    assert jia.refused("bidding.withdraw_bid", lot=world.lot).code == "bidding.withdrawal-too-late"
    assert sorted(one.bid for one in opening.board(world.lot) if one.bidder == jia.organisation) == [last.bid]
    assert [one.state for one in bidding.history(dealing)] == ["submitted", "replaced", "withdrawn"]


def test_a_forged_receipt_is_refused_wherever_it_was_touched(enrolled):
    world, jia = enrolled, enrolled.cast.bidder
    entry = bids.submit(world.lot, bids.make(world.lot, jia)).entries[0]
    sequencing.settle()
    proving.cosign_newest()
    good = proving.receipt(entry.stream, entry.number)
    keys = (log_signer().key, [receipts_signer().key], proving.cosigner_keys(), 2)
    assert receipts.check_receipt(good, *keys)
    told = json.loads(good)
    forged = [
        {**told, "position": told["position"] + 1}, {**told, "entry": {**told["entry"], "text": told["entry"]["text"].replace('"number":', '"number":1')}},
        {**told, "proof": told["proof"][1:]}, {**told, "checkpoint": told["checkpoint"].replace("\n", "\n1", 1)},
        {**told, "promise": told["promise"].replace('"within":10', '"within":99')},
        {**told, "entry": {**told["entry"], "inner": told["entry"]["inner"].replace("bid-submitted", "bid-withdrawn")}},
    ]  # fmt: skip
    for one in forged:
        with pytest.raises(receipts.ReceiptRefused):
            receipts.check_receipt(canonical.dumps(one), *keys)
    assert kernel_clock.now() == world.clock.moment
