"""What follows from entries: a refused grant of conflicting roles is a warning (SD-3.6.3-4)."""

from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.events import ActRefused
from mingzheng.ledger.reading import reaction
from mingzheng.stages.parties import commands

GRANTS = ("parties.grant_role", "parties.add_person")
CONFLICTS = ("parties.roles-conflict", "parties.three-administrators", "parties.witness-of-centre")


@reaction(ActRefused)
def conflicting_grant(happened: ActRefused, entry: Entry, key: str) -> None:
    """Somebody tried to give a person roles that exclude each other."""
    if happened.act in GRANTS and happened.code in CONFLICTS:
        commands.raise_warning(
            actor=SYSTEM, key=key, kind="role_grant", person=happened.person,
            facts={"code": happened.code, **happened.facts},
        )  # fmt: skip
