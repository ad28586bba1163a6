"""Commands: the only way anything happens.

A command checks, changes its stage's tables, returns the event(s), and the decorator appends them last, in the same
transaction. A refusal rolls everything back and is then recorded. The same idempotency key never acts twice.
"""

import contextvars
import functools
import inspect
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from mingzheng.kernel import canonical, clock, digest, faultpoint
from mingzheng.kernel.actor import SYSTEM, Actor
from mingzheng.kernel.event import body_of, event_from, kind_of, stream_of
from mingzheng.kernel.refusal import BAD_SIGNATURE, NEEDS_CERTIFICATE, NOT_YOURS, Refused
from mingzheng.ledger import chaining, vault
from mingzheng.ledger.entries import draft, stored_stream
from mingzheng.ledger.refusals import record

_acting: contextvars.ContextVar[str] = contextvars.ContextVar("acting", default="")
DEADLOCK_TRIES = 5


@dataclass(frozen=True, slots=True)
class Written:
    """One appended entry as the actor may know it: its own stream's number and digest, the text, and when sealed the opening."""

    stream: str
    number: int
    digest: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What a command did: the events, their entries; `again` when this key had been answered before."""

    act: str
    events: tuple[Any, ...]
    entries: tuple[Written, ...]
    at: datetime
    again: bool = False

    @property
    def event(self) -> Any:
        return self.events[0]


@dataclass(frozen=True, slots=True)
class Command:
    """A registered command: its act name (stage.verb_noun), who may call it, whether it binds, its fields."""

    act: str
    by: frozenset[str]
    binds: bool
    function: Callable[..., Any]
    call: Callable[..., Happened]
    fields: dict[str, inspect.Parameter]
    summary: str
    facts: dict[str, Any] = field(default_factory=dict)

    def require_caller(self, actor: Actor) -> None:
        """Refuse whoever has none of the roles that may call this, or too weak a login for an act that binds."""
        if not (self.by & actor.roles or "*" in self.by):
            raise NOT_YOURS()
        if self.binds and actor.strength != "system" and (actor.strength != "certificate" or not actor.certificate):
            raise NEEDS_CERTIFICATE()


COMMANDS: dict[str, Command] = {}


def acting() -> str:
    """The act now running in this context, '' outside commands (the write guard asks)."""
    return _acting.get()


@contextmanager
def acting_as(act: str) -> Iterator[None]:
    token = _acting.set(act)
    try:
        yield
    finally:
        _acting.reset(token)


def command(
    *,
    by: set[str] | frozenset[str],
    binds: bool = False,
    evidence: Callable[[Actor, dict[str, Any]], UUID | None] | None = None,
    before: Callable[..., Actor | None] | None = None,
    **facts: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Happened]]:
    """Make a function a command.

    by: roles that may call it ("system" for reactions and jobs). binds: needs a certificate and a signed act.
    evidence: gives the dealing whose stream keeps a refusal (else the person's). before: runs first inside the
    transaction (`procedures.act` locks and asks standing and holds there) and may answer with the actor to act as.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Happened]:
        parts = function.__module__.split(".")
        stage = parts[parts.index("commands") - 1] if "commands" in parts else parts[-1]
        act = f"{stage}.{function.__name__}"

        @functools.wraps(function)
        def call(*, actor: Actor, key: str = "", **arguments: Any) -> Happened:
            return _run(COMMANDS[act], before, evidence, actor, key, arguments)

        fields = {n: p for n, p in inspect.signature(function).parameters.items() if n not in ("actor", "at", "key")}
        doc = (function.__doc__ or "").strip()
        if not doc:
            raise RuntimeError(f"{act} has no docstring")
        if act in COMMANDS:
            raise RuntimeError(f"command declared twice: {act}")
        COMMANDS[act] = Command(act, frozenset(by), binds, function, call, fields, doc.splitlines()[0], facts)
        call.command = COMMANDS[act]  # type: ignore[attr-defined]
        return call

    return decorate


def _run(
    this: Command,
    before: Callable[..., Actor | None] | None,
    evidence: Callable[[Actor, dict[str, Any]], UUID | None] | None,
    actor: Actor,
    key: str,
    arguments: dict[str, Any],
) -> Happened:
    for attempt in range(DEADLOCK_TRIES):
        try:
            with transaction.atomic(), acting_as(this.act):
                happened = _act(this, before, actor, key, arguments)
            faultpoint.reach("after-commit", this.act)
            return happened
        except Refused as refused:
            if refused.kind.evidence and actor.person is not None:
                with acting_as("ledger.record_refusal"):
                    record(this.act, refused, actor, _dealing(evidence, actor, arguments))
            raise
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", "")
            if state not in ("40P01", "40001") or attempt + 1 == DEADLOCK_TRIES or connection.in_atomic_block:
                raise
            time.sleep(0.01 * (attempt + 1))
    raise AssertionError("unreachable")


def _dealing(
    evidence: Callable[[Actor, dict[str, Any]], UUID | None] | None, actor: Actor, arguments: dict[str, Any]
) -> UUID | None:
    """The dealing whose stream keeps the refusal; a call refused for want of its fields names none."""
    try:
        return evidence(actor, arguments) if evidence else None
    except (KeyError, Refused):
        return None


def _act(
    this: Command, before: Callable[..., Actor | None] | None, actor: Actor, key: str, arguments: dict[str, Any]
) -> Happened:
    this.require_caller(actor)
    if this.binds and actor.strength != "system":
        _check_signature(this, actor, key)
    faultpoint.reach("before-slot", this.act)
    at = clock.now()
    slot = vault.tag("done", _whose(actor, arguments), this.act, key) if key else ""
    if slot and (earlier := _claim(slot, this.act, at)) is not None:
        return earlier
    extra = {"key": key} if "key" in inspect.signature(this.function).parameters else {}
    if before is not None:
        actor = before(actor=actor, at=at, act=this.act, **arguments) or actor
    returned = this.function(actor=actor, at=at, **extra, **arguments)
    faultpoint.reach("after-function", this.act)
    events = [] if returned is None else list(returned) if isinstance(returned, list | tuple) else [returned]
    happened = Happened(
        this.act, tuple(events), tuple(append(events, actor, at, kept_sealed=bool(this.facts.get("kept_sealed")))), at
    )
    if slot:
        _answer(slot, happened)
    faultpoint.reach("before-commit", this.act)
    return happened


def _whose(actor: Actor, arguments: dict[str, Any]) -> object:
    """Whose idempotency keys these are. Of people nobody knows a key alone gets no answer: they must say the same again."""
    if actor.person is not None or actor.strength == "system":
        return actor.person or "system"
    return f"public {sorted((name, repr(value)) for name, value in arguments.items())}"


def _check_signature(this: Command, actor: Actor, key: str) -> None:
    """The door has verified the signature itself; here it must be this act, this key, this certificate."""
    signed = actor.signed
    if signed is None or signed.act != this.act or signed.nonce != key or signed.certificate != actor.certificate:
        raise BAD_SIGNATURE()


def append(events: list[Any], actor: Actor, at: datetime, *, kept_sealed: bool = False) -> list[Written]:
    """Append events as the last statements of the running transaction; chains are locked in sorted order.

    kept_sealed: who acted, and the signed text, stand in the act's sealed entries alone; in its public ones the platform.
    """
    drafts = [
        (happened, draft(happened, SYSTEM if kept_sealed and not kind_of(happened).sealed else actor, at))
        for happened in events
    ]
    written = []
    faultpoint.reach("before-append", acting())
    with connection.cursor() as cursor:
        if len(drafts) > 1:
            cursor.execute("select ledger_lock(%s)", [sorted({d.stream for _, d in drafts})])
        for happened, d in drafts:
            number, found, text = chaining.append(cursor, d)
            name = digest.named(digest.current(), found)
            written.append(Written(d.stream, number, name, text, kind_of(happened).kind))
    return written


def _claim(slot: str, act: str, at: datetime) -> Happened | None:
    """Take the idempotency slot, or wait for and return the answer of whoever has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_done (key, act, at) values (%s, %s, %s) on conflict do nothing returning 1",
            [slot, act, at],
        )
        if cursor.fetchone():
            return None
        cursor.execute("select result from ledger_done where key = %s", [slot])
        box = cursor.fetchone()[0]
    found = json.loads(vault.reveal(box, slot))
    return Happened(
        act,
        tuple(event_from(kind, body) for kind, body in found["events"]),
        tuple(Written(**one) for one in found["entries"]),
        clock.parse(found["at"]),
        again=True,
    )


def _answer(slot: str, happened: Happened) -> None:
    plain = canonical.dumps(
        {
            "at": clock.text(happened.at),
            "entries": [
                {"stream": w.stream, "number": w.number, "digest": w.digest, "text": w.text, "kind": w.kind}
                for w in happened.entries
            ],
            "events": [[kind_of(one).kind, body_of(one)] for one in happened.events],
        }
    )
    with connection.cursor() as cursor:
        cursor.execute("update ledger_done set result = %s where key = %s", [vault.hide(plain.encode(), slot), slot])


def stream_name(happened: Any) -> str:
    """The stored name of an event's stream."""
    return stored_stream(stream_of(happened))
