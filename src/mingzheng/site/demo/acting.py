"""How the demo's people act: with their own keys, signed as a browser signs, each act under a key that never acts twice."""

import base64
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from mingzheng.adapters.crypto import unsealing
from mingzheng.adapters.crypto.acts import sign_text
from mingzheng.adapters.crypto.container import LEAST_CHUNK
from mingzheng.adapters.crypto.keyfile import PersonKey, open_key_file
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import Actor, SignedAct
from mingzheng.kernel.event import to_json
from mingzheng.kernel.ids import random_id
from mingzheng.ledger.writing import COMMANDS, Happened
from mingzheng.site.acts.fields import arguments
from mingzheng.site.demo.cast import member
from mingzheng.site.demo.paper import small_pdf
from mingzheng.site.demo.parties import organisation_id, person_id
from mingzheng.site.uploads import owned
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.tendering import queries as tendering

KEPT_SECONDS = 5.0
_ACTORS: dict[tuple[UUID, str], tuple[float, Actor]] = {}


@cache
def key_of(login: str) -> PersonKey:
    """The person's own key, from its key file."""
    one = member(login)
    return open_key_file(one.key_file.read_text("ascii"), one.password)


def do(login: str, act: str, label: str, **fields: Any) -> Happened:
    """One act of one person. `label` names it for good: asked for again it gives the earlier answer and does nothing."""
    key, command = key_of(login), COMMANDS[act]
    nonce = sha256(f"demo {label} {login} {act}".encode()).hexdigest()[:32]
    actor = _actor(person_id(login), key.fingerprint)
    plain = {name: to_json(value) for name, value in fields.items()}
    if command.binds:
        told = {name: value for name, value in plain.items() if name not in command.facts.get("secrets", ())}
        text = ports.get("certificates").act_text(act, told, nonce)
        signature = sign_text(key.private.reveal(), text)
        actor = replace(actor, signed=SignedAct(act, nonce, text, signature, actor.certificate))
    return command.call(actor=actor, key=nonce, **arguments(command, plain))


def _actor(person: UUID, certificate: str) -> Actor:
    """Who acts, as the register had it within the last seconds: a year has two thousand acts of thirty people."""
    kept = _ACTORS.get((person, certificate))
    if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
        where = parties.person(person).organisation
        kept = (time.monotonic(), parties.actor_for(person, where, "certificate", certificate))
        _ACTORS[person, certificate] = kept
    return kept[1]


def dealing(login: str, lot: UUID) -> UUID | None:
    """The bidder's dealing in the lot."""
    found = tendering.dealing(lot, organisation_id(member(login).house.key))
    return found.id if found else None


def seal_and_submit(login: str, lot: UUID, label: str, summary: dict[str, Any], terms: dict[str, Any]) -> None:
    """Seal an offer with the bidder's own key, upload the ciphertext, submit it; nothing when a bid stands already."""
    mine = dealing(login, lot)
    if mine is not None and bidding.bid(mine) is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        paper, out = Path(folder, "投标文件.pdf"), Path(folder, "bid.mzb")
        paper.write_bytes(small_pdf(f"Bid {sha256(label.encode()).hexdigest()[:12]}", list(summary.values())))
        signed = seal_bid(
            summary, [paper], SealingTerms.from_json(terms), key_of(login), out, consent=True, at=clock.now(),
            chunk=LEAST_CHUNK,
        )  # fmt: skip
        sealed = out.read_bytes()
    store, upload = ports.get("store"), random_id()
    store.create_upload(length=len(sealed), expires=clock.real() + timedelta(days=7), id=str(upload))
    person = parties.person(person_id(login))
    owned.remember(str(upload), parties.actor_for(person.id, person.organisation, "certificate"))
    store.append(str(upload), 0, sealed)
    do(login, "bidding.submit_bid", label, lot=lot, upload=upload, seal=signed.dumps())


def release(login: str, lot: UUID, bid: UUID, label: str) -> None:
    """Unwrap the bid's content key with the bidder's own key and hand it over."""
    mine = dealing(login, lot)
    seal = next(one.seal for one in bidding.history(mine) if one.id == bid) if mine else ""
    key = unsealing.release_key(key_of(login), SignedSeal.loads(seal).seal)
    content_key = base64.b64encode(key.reveal()).decode()
    do(login, "opening.release_key", label, lot=lot, bid=bid, content_key=content_key)
