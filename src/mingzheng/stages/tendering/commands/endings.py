"""A lot that ends without award ends in public: the paper, the media, and word to whoever takes part."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import changes, papers

CAUSES = {"few_bidders": "递交投标文件的投标人少于三个", "all_rejected": "全部投标被否决"}


@act(by={"system"}, after_end=True, while_suspended=True)
def announce_ending(*, actor: Actor, at: datetime, lot: UUID, reason: str, basis: str) -> list[Any]:
    """Publish that a lot was terminated or failed, once, to everybody who could read its notice (招标投标法实施条例 31)."""
    facts = procedures.lot(lot)
    terminated = facts.standing == "terminated"
    kind, title = ("termination_notice", "终止公告") if terminated else ("failure_notice", "流标公告")
    if facts.phase == "registered" or any(one.kind == kind for one in procedures.documents(lot)):
        return []
    when = {"terminated_at": at} if terminated else {"failed_at": at}
    document, filed = spine.file_document(
        lot, kind, title, {**papers.parties_of(facts), "reason": CAUSES.get(reason, reason), "basis": basis, **when}, at
    )
    changes.tell_holders(
        lot, topic="ending", title=title, text=f"{facts.procedure_name}：{CAUSES.get(reason, reason)}。", at=at
    )
    return [*filed, *changes.send_to_media(lot, document.id, at)]
