"""A suspended lot: word to whoever takes part at once, a notice prepared for the owner to publish (GF-6.5.5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import kinds
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import changes, papers, rules
from mingzheng.stages.tendering.commands.drafting import OWNERS


@act(by={"system"}, while_suspended=True, after_end=True)
def prepare_suspension(*, actor: Actor, at: datetime, lot: UUID, reason: str, basis: str) -> list[Any]:
    """Tell owner and bidders by message and SMS, and draft the notice from what was stated; the owner publishes it."""
    facts = procedures.lot(lot)
    if facts.standing != "suspended" or facts.phase == "registered":
        return []
    title = say("暂停公告")
    text = say("{project}：{reason}。各环节和时限停止，恢复另行通知。", project=facts.procedure_name, reason=reason)
    changes.tell_owner(
        facts, topic="suspended", title=title, text=text, at=at, link=f"/lots/{lot}", channels=("in_site", "sms")
    )
    changes.tell_holders(lot, topic="suspended", title=title, text=text, at=at, link=f"/lots/{lot}")
    phase = next((s.zh for s in kinds.kind(facts.kind).stages if s.phase == facts.phase), facts.phase)
    stated = {
        **papers.parties_of(facts),
        "reason": reason,
        "basis": basis,
        "suspended_at": facts.suspended_at or at,
        "phase": phase,
    }
    _, filed = spine.file_document(lot, "suspension_notice", title, stated, at, public=False)
    return list(filed)


@act(by=OWNERS, owner=True, binds=True, while_suspended=True)
def publish_suspension(*, actor: Actor, at: datetime, lot: UUID) -> list[Any]:
    """The owner publishes the drafted notice: public at once, and to every statutory medium (GF-6.4.1)."""
    drafts = [one for one in procedures.documents(lot) if one.kind == "suspension_notice" and not one.public]
    if not drafts:
        raise rules.NOT_A_PAPER()
    opened = spine.open_documents(lot, "suspension_notice")
    return [*opened, *[event for one in drafts for event in changes.send_to_media(lot, one.id, at)]]
