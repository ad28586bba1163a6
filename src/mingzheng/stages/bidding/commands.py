"""Submitting, withdrawing and closing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel import clock, ports
from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.wording import label
from mingzheng.ledger import reading
from mingzheng.ledger.entries import stored_stream
from mingzheng.stages.bidding import events, models, queries, rules
from mingzheng.stages.deposits import changes as deposits
from mingzheng.stages.deposits import queries as deposit_facts
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import packs
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import queries as tendering


def _dealing(actor: Actor, fields: dict[str, Any]) -> UUID | None:
    """The dealing a refusal belongs to, so that a late bid is evidence in its own stream."""
    found = tendering.dealing(fields["lot"], actor.organisation) if actor.organisation else None
    return found.id if found else None


def _own(actor: Actor, lot: UUID) -> UUID:
    found = _dealing(actor, {"lot": lot})
    if found is None:
        raise rules.NOT_ENROLLED()
    return found


def _deadline(lot: UUID) -> datetime:
    found = procedures.clock(lot, "bid_deadline")
    assert found is not None
    return found.due


@act(by={"system"}, while_suspended=True, after_end=True)
def fix_sealing_terms(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """Fix the lot's public sealing parameters once: suite, escrow key, rescue holders."""
    facts = procedures.lot(lot)
    if models.Terms.objects.filter(pk=lot).exists() or facts.standing not in ("running", "suspended"):
        return []
    terms = ports.get("sealing").terms(lot, facts.suite, _deadline(lot), facts.procuring_entity)
    _, created = models.Terms.objects.get_or_create(pk=lot, defaults={"terms": terms})
    return [events.SealingTermsFixed(lot=lot, terms=terms)] if created else []


@act(by={"bidder"}, binds=True, evidence=_dealing)
def submit_bid(*, actor: Actor, at: datetime, lot: UUID, upload: UUID, seal: str) -> events.BidSubmitted:
    """A bidder submits a sealed bid: the uploaded ciphertext and its signed seal. A second one replaces the first.

    The moment everything is whole and checked is what counts against the deadline (DZ-01 to DZ-05, ZB-21).
    """
    dealing = _own(actor, lot)
    rules.may_submit(at, _deadline(lot))
    sealing, terms = ports.get("sealing"), queries.terms(lot)
    pem = parties.certificate(actor.certificate).pem
    stored = sealing.take(str(upload), owner=actor, seal=seal, terms=terms, certificate=pem, taken=queries.taken)
    rules.may_submit(clock.now(), _deadline(lot))
    earlier = models.Bid.objects.select_for_update().filter(dealing=dealing, state="submitted").first()
    if earlier is not None:
        earlier.state = "replaced"
        earlier.save(update_fields=["state"])
    number = models.Bid.objects.filter(dealing=dealing).count() + 1
    seal_digest = digests.of(seal.encode())
    row = models.Bid.objects.create(
        id=stored.bid, lot=lot, dealing=dealing, number=number, submitted_at=at, seal=seal, certificate=pem,
        file_digest=stored.digest, seal_digest=seal_digest, object=stored.object, size=stored.size,
    )  # fmt: skip
    return events.BidSubmitted(
        dealing=dealing, lot=lot, bid=row.id, number=number, seal_digest=seal_digest, file_digest=stored.digest,
        size=stored.size, replaces=earlier.id if earlier else None, rescue_consent=stored.consent,
    )  # fmt: skip


@act(by={"bidder"}, binds=True, evidence=_dealing)
def withdraw_bid(*, actor: Actor, at: datetime, lot: UUID, reason: str = "") -> events.BidWithdrawn:
    """A bidder withdraws its bid before the deadline; it may submit again until then (招标投标法 29)."""
    dealing = _own(actor, lot)
    rules.may_withdraw(at, _deadline(lot))
    row = models.Bid.objects.select_for_update().filter(dealing=dealing, state="submitted").first()
    if row is None:
        raise rules.NO_BID()
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    return events.BidWithdrawn(dealing=dealing, lot=lot, bid=row.id, reason=reason)


@act(by={"system"}, phases=("announced",), changes_lot=True)
def close_bidding(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """At the deadline: name the bidders, tie the sealed streams into the lot's chain; too few bidders end the lot (ZB-24)."""
    if queries.closing(lot) is not None or at < _deadline(lot):
        return []
    facts = procedures.lot(lot)
    rows = models.Bid.objects.filter(lot=lot, state="submitted").order_by("submitted_at", "id")
    named = [_named(number, row) for number, row in enumerate(rows, start=1)]
    found = packs.pinned(facts.pack).check(rules.ENOUGH_BIDDERS_RULE, count=len({b["bidder"] for b in named}))
    models.Closing.objects.create(lot=lot, closed_at=at, bids=named, enough=found.ok)
    spine.stop_clock(lot, "bid_deadline")
    closed = events.BiddingClosed(
        lot=lot, procedure=facts.procedure, bids=tuple(named), streams=tuple(_streams(lot)), enough=found.ok
    )
    if found.ok:
        spine.reach(lot, "closed", at)
        current = {UUID(b["dealing"]) for b in named}
        left = [d.id for d in tendering.dealings(lot) if d.id not in current]
        return [
            closed,
            *deposits.entitle_refunds(
                lot, dealings=left, because=label("没有递交或已撤回投标文件"), rule="招标投标法实施条例 35", at=at
            ),
        ]
    return [
        closed,
        *spine.fail_lot(lot, "few_bidders", f"{rules.ENOUGH_BIDDERS_RULE} {found.source}"),
        *deposits.entitle_refunds(lot, because=label("投标人少于三个，重新招标"), rule="招标投标法实施条例 44", at=at),
    ]


def _named(number: int, row: models.Bid) -> dict[str, Any]:
    dealing = tendering.dealing_by_id(row.dealing)
    paid = deposit_facts.deposit(row.dealing)
    secured = paid is not None and paid.state == "secured"
    return {
        "number": number, "dealing": str(row.dealing), "bidder": str(dealing.organisation),
        "bidder_name": dealing.organisation_name, "bid": str(row.id), "submitted_at": clock.text(row.submitted_at),
        "seal_digest": row.seal_digest, "file_digest": row.file_digest, "size": row.size,
        "deposit": (paid.way if paid and secured else "none"),
    }  # fmt: skip


def _streams(lot: UUID) -> list[dict[str, Any]]:
    """Name, length and head of every sealed stream of the lot, by name."""
    names = sorted(stored_stream(f"dealing:{dealing.id}") for dealing in tendering.dealings(lot))
    return [{"head": head, "length": length, "name": name} for name, length, head in reading.heads(names)]
