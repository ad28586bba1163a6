"""The opening: bidders sign in and release their keys, the host reads, everybody confirms."""

from __future__ import annotations

import base64

from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.unsealing import release_key
from mingzheng.site.rehearse.play import Envelope, Play, Stage, wait


def hold(stage: Stage, play: Play) -> None:
    """Wait for the closing; hold the opening when there are enough bidders, else the tender has failed."""
    facts = wait("bidding to close", lambda: _closed(stage, play))
    if facts["standing"] == "failed":
        play.outcome = f"failed_{facts['cause']}"
        return
    host, lot = stage.cast.agency, play.lot
    for envelope in play.envelopes.values():
        envelope.bidder.acting.act("opening.sign_in", lot=lot)
    host.act("opening.start_decryption", lot=lot)
    for envelope in play.envelopes.values():
        release(play, envelope)
    host.act("opening.read_bids", lot=lot)
    digest = stage.lot(play)["hall"]["board_digest"]
    for envelope in play.envelopes.values():
        envelope.bidder.acting.act("opening.confirm_record", lot=play.lot, board_digest=digest)
    host.act("opening.end_opening", lot=lot)


def _closed(stage: Stage, play: Play) -> dict[str, object] | None:
    facts = stage.lot(play)
    return facts if facts["hall"] or facts["standing"] == "failed" else None


def release(play: Play, envelope: Envelope) -> None:
    """Unwrap the content key with the bidder's own key and hand it over."""
    party = envelope.bidder.acting
    assert party.key is not None
    content_key = release_key(party.key, SignedSeal.loads(envelope.seal).seal)
    party.act(
        "opening.release_key", lot=play.lot, bid=envelope.bid,
        secret={"content_key": base64.b64encode(content_key.reveal()).decode()},
    )  # fmt: skip
