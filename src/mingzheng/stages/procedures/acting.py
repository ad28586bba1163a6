"""`@act`: a command on a lot. Locks the lot, asks its standing, phase, parts and holds, then runs."""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import COMMANDS, Command, Happened, command
from mingzheng.stages.procedures import changes, queries, rules


def act(
    *,
    by: set[str] | frozenset[str],
    phases: Iterable[str] = (),
    owner: bool = False,
    part: str = "",
    binds: bool = False,
    while_suspended: bool = False,
    after_end: bool = False,
    changes_lot: bool = False,
    kept_sealed: bool = False,
    secrets: Iterable[str] = (),
    evidence: Callable[[Actor, dict[str, Any]], UUID | None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Happened]]:
    """Declare a command with a keyword `lot`.

    phases: phases of the lot in which it may run (none: any). owner: only the procuring entity or its authorised
    agency, which then acts on its behalf. part: only the person appointed as host, witness or supervisor.
    while_suspended / after_end: runs on a suspended / ended lot too. changes_lot: exclusive lock instead of a shared one. secrets: arguments
    that are neither signed nor ever recorded (a content key). kept_sealed: the act is a secret (who bids, who sits): what of
    it stands in a public chain names nobody and carries no signed text; the sealed entry beside it does.
    """
    wanted = tuple(phases)

    def decorate(function: Callable[..., Any]) -> Callable[..., Happened]:
        def before(*, actor: Actor, at: datetime, act: str, lot: UUID, **arguments: Any) -> Actor | None:
            changes.lock(lot, exclusive=changes_lot)
            return admitted(COMMANDS[act], queries.lot(lot), actor, at)

        return command(
            by=by, binds=binds, evidence=evidence, before=before,
            phases=wanted, owner=owner, part=part, while_suspended=while_suspended, after_end=after_end, lot_act=True,
            secrets=tuple(secrets), kept_sealed=kept_sealed,
        )(function)  # fmt: skip

    return decorate


def for_principal(facts: "queries.LotFacts | queries.ProcedureFacts", actor: Actor, at: datetime) -> Actor:
    """The actor as it stands in the entry: an authorised agency acts on behalf of the procuring entity, always (RG-7.1-5)."""
    if actor.organisation is None or actor.organisation != facts.agency or not queries.owns(facts, actor, at):
        return actor
    return actor.acting_for(facts.procuring_entity)


def as_owner(facts: "queries.LotFacts", actor: Actor, at: datetime) -> Actor:
    """The actor, acting for the procuring entity when it is the agency; refused for everybody else (RG-7.1-5)."""
    if not queries.owns(facts, actor, at):
        raise rules.NOT_OWNER()
    if actor.organisation != facts.procuring_entity:
        return dataclasses.replace(actor, on_behalf_of=facts.procuring_entity)
    return actor


def admitted(this: Command, facts: "queries.LotFacts", actor: Actor, at: datetime) -> Actor:
    """The actor as it will stand in the entry, or the refusal: owner, part, standing, phase and holds, asked once for all.

    The system's own timers and reactions own nothing and hold no part; standing, phase and holds bind them too.
    """
    if not queries.may_know(facts, actor, at):
        raise rules.NO_SUCH_LOT()
    asked, acting = this.facts, for_principal(facts, actor, at)
    if asked["owner"] and actor.strength != "system":
        acting = as_owner(facts, actor, at)
    if asked["part"] and actor.strength != "system":
        queries.require_part(facts, asked["part"], actor)
    if not asked["after_end"]:
        rules.may_stand(facts.standing, asked["while_suspended"])
    if asked["phases"] and facts.phase not in asked["phases"]:
        raise rules.WRONG_PHASE(phase=facts.phase, wanted=",".join(asked["phases"]))
    queries.require_not_held(facts, this.act)
    return acting


def why_not(act_name: str, lot: UUID, actor: Actor, at: datetime) -> Refused | None:
    """Why an act is not possible now, or None: the command's own questions, asked without doing it."""
    this = COMMANDS[act_name]
    try:
        this.require_caller(actor)
        admitted(this, queries.lot(lot), actor, at)
    except Refused as refused:
        return refused
    return None
