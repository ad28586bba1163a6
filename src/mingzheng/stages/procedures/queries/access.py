"""Who owns a lot, and who may know that it exists."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import rules
from mingzheng.stages.procedures.queries.lot_facts import LotFacts, lot
from mingzheng.stages.procedures.queries.registrations import ProcedureFacts, procedure


def owns(facts: LotFacts | ProcedureFacts, actor: Actor, at: datetime) -> bool:
    """The procuring entity, or its agency while authorised (RG-7.1-5)."""
    authorised = (
        actor.organisation is not None
        and facts.agency == actor.organisation
        and parties.may_act_for(actor.organisation, facts.procuring_entity, getattr(facts, "procedure", facts.id), at)
    )
    return rules.owns(actor, facts.procuring_entity, facts.agency, authorised)


INSIDE = ("centre_staff", "supervisor", "witness", "archivist", "system")


def may_know(facts: LotFacts | ProcedureFacts, actor: Actor, at: datetime) -> bool:
    """Whether the actor may know that this exists: a lot from its notice on everybody, a registration those concerned."""
    if isinstance(facts, LotFacts) and facts.phase != "registered":
        return True
    named = actor.organisation is not None and actor.organisation in (facts.procuring_entity, facts.agency)
    return named or actor.has(*INSIDE) or (actor.person is not None and owns(facts, actor, at))


def require_known_lot(wanted: UUID, actor: Actor, at: datetime) -> None:
    """`procedures.no-such-lot` for what there is not and for what the actor may not know of: nobody can tell them apart."""
    if not may_know(lot(wanted), actor, at):
        raise rules.NO_SUCH_LOT()


def require_known_procedure(wanted: UUID, actor: Actor, at: datetime) -> None:
    """The same for a registration."""
    if not may_know(procedure(wanted), actor, at):
        raise rules.NO_SUCH_LOT()
