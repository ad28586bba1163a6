"""The hall, step by step."""

import os
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mingzheng.kernel import canonical, clock, drawing, ports
from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import reading
from mingzheng.ledger.entries import stored_stream
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.notifying import wording
from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.opening import changes, events, models, queries, rules
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import queries as tendering


def _dealing(actor: Actor, fields: dict[str, Any]) -> UUID | None:
    found = tendering.dealing(fields["lot"], actor.organisation) if actor.organisation else None
    return found.id if found else None


def _hall(lot: UUID) -> models.Opening:
    row = models.Opening.objects.select_for_update().filter(pk=lot).first()
    if row is None:
        raise rules.WRONG_STEP(phase="waiting")
    return row


def _own_line(actor: Actor, lot: UUID) -> queries.BoardRow:
    for line in queries.board(lot):
        if line.bidder == actor.organisation:
            return line
    raise rules.NOT_A_BIDDER()


@act(by={"bidder"}, phases=("announced", "closed", "opening"), evidence=_dealing)
def sign_in(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """A bidder's person signs in to the hall, from the time the tender document says until the opening ends."""
    dealing, deadline = _dealing(actor, {"lot": lot}), procedures.clock(lot, "bid_deadline")
    if dealing is None or actor.person is None or bidding.bid(dealing) is None:
        raise rules.NOT_A_BIDDER()
    assert deadline is not None
    opens = deadline.due - timedelta(minutes=int(tendering.tender(lot).fields.get("sign_in_minutes", 60)))
    if at < opens:
        raise rules.TOO_EARLY_TO_SIGN_IN(opens=opens)
    _, first = models.SignIn.objects.get_or_create(pk=dealing, defaults={"lot": lot, "at": at})
    return [events.BidderSignedIn(dealing=dealing, lot=lot, person=actor.person)] if first else []


@act(by={"system"}, phases=("closed",), changes_lot=True)
def open_hall(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """The hall opens by itself at the deadline; the list of bidders stands, the seed of draws is committed to."""
    seed = os.urandom(drawing.SEED_BYTES)
    models.Opening.objects.create(lot=lot, opened_at=at, seed=seed.hex())
    models.OpenedBid.objects.bulk_create(
        models.OpenedBid(bid=b.id, lot=lot, dealing=b.dealing, number=n)
        for n, b in enumerate(bidding.bids(lot), start=1)
    )
    spine.reach(lot, "opening", at)
    deadline = procedures.clock(lot, "bid_deadline")
    assert deadline is not None
    present = tuple(
        {"part": part, "organisation": str(organisation)} for part, (_, organisation) in procedures.parts(lot).items()
    )
    return [
        events.HallOpened(
            lot=lot, planned=deadline.due, opened=at, delay_seconds=int((at - deadline.due).total_seconds()),
            seed_commitment=drawing.commitment(seed), present=present,
        )
    ]  # fmt: skip


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",))
def start_decryption(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """The host starts decryption; every bidder is reminded with the time limit (LN-7.2.3-5)."""
    hall = _hall(lot)
    rules.must_be(hall.phase, "list")
    minutes = tendering.tender(lot).decryption_minutes
    ends = at + timedelta(minutes=minutes)
    hall.phase = "decryption"
    hall.save()
    notify(
        to=[Recipient(organisation=line.bidder) for line in queries.board(lot)], topic="decryption", title=wording.say("请解密投标文件"),
        text=wording.say("{project}：解密已开始，请在 {ends} 前解密。", project=procedures.lot(lot).procedure_name, ends=f"{ends:%Y-%m-%d %H:%M:%S}"), at=at, lot=lot,
        link=f"/lots/{lot}/hall", channels=("in_site", "sms"),
    )  # fmt: skip
    started = events.DecryptionStarted(lot=lot, ends=ends, minutes=minutes)
    return [
        started,
        *spine.start_clock(lot, "decryption_ends", ends, at, because=f"招标文件约定 {minutes} 分钟", rule=rules.LAW31),
    ]


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",))
def extend_decryption(*, actor: Actor, at: datetime, lot: UUID, minutes: int, reason: str) -> list[Any]:
    """Extend decryption equally for everybody, with the reason (an outage, a cause that is not the bidder's)."""
    hall = _hall(lot)
    rules.must_be(hall.phase, "decryption")
    if minutes <= 0 or not reason:
        raise rules.CAUSE_NEEDED()
    running = procedures.clock(lot, "decryption_ends")
    assert running is not None
    ends = max(running.due, at) + timedelta(minutes=minutes)
    extended = events.DecryptionExtended(lot=lot, ends=ends, minutes=minutes, reason=reason)
    return [extended, *spine.move_clock(lot, "decryption_ends", ends, reason)]


@act(by={"bidder"}, binds=True, phases=("opening",), secrets=("content_key",), evidence=_dealing)
def release_key(*, actor: Actor, at: datetime, lot: UUID, bid: UUID, content_key: str) -> list[Any]:
    """A bidder releases the key of its own bid; nothing is readable until the reading act of the whole lot."""
    line = _own_line(actor, lot)
    if line.bid != bid:
        raise rules.NOT_YOUR_BID()
    found = bidding.bid(line.dealing)
    assert found is not None and found.id == bid
    sealing = ports.get("sealing")
    try:
        sealing.verify_key(found.seal, content_key)
    except Refused:
        raise rules.WRONG_KEY() from None
    problem = sealing.contradiction(found.seal, content_key, found.object)  # before any lock: 300 act in one minute
    row = models.OpenedBid.objects.select_for_update().get(pk=bid)
    hall, ends = models.Opening.objects.get(pk=lot), procedures.clock(lot, "decryption_ends")
    rules.may_release(at, ends.due if ends else None, hall.phase, row.state)
    if problem:
        row.state = "contradicts"
        row.save()
        return [events.BidContradictsSeal(lot=lot, dealing=line.dealing, bid=bid, bidder=line.bidder, problem=problem)]
    row.state, row.content_key, row.decrypted_at = "decrypted", content_key, at
    row.save()
    return [
        events.KeyReleased(lot=lot, dealing=line.dealing, bid=bid, bidder=line.bidder, bidder_name=line.bidder_name)
    ]


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",))
def rule_on_bid(*, actor: Actor, at: datetime, lot: UUID, bid: UUID, cause: str, reason: str) -> events.BidRuledOn:
    """After the time limit the host rules on a bid not decrypted: bidder's cause revokes it, another withdraws it (DZ-08)."""
    hall, ends = _hall(lot), procedures.clock(lot, "decryption_ends")
    rules.must_be(hall.phase, "decryption")
    row = models.OpenedBid.objects.select_for_update().filter(pk=bid, lot=lot).first()
    if row is None or row.state not in ("waiting", "contradicts"):
        raise rules.WRONG_STEP(phase=hall.phase)
    if row.state == "waiting" and ends is not None and at <= ends.due:
        raise rules.NO_RULING_YET(ends=ends.due)
    if cause not in ("bidder", "other") or not reason:
        raise rules.CAUSE_NEEDED()
    timeout = row.state == "waiting"
    row.state, row.cause, row.reason = ("revoked" if cause == "bidder" else "withdrawn"), cause, reason
    row.save()
    line = next(one for one in queries.board(lot) if one.bid == bid)
    signed = queries.signed_in(line.dealing)
    evidence = {
        "decrypt_timeout": timeout, "signed_in_at": clock.text(signed) if signed else None,
        "wrong_keys": _wrong_keys(line.dealing),
    }  # fmt: skip
    return events.BidRuledOn(
        lot=lot, dealing=line.dealing, bid=bid, bidder=line.bidder, bidder_name=line.bidder_name, state=row.state,
        cause=cause, reason=reason, evidence=evidence,
    )  # fmt: skip


def _wrong_keys(dealing: UUID) -> int:
    """How often a wrong key was tried: refusals stand in the dealing's own stream."""
    found = reading.stream_entries(stored_stream(f"dealing:{dealing}"))
    return sum(getattr(entry.event, "code", "") == rules.WRONG_KEY.code for entry in found)


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",))
def draw_parameters(*, actor: Actor, at: datetime, lot: UUID) -> events.ParametersDrawn:
    """Draw the benchmark parameters before everybody's eyes; anybody can draw them again from seed and contribution."""
    hall = _hall(lot)
    if hall.drawn:
        raise rules.ALREADY_DRAWN()
    rules.must_be(hall.phase, "decryption")
    wanted = queries.parameters_to_draw(lot)
    if not wanted:
        raise rules.WRONG_STEP(phase=hall.phase)
    head = reading.heads([f"lot:{lot}"])[0][2]
    seed = bytes.fromhex(hall.seed)
    drawn = [
        {"name": one["name"], **drawing.draw(
            one["candidates"], seed, [("ledger", head)], purpose=f"{lot} {one['name']}"
        ).record}
        for one in wanted
    ]  # fmt: skip
    for one in drawn:
        one["value"] = one["choice"]
    hall.drawn = drawn
    hall.save()
    return events.ParametersDrawn(lot=lot, drawn=tuple(drawn), seed=seed.hex(), contribution=head)


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",))
def read_bids(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """唱标: when every bid is decrypted or ruled on and all parameters are drawn, one act opens the whole board (DZ-07)."""
    hall = _hall(lot)
    rules.must_be(hall.phase, "decryption")
    rows = list(models.OpenedBid.objects.select_for_update().filter(lot=lot).order_by("number"))
    rules.may_read([row.state for row in rows], len(queries.parameters_to_draw(lot)), len(hall.drawn))
    sealing, bids = ports.get("sealing"), {one.id: one for one in bidding.bids(lot)}
    for row in rows:
        if row.state == "decrypted":
            found = bids[row.bid]
            row.summary, row.state = sealing.read_summary(found.seal, row.content_key, found.object), "read"
            row.save()
    lines = [
        {"number": line.number, "bidder": str(line.bidder), "bidder_name": line.bidder_name, "bid": str(line.bid),
         "state": line.state, "deposit": line.deposit, "summary": line.summary}
        for line in queries.board(lot)
    ]  # fmt: skip
    digest = digests.of(canonical.dumps(lines).encode())
    hall.phase, hall.read_at, hall.board_digest = "objections", at, digest
    hall.save()
    minutes = int(tendering.tender(lot).fields.get("confirmation_minutes", 10))
    spine.stop_clock(lot, "decryption_ends")
    read = events.BidsRead(lot=lot, rows=tuple(lines), board_digest=digest)
    return [
        read,
        *spine.start_clock(
            lot,
            "confirmation_ends",
            at + timedelta(minutes=minutes),
            at,
            because=f"招标文件约定 {minutes} 分钟",
            rule=rules.LAW30,
        ),
    ]


@act(by={"bidder"}, binds=True, phases=("opening", "opened", "evaluation", "evaluated", "publicity"), evidence=_dealing)
def raise_objection(*, actor: Actor, at: datetime, lot: UUID, text: str) -> events.HallObjectionRaised:
    """A bidder objects on the spot; only while the opening runs (招标投标法实施条例 44)."""
    hall, line = _hall(lot), _own_line(actor, lot)
    if hall.phase == "ended":
        raise rules.ENDED()
    row = models.HallObjection.objects.create(
        lot=lot, bidder=line.bidder, bidder_name=line.bidder_name, text=text, raised_at=at
    )
    return events.HallObjectionRaised(
        lot=lot, objection=row.id, bidder=line.bidder, bidder_name=line.bidder_name, text=text
    )


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",))
def answer_objection(
    *, actor: Actor, at: datetime, lot: UUID, objection: UUID, text: str
) -> events.HallObjectionAnswered:
    """The host answers on the spot."""
    row = models.HallObjection.objects.select_for_update().filter(pk=objection, lot=lot, answered_at=None).first()
    if row is None or not text:
        raise rules.NO_OBJECTION()
    row.answer, row.answered_at = text, at
    row.save()
    return events.HallObjectionAnswered(lot=lot, objection=row.id, text=text)


@act(by={"bidder"}, binds=True, phases=("opening",), evidence=_dealing)
def confirm_record(*, actor: Actor, at: datetime, lot: UUID, board_digest: str) -> list[Any]:
    """A bidder confirms what was read; the digest says exactly what."""
    line, hall = _own_line(actor, lot), models.Opening.objects.get(pk=lot)
    if hall.read_at is None or board_digest != hall.board_digest:
        raise rules.NOT_READ_OUT()
    row = models.OpenedBid.objects.select_for_update().get(pk=line.bid)
    if row.confirmed_at is not None:
        return []
    row.confirmed_at = at
    row.save()
    return [
        events.RecordConfirmed(
            lot=lot, dealing=line.dealing, bidder=line.bidder, bidder_name=line.bidder_name, board_digest=board_digest
        )
    ]


@act(by={"bidder", "procuring_entity", "agency", "witness", "supervisor"}, phases=("closed", "opening"))
def say(*, actor: Actor, at: datetime, lot: UUID, text: str) -> events.WordsSaid:
    """Say something to everybody in the hall; bidders after the list is public, others by their part."""
    hall = _hall(lot)
    rules.must_be(hall.phase, "list", "decryption", "objections")
    parts = {person: part for part, (person, _) in procedures.parts(lot).items()}
    part = parts.get(actor.person) if actor.person else None
    if part is None:
        _own_line(actor, lot)
    assert actor.organisation is not None
    name = parties.organisation(actor.organisation).name
    return events.WordsSaid(lot=lot, speaker=name, role=part or "bidder", text=text)


@act(by={"bidder"}, phases=("opening",), evidence=_dealing, kept_sealed=True)
def tell_host(*, actor: Actor, at: datetime, lot: UUID, text: str) -> list[Any]:
    """A bidder says something to the host alone, once the list is public; kept in its own sealed stream."""
    line = _own_line(actor, lot)
    return _private(lot, line.dealing, "bidder", line.bidder_name, text, at)


@act(by={"procuring_entity", "agency"}, part="host", phases=("opening",), kept_sealed=True)
def tell_bidder(*, actor: Actor, at: datetime, lot: UUID, bid: UUID, text: str) -> list[Any]:
    """The host says something to one bidder alone; kept in that bidder's sealed stream."""
    line = next((one for one in queries.board(lot) if one.bid == bid), None)
    if line is None:
        raise rules.NOT_A_BIDDER()
    assert actor.organisation is not None
    return _private(lot, line.dealing, "host", parties.organisation(actor.organisation).name, text, at)


def _private(lot: UUID, dealing: UUID, role: str, speaker: str, text: str, at: datetime) -> list[Any]:
    rules.must_be(_hall(lot).phase, "list", "decryption", "objections")
    if not text.strip():
        raise rules.WORDS_NEEDED()
    models.PrivateWord.objects.create(lot=lot, dealing=dealing, role=role, speaker=speaker, text=text, at=at)
    said = events.PrivateWordSaid(dealing=dealing, lot=lot, speaker=speaker, role=role, text=text)
    return [said, events.PrivateWordNoted(lot=lot, role=role)]


@act(by={"procuring_entity", "agency"}, part="host", binds=True, phases=("opening",), changes_lot=True)
def end_opening(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """The host ends the opening and signs its record; open objections and missing confirmations hold it up (DZ-10)."""
    hall = _hall(lot)
    rules.must_be(hall.phase, "objections")
    board, ends = queries.board(lot), procedures.clock(lot, "confirmation_ends")
    open_objections = sum(o.answered_at is None for o in queries.objections(lot))
    unconfirmed = [line for line in board if line.confirmed_at is None and line.state == "read"]
    rules.may_end(open_objections, len(unconfirmed), at, ends.due if ends else None)
    document, filed = changes.file_record(lot, actor, at)
    hall.phase, hall.ended_at, hall.record = "ended", at, document.id
    hall.save()
    spine.stop_clock(lot, "confirmation_ends")
    spine.reach(lot, "opened", at)
    ended = events.OpeningEnded(
        lot=lot, procedure=procedures.lot(lot).procedure, record=document.id, record_digest=document.digest,
        confirmed=tuple(line.bidder_name for line in board if line.confirmed_at),
        deemed=tuple(line.bidder_name for line in unconfirmed), readable=sum(line.state == "read" for line in board),
    )  # fmt: skip
    return [*filed, ended]


@act(by={"system"}, while_suspended=True, phases=rules.CHECKED_IN)
def note_file_check(
    *, actor: Actor, at: datetime, lot: UUID, bid: UUID, part: int, engine: str, findings: list[dict[str, str]]
) -> events.FileChecked | None:
    """Keep what a check of one file found; an entry when it has come to something else than before."""
    outcome = rules.outcome_of([(one["code"], one["severity"]) for one in findings])
    row, _ = models.FileCheck.objects.select_for_update().get_or_create(
        bid=bid, part=part, defaults={"lot": lot, "looked_at": at, "findings": []}
    )
    changed = outcome != "waiting" and (row.state, row.engine) != (outcome, engine)
    row.state, row.engine, row.findings, row.looked_at, row.tries = outcome, engine, findings, at, row.tries + 1
    row.save()
    opened = models.OpenedBid.objects.get(pk=bid)
    opened.files_checked_by = queries.all_checked(bid)
    opened.save(update_fields=["files_checked_by"])
    if not changed:
        return None
    return events.FileChecked(
        dealing=opened.dealing, lot=lot, bid=bid, part=part, outcome=outcome, engine=engine,
        findings=tuple(sorted({one["code"] for one in findings})),
    )  # fmt: skip
