"""The opening record (开标记录) as a paper."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.ledger import reading
from mingzheng.stages.opening import events, queries
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

OUTCOMES = {"read": "已唱标", "revoked": "视为撤销", "withdrawn": "视为撤回", "waiting": "未解密"}
WAYS = {"transfer": "转账", "guarantee": "保函", "none": "未提交"}


def file_record(lot: UUID, actor: Actor, at: datetime) -> tuple[Any, list[Any]]:
    """Make and keep the record; returns the document and its event."""
    facts, hall = procedures.lot(lot), queries.opening(lot)
    assert hall is not None and actor.person is not None
    host, deadline = parties.person(actor.person), procedures.clock(lot, "bid_deadline")
    board = queries.board(lot)
    ruled = {
        one.event.bid: one.event
        for one in reading.stream_entries(f"lot:{lot}")
        if isinstance(one.event, events.BidRuledOn)
    }
    confirmed = [line.bidder_name for line in board if line.confirmed_at]
    silent = [line.bidder_name for line in board if line.state == "read" and not line.confirmed_at]
    return spine.file_document(
        lot, "opening_record", "开标记录",
        {
            "procuring_entity": parties.organisation(facts.procuring_entity).name,
            "agency": parties.organisation(facts.agency).name if facts.agency else "",
            "opened_at": hall.opened_at, "closed_at": at, "bid_deadline": deadline.due if deadline else None,
            "place": "不见面开标大厅", "host": host.name, "ceiling": tendering.tender(lot).price_ceiling,
            "bids": [_line(line, ruled.get(line.bid)) for line in board],
            "draws": [
                {"name": one["name"], "value": one["value"], "how": f"候选值 {'、'.join(one['candidates'])}，种子与账本摘要公开，可复算"}
                for one in hall.drawn
            ],
            "objections": [
                {"bidder": o.bidder_name, "content": o.text, "answer": o.answer, "at": o.raised_at}
                for o in queries.objections(lot)
            ],
            "confirmations": f"已确认：{'、'.join(confirmed) or '无'}。逾期未确认视为无异议：{'、'.join(silent) or '无'}。开标一览表摘要：{hall.board_digest}",
            "signers": [{"name": host.name, "role": "主持人", "at": at, "certificate": actor.certificate}],
        },
        at, signers=(str(actor.person),),
    )  # fmt: skip


def _line(line: queries.BoardRow, ruled: events.BidRuledOn | None) -> dict[str, Any]:
    summary = line.summary or {}
    return {
        "order": line.number, "bidder": line.bidder_name, "outcome": OUTCOMES.get(line.state, line.state),
        "remark": "" if ruled is None else "；".join([*(["解密超时"] if ruled.evidence.get("decrypt_timeout") else []), ruled.reason]),
        "price": Decimal(summary["price"]) if "price" in summary else None,
        "period": f"{summary['period_days']} 日历天" if summary.get("period_days") else "",
        "quality": str(summary.get("quality", "")), "leader": str(summary.get("project_manager", "")),
        "deposit": WAYS.get(line.deposit, ""), "submitted_at": line.submitted_at,
    }  # fmt: skip
