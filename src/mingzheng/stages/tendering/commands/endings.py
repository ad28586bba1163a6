"""A lot that ends without award ends in public: the paper, the media, and word to whoever takes part."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.wording import label
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import changes, papers

CAUSES = {"few_bidders": label("递交投标文件的投标人少于三个"), "all_rejected": label("全部投标被否决")}


@act(by={"system"}, after_end=True, while_suspended=True)
def announce_ending(*, actor: Actor, at: datetime, lot: UUID, reason: str, basis: str) -> list[Any]:
    """Publish that a lot was terminated or failed, once, to everybody who could read its notice (招标投标法实施条例 31)."""
    facts = procedures.lot(lot)
    terminated = facts.standing == "terminated"
    kind, title = ("termination_notice", label("终止公告")) if terminated else ("failure_notice", label("流标公告"))
    if facts.phase == "registered" or any(one.kind == kind for one in procedures.documents(lot)):
        return []
    when = {"terminated_at": at} if terminated else {"failed_at": at}
    document, filed = spine.file_document(
        lot, kind, title, {**papers.parties_of(facts), "reason": CAUSES.get(reason, reason), "basis": basis, **when}, at
    )
    changes.tell_holders(
        lot,
        topic="ending",
        title=say(title),
        text=say(
            "{project}：{reason}。",
            project=facts.procedure_name,
            reason=say(CAUSES[reason]) if reason in CAUSES else reason,
        ),
        at=at,
    )
    return [*filed, *changes.send_to_media(lot, document.id, at)]
