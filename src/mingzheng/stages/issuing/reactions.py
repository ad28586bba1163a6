"""Every filed paper is taken up, and waits for its seal where this deployment has one."""

from mingzheng.kernel import ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reaction
from mingzheng.stages.issuing import commands, rules
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.events import DocumentFiled


@reaction(DocumentFiled)
def take_up_filed_paper(event: DocumentFiled, entry: Entry, key: str) -> None:
    """Its code is read from the paper itself."""
    content = ports.get("store").read(procedures.document(event.document).object)
    seal = ports.get("paper_seals").active and rules.wanted(event.document_kind, tuple(event.signers))
    commands.take_up_paper(
        actor=SYSTEM, key=key, lot=event.lot, document=event.document, paper=event.digest, seal=seal,
        code=ports.get("documents").code_in(content),
    )  # fmt: skip
