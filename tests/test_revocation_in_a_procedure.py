"""A bidder's certificate is revoked by its authority in the middle of a tender: what then, at each step."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests import journey

from mingzheng.adapters.crypto.certificates import facts, load
from mingzheng.adapters.crypto.revocation import Authority, Revocations
from mingzheng.kernel import clock, ports
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.archiving import changes as archiving
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import jobs
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.django_db


class OneListAway:
    """The demo authority as one that publishes a list, as licensed authorities do."""

    def __init__(self, folder: Path) -> None:
        self.certificates = ports.get("certificates")
        self.authority = self.certificates.authority
        self.revoked, self.silent = {}, False
        known = Authority(load(self.authority.certificate), "http://crl.example", grace=timedelta(days=90))
        self.certificates.revocations = Revocations(folder, [known], self.fetch)
        jobs.follow_authorities()

    def fetch(self, address: str, body: bytes | None) -> bytes:
        if self.silent:
            raise OSError("nobody answers")
        return self.authority.revocation_list(self.revoked, clock.now(), days=30).encode()

    def revoke(self, player) -> int:
        self.revoked[facts(player.certificate).serial] = clock.now()
        return jobs.follow_authorities()


@pytest.fixture
def house(tmp_path, world):
    certificates = ports.get("certificates")
    before = certificates.revocations
    yield OneListAway(tmp_path)
    certificates.revocations = before


def test_a_certificate_its_authority_revokes_is_out_of_use_here_at_once_and_in_the_ledger(lot_at, house, clock):
    world = lot_at("announced")
    player = world.cast.bidder
    assert player.actor.has("bidder")
    clock.forward(minutes=1)
    assert house.revoke(player) == 1
    with pytest.raises(Refused):
        parties.actor_for(player.person, player.organisation, "certificate", player.fingerprint)
    told = [
        e.event
        for e in stream_entries(stored_stream(f"person:{player.person}"))
        if e.kind == "parties.certificate-revoked"
    ]
    assert [one.fingerprint for one in told] == [player.fingerprint]
    assert "发证机构" in told[0].reason
    clock.forward(minutes=1)
    assert house.revoke(player) == 0, "once"


def test_while_an_authority_is_silent_beyond_its_grace_binding_acts_wait_and_say_so(lot_at, house, clock):
    world = lot_at("announced")
    certificates, player = ports.get("certificates"), world.cast.bidder
    house.silent = True
    clock.forward(days=29)
    certificates.check(player.certificate, clock())
    clock.forward(days=95)
    with pytest.raises(Refused) as refused:
        certificates.check(player.certificate, clock())
    assert (refused.value.code, refused.value.kind.status) == ("certificate.standing-unknown", 503)
    house.silent = False
    jobs.follow_authorities()
    certificates.check(player.certificate, clock())


def test_a_bid_sealed_before_stands_its_bidder_is_ruled_on_and_the_tender_goes_on_to_a_proven_archive(
    world, house, clock, tmp_path
):
    jia, *others = (world.cast.by_login(login) for login in ("jia", "yi", "bing", "ding"))
    journey.register(world)
    journey.announce(world)
    journey.three_bids(world, jia, *others)
    journey.close(world)
    house.revoke(jia)
    assert len(bidding.bids(world.lot)) == 4, "what was signed before the revocation stands"
    with pytest.raises(Refused) as refused:
        ports.get("certificates").check(jia.certificate, clock())
    assert refused.value.code == "certificate.revoked"
    journey.decrypt(world, "yi", "bing", "ding")
    with pytest.raises(Refused):
        jia.do("opening.release_key", lot=world.lot, bid=world.offers["jia"].bid, content_key=world.offers["jia"].key)
    clock.set(procedures.clock(world.lot, "decryption_ends").due + timedelta(seconds=1))
    line = next(one for one in opening.board(world.lot) if one.bidder == jia.organisation)
    world.cast.agency.do(
        "opening.rule_on_bid",
        lot=world.lot,
        bid=line.bid,
        cause="bidder",
        reason="证书在开标前被发证机构吊销，时限内未解密。",
    )
    for step in (journey.read, journey.end_opening, journey.evaluate, journey.publish, journey.award, journey.contract):
        step(world)
    journey.archive(world)
    ruled = [e.event for e in stream_entries(f"lot:{world.lot}") if e.kind == "opening.bid-ruled-on"]
    assert [(one.bidder_name, one.state) for one in ruled] == [("甲建设集团有限公司", "revoked")]
    folder = archiving.folder_of(world.lot)
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
