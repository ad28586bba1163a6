"""What happened in the hall. The list of bidders is public from the closing on, prices only from the reading act on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.event import event


@event("opening.bidder-signed-in", stream="dealing")
class BidderSignedIn:
    """签到. In the dealing's sealed stream: before the deadline a sign-in would name a bidder."""

    dealing: UUID
    lot: UUID
    person: UUID


@event("opening.hall-opened", stream="lot")
class HallOpened:
    """The hall is open: planned second, actual second, and the commitment to the seed of parameter draws."""

    lot: UUID
    planned: datetime
    opened: datetime
    delay_seconds: int
    seed_commitment: str
    present: tuple[dict[str, Any], ...]


@event("opening.decryption-started", stream="lot")
class DecryptionStarted:
    """解密开始: until when each bidder releases its key."""

    lot: UUID
    ends: datetime
    minutes: int


@event("opening.decryption-extended", stream="lot")
class DecryptionExtended:
    """An equal extension for all (outage, or a cause that is not the bidder's)."""

    lot: UUID
    ends: datetime
    minutes: int
    reason: str


@event("opening.key-released", stream="lot")
class KeyReleased:
    """A bidder released the key of its own bid; the contents agree with the seal and stay closed until the reading."""

    lot: UUID
    dealing: UUID
    bid: UUID
    bidder: UUID
    bidder_name: str


@event("opening.bid-contradicts-seal", stream="lot")
class BidContradictsSeal:
    """The released key fits, but what it opens is not what was sealed; the host must rule."""

    lot: UUID
    dealing: UUID
    bid: UUID
    bidder: UUID
    problem: str


@event("opening.bid-ruled-on", stream="lot")
class BidRuledOn:
    """A bid not decrypted in time: bidder's cause is 撤销 (revoked), another cause is 撤回 (withdrawn) (DZ-08)."""

    lot: UUID
    dealing: UUID
    bid: UUID
    bidder: UUID
    bidder_name: str
    state: str
    cause: str
    reason: str
    evidence: dict[str, Any]


@event("opening.parameters-drawn", stream="lot")
class ParametersDrawn:
    """参数抽取: name -> value, with seed and contribution from which anybody can draw them again."""

    lot: UUID
    drawn: tuple[dict[str, Any], ...]
    seed: str
    contribution: str


@event("opening.bids-read", stream="lot")
class BidsRead:
    """唱标: one act opens the whole board; the digest is that of what every screen shows."""

    lot: UUID
    rows: tuple[dict[str, Any], ...]
    board_digest: str


@event("opening.objection-raised", stream="lot")
class HallObjectionRaised:
    """An objection on the spot; the opening cannot end before its answer (DZ-10)."""

    lot: UUID
    objection: UUID
    bidder: UUID
    bidder_name: str
    text: str


@event("opening.objection-answered", stream="lot")
class HallObjectionAnswered:
    """The host's answer on the spot."""

    lot: UUID
    objection: UUID
    text: str


@event("opening.record-confirmed", stream="lot")
class RecordConfirmed:
    """A bidder confirms the opening record."""

    lot: UUID
    dealing: UUID
    bidder: UUID
    bidder_name: str
    board_digest: str


@event("opening.file-checked", stream="dealing")
class FileChecked:
    """What a check found in one file of a bid after the reading act. In the dealing's stream: it concerns its bidder."""

    dealing: UUID
    lot: UUID
    bid: UUID
    part: int
    outcome: str
    engine: str
    findings: tuple[str, ...]


@event("opening.words-said", stream="lot")
class WordsSaid:
    """Text in the hall, to everybody."""

    lot: UUID
    speaker: str
    role: str
    text: str


@event("opening.private-word-said", stream="dealing")
class PrivateWordSaid:
    """Text between one bidder and the host, in the bidder's own sealed stream; the archive opens it with the dealing."""

    dealing: UUID
    lot: UUID
    speaker: str
    role: str
    text: str


@event("opening.private-word-noted", stream="lot")
class PrivateWordNoted:
    """A private word passed between the host and a bidder: that it did is public, with whom and what is not."""

    lot: UUID
    role: str


@event("opening.opening-ended", stream="lot")
class OpeningEnded:
    """开标结束: the record is signed by the host; who confirmed and who is deemed to have no objection."""

    lot: UUID
    procedure: UUID
    record: UUID
    record_digest: str
    confirmed: tuple[str, ...]
    deemed: tuple[str, ...]
    readable: int
