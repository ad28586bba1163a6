"""A delivery refused for damage tells the archivists at once, not only at the next daily check."""

from uuid import UUID

from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.events import ActRefused
from mingzheng.ledger.reading import reaction
from mingzheng.stages.archiving import commands, rules


@reaction(ActRefused)
def tell_of_damage(event: ActRefused, entry: Entry, key: str) -> None:
    """An item did not match its digest when somebody wanted to see it (GF-6.8.2)."""
    if event.code == rules.DAMAGED.code:
        facts = event.facts
        commands.record_damage(
            actor=SYSTEM, key=key, lot=UUID(str(facts["lot"])), number=int(facts["number"]), found=str(facts["found"])
        )
