"""Really sealed bids for tests: sealed with the bidder's own key, uploaded piece by piece, its key released later."""

import base64
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.people import Player

from mingzheng.adapters.crypto import unsealing
from mingzheng.adapters.crypto.container import LEAST_CHUNK
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.ids import random_id
from mingzheng.site.uploads import owned
from mingzheng.stages.bidding import commands as bidding_commands
from mingzheng.stages.bidding import queries as bidding

OFFERS = {
    "jia": {"price": "173456789.12", "period_days": 341, "quality": "合格（甲方案）", "project_manager": "钟离昭"},
    "yi": {"price": "168765432.34", "period_days": 352, "quality": "合格（乙方案）", "project_manager": "百里奚明"},
    "bing": {"price": "175912345.67", "period_days": 337, "quality": "合格（丙方案）", "project_manager": "司徒若兰"},
    "ding": {"price": "176543219.88", "period_days": 329, "quality": "合格（丁方案）", "project_manager": "端木和"},
    "wu": {"price": "177112233.55", "period_days": 333, "quality": "合格（戊方案）", "project_manager": "慕容川"},
}


@dataclass(frozen=True)
class SealedOffer:
    """A sealed bid as its bidder holds it: the file's bytes, the seal's text, the content key only it knows."""

    player: Player
    summary: dict[str, Any]
    file_name: str
    content: bytes
    sealed: bytes
    seal: str
    bid: UUID
    key: str


def terms_of(lot: UUID) -> SealingTerms:
    """The lot's public sealing parameters, fixed now if nobody needed them yet."""
    if bidding.terms(lot) is None:
        bidding_commands.fix_sealing_terms(actor=SYSTEM, lot=lot)
    found = bidding.terms(lot)
    assert found is not None
    return SealingTerms.from_json(found)


def person_key(player: Player) -> PersonKey:
    return PersonKey(player.private, player.certificate)


def make(
    lot: UUID, player: Player, *, consent: bool = True, files: dict[str, bytes] | None = None, **changes: Any
) -> SealedOffer:
    """Seal the player's usual offer (or with these changes, or of these files) for the lot."""
    summary = {**OFFERS[player.login], **changes}
    name = f"{player.login}-technical-offer.pdf"
    content = f"{player.organisation_name}的施工组织设计 {summary['price']}\n".encode() * 400
    with tempfile.TemporaryDirectory() as folder:
        out, plain = Path(folder) / "bid.mzb", []
        for one, inside in (files or {name: content}).items():
            plain.append(Path(folder) / one)
            plain[-1].write_bytes(inside)
        signed = seal_bid(
            summary, plain, terms_of(lot), person_key(player), out, consent=consent, at=clock.now(), chunk=LEAST_CHUNK
        )
        sealed = out.read_bytes()
    key = unsealing.release_key(person_key(player), signed.seal)
    return SealedOffer(
        player, summary, name, content, sealed, signed.dumps(), signed.seal.bid,
        base64.b64encode(key.reveal()).decode(),
    )  # fmt: skip


def upload(player: Player, content: bytes, *, length: int | None = None) -> UUID:
    """Put bytes into the store as the tus door does; with a greater `length` the upload stays unfinished."""
    store, name = ports.get("store"), random_id()
    store.create_upload(length=length or len(content), expires=clock.real() + timedelta(days=7), id=str(name))
    owned.remember(str(name), player.actor)
    store.append(str(name), 0, content)
    return name


def submit(lot: UUID, offer: SealedOffer, *, by: Player | None = None) -> Any:
    """Upload and submit."""
    player = by or offer.player
    return player.do("bidding.submit_bid", lot=lot, upload=upload(player, offer.sealed), seal=offer.seal)
