"""From registration to sealed bids: owner, centre and agency announce, the bidders enrol, pay, seal and submit."""

from __future__ import annotations

import io
import secrets
import tempfile
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from mingzheng.adapters.crypto import container
from mingzheng.adapters.crypto.sealing import Draft, write_sealed
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel import clock
from mingzheng.site.rehearse.ocds import Offer
from mingzheng.site.rehearse.party import body
from mingzheng.site.rehearse.people import Bidder
from mingzheng.site.rehearse.play import Envelope, Play, Stage, wait

#: The version of the confirmation text an owner reads before publishing (RG-7.2.2).
CONFIRMED = "2026.1"
LEAST_ESTIMATE = Decimal("10000.00")
BIDS_DOCUMENT = "投标文件.txt"
PERIOD_DAYS = 365


def announce(stage: Stage, play: Play) -> None:
    """Register the project (owner), complete it (centre), publish the notice and name the host (agency)."""
    cast, title = stage.cast, play.tender.title
    estimate = max([LEAST_ESTIMATE, *(offer.price for offer in play.tender.offers)])
    submitted = cast.water.act(
        "procedures.submit_registration",
        content={
            "name": title, "content": title, "approval": "演练", "funds": "财政资金", "region": "990100",
            "location": "云州市", "supervision_department": "云州市住房和城乡建设局", "contact": "周远航", "phone": "0990-88000011",
        },
        lots=[{"name": title[:60], "estimate": format(estimate, "f"), "content": title}],
        agency=cast.ids["agency organisation"],
    )  # fmt: skip
    play.procedure = body(submitted, "procedures.registration-submitted")["procedure"]
    done = cast.staff.act(
        "procedures.complete_registration", procedure=play.procedure, service_responsible=cast.ids["staff"]
    )
    play.lot = body(done, "procedures.lot-registered")["lot"]
    cast.agency.act(
        "tendering.publish_notice", lot=play.lot, confirmation=CONFIRMED, document={"method": "lowest_price"}
    )
    cast.agency.act("procedures.appoint_person", lot=play.lot, part="host", person=cast.ids["agency"])


def bid(stage: Stage, play: Play) -> None:
    """Everybody enrols and secures a deposit, then the bids come in one after another in the order of the file."""
    facts = stage.lot(play)
    paper = next(one["id"] for one in facts["documents"] if one["kind"] == "tender_document")
    paying: list[Bidder] = []
    for number, (identity, name) in enumerate({o.bidder: o.name for o in play.tender.offers}.items()):
        bidder = stage.bidders.of(identity, name)
        play.taking_part.append(bidder)
        bidder.acting.act("tendering.enrol", lot=play.lot, contact="投标负责人", phone="0990-88000000")
        bidder.acting.act("tendering.download_document", lot=play.lot, document=paper)
        if _deposit(play, bidder, by_transfer=(number + play.place) % 2 == 0):
            paying.append(bidder)
    terms = (
        SealingTerms.from_json(stage.cast.public.get(f"/lots/{play.lot}/sealing.json")) if play.taking_part else None
    )
    for offer in play.tender.offers:
        assert terms is not None
        _submit(stage.bidders.of(offer.bidder, offer.name), play, offer, terms, facts["now"])
    wait("the deposits to arrive", lambda: all(_secured(play, bidder) for bidder in paying))


def _deposit(play: Play, bidder: Bidder, *, by_transfer: bool) -> bool:
    """Secure the deposit at the demo bank; true when money is on its way."""
    party = bidder.acting
    if by_transfer:
        opened = party.act("deposits.open_account", lot=play.lot)
        account = body(opened, "deposits.account-opened")
        party.form("/demo/bank/pay", account=account["account"], amount=account["amount"])
        return True
    number = f"BH{secrets.token_hex(8)}"
    party.form("/demo/bank/pay", guarantee=number, issuer="云州银行", amount="1000000", days="730")
    party.act("deposits.lodge_guarantee", lot=play.lot, number=number, issuer="云州银行")
    return False


def _secured(play: Play, bidder: Bidder) -> bool:
    found = bidder.acting.get(f"/api/v1/lots/{play.lot}/dealing")["deposit"]
    return bool(found and found["secured"])


def _submit(bidder: Bidder, play: Play, offer: Offer, terms: SealingTerms, now: str) -> None:
    """Seal in this process, upload the ciphertext, submit it with its seal; a second bid replaces the first."""
    party, content, seal = bidder.acting, *_seal(bidder, offer, terms, now)
    done = party.act("bidding.submit_bid", lot=play.lot, upload=party.upload(content), seal=seal)
    play.envelopes.pop(bidder.identity, None)
    if offer.status == "withdrawn":
        party.act("bidding.withdraw_bid", lot=play.lot, reason="")
        return
    told = body(done, "bidding.bid-submitted")["bid"]
    play.envelopes[bidder.identity] = Envelope(bidder, told, seal, offer.price, offer.status)


def _seal(bidder: Bidder, offer: Offer, terms: SealingTerms, now: str) -> tuple[bytes, str]:
    """(ciphertext, seal): the summary that is read aloud, and one document."""
    key = bidder.acting.key
    assert key is not None
    summary = {
        "price": format(offer.price, "f"),
        "period_days": PERIOD_DAYS,
        "quality": "合格",
        "project_manager": "项目负责人",
    }
    draft = Draft(terms, suite(terms.suite), uuid4(), Secret(secrets.token_bytes(32)), container.CHUNK)
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder, BIDS_DOCUMENT)
        document.write_text(f"{bidder.name}\n{summary['price']}\n", "utf-8")
        target = io.BytesIO()
        signed = write_sealed(draft, summary, [document], key, target, consent=True, at=clock.parse(now))
    return target.getvalue(), signed.dumps()
