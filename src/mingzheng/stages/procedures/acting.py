"""`@act`: a command on a lot. Locks the lot, asks its standing, phase, parts and holds, then runs."""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import Happened, command
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
    secrets: Iterable[str] = (),
    evidence: Callable[[Actor, dict[str, Any]], UUID | None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Happened]]:
    """Declare a command with a keyword `lot`.

    phases: phases of the lot in which it may run (none: any). owner: only the procuring entity or its authorised
    agency, which then acts on its behalf. part: only the person appointed as host, witness or supervisor.
    while_suspended / after_end: runs on a suspended / ended lot too. changes_lot: exclusive lock instead of a shared one. secrets: arguments
    that are neither signed nor ever recorded (a content key).
    """
    wanted = tuple(phases)

    def decorate(function: Callable[..., Any]) -> Callable[..., Happened]:
        def before(*, actor: Actor, at: datetime, act: str, lot: UUID, **arguments: Any) -> Actor | None:
            changes.lock(lot, exclusive=changes_lot)
            facts = queries.lot(lot)
            acting = for_principal(facts, actor, at)
            if owner and actor.strength != "system":
                acting = as_owner(facts, actor, at)
            if part and actor.strength != "system":
                queries.require_part(facts, part, actor)
            if not after_end:
                rules.may_stand(facts.standing, while_suspended)
            if wanted and facts.phase not in wanted:
                raise rules.WRONG_PHASE(phase=facts.phase, wanted=",".join(wanted))
            queries.require_not_held(facts, act)
            return acting

        return command(
            by=by, binds=binds, evidence=evidence, before=before,
            phases=wanted, owner=owner, part=part, while_suspended=while_suspended, after_end=after_end, lot_act=True,
            secrets=tuple(secrets),
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


def why_not(act_name: str, lot: UUID, actor: Actor, at: datetime) -> Refused | None:
    """Why an act is not possible now, or None: the same answer for button, API and command."""
    from mingzheng.ledger.writing import COMMANDS

    this = COMMANDS[act_name]
    facts = queries.lot(lot)
    try:
        if not (this.by & actor.roles):
            raise rules.NOT_OWNER() if this.facts.get("owner") else queries.not_yours()
        if this.facts.get("owner"):
            as_owner(facts, actor, at)
        if this.facts.get("part"):
            queries.require_part(facts, this.facts["part"], actor)
        if not this.facts.get("after_end"):
            rules.may_stand(facts.standing, bool(this.facts.get("while_suspended")))
        if this.facts.get("phases") and facts.phase not in this.facts["phases"]:
            raise rules.WRONG_PHASE(phase=facts.phase, wanted=",".join(this.facts["phases"]))
        queries.require_not_held(facts, act_name)
    except Refused as refused:
        return refused
    return None
