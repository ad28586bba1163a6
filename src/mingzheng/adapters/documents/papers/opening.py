"""The record of the opening, and the receipt of a bid. Sources: 招标投标法 34 to 36; 20号令 27, 32; 条例 44."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mingzheng.adapters.documents.blocks import (
    Block,
    Column,
    both,
    note,
    numbered,
    paragraph,
    salutation,
    sheet,
    size,
    stamp,
    table,
)
from mingzheng.adapters.documents.facts import Paper, paper


@dataclass(frozen=True, kw_only=True)
class OpenedBid:
    """One bid as it was read. `price` in yuan is None when the bid was not opened; `outcome` says what became of it."""

    order: int
    bidder: str
    outcome: str
    price: Decimal | None = None
    period: str = ""
    quality: str = ""
    leader: str = ""
    deposit: str = ""
    submitted_at: datetime | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class DrawnParameter:
    """A parameter drawn in the hall: its name, its value and how it was drawn."""

    name: str
    value: str
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class HallObjection:
    """An objection raised at the opening and the answer given on the spot."""

    bidder: str
    content: str
    answer: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OpeningRecord(Paper):
    """开标记录. `ceiling` in yuan; `confirmations` says who confirmed the record and who kept silent."""

    procuring_entity: str
    opened_at: datetime
    place: str
    host: str
    bids: tuple[OpenedBid, ...]
    closed_at: datetime | None = None
    bid_deadline: datetime | None = None
    agency: str = ""
    ceiling: Decimal | None = None
    draws: tuple[DrawnParameter, ...] = ()
    objections: tuple[HallObjection, ...] = ()
    occurrences: tuple[str, ...] = ()
    confirmations: str = ""


@paper("opening_record", "开标记录", OpeningRecord)
def opening_record(facts: OpeningRecord) -> list[Block]:
    """Time and place, the bids as read, drawn parameters, objections, what else happened."""
    overview = sheet(
        [
            ("招标人", facts.procuring_entity),
            ("招标代理机构", facts.agency),
            ("开标时间", stamp(facts.opened_at)),
            ("投标截止时间", stamp(facts.bid_deadline) if facts.bid_deadline else ""),
            ("开标地点", facts.place),
            ("主持人", facts.host),
            ("结束时间", stamp(facts.closed_at) if facts.closed_at else ""),
            ("递交与解密", _counted(facts)),
            ("最高投标限价", both(facts.ceiling, "")),
        ],
        columns=2,
    )
    draws = table(
        [Column("参数", 1), Column("取值", 1, "center"), Column("抽取方式", 2)],
        [(d.name, d.value, d.how or "/") for d in facts.draws],
    )
    occurrences = [paragraph(f"{i}. {text}") for i, text in enumerate(facts.occurrences, 1)]
    confirmed = [paragraph(facts.confirmations)] if facts.confirmations else []
    return numbered(
        [
            ("基本情况", [overview]),
            ("唱标内容", [_bids(facts)]),
            ("参数抽取", [draws] if facts.draws else []),
            ("开标异议及答复", [_objections(facts)]),
            ("其他情况", occurrences),
            ("确认情况", confirmed),
        ]
    )


def _counted(facts: OpeningRecord) -> str:
    return f"递交 {len(facts.bids)} 家，公布报价 {sum(bid.price is not None for bid in facts.bids)} 家"


def _bids(facts: OpeningRecord) -> Block:
    return table(
        [
            Column("序号", 0, "center"),
            Column("投标人", 1.9),
            Column("投标报价", 2.2, "right"),
            Column("工期", 0, "center"),
            Column("质量", 0, "center"),
            Column("项目负责人", 0, "center"),
            Column("保证金", 1, "center"),
            Column("结果", 1.1, "center"),
        ],
        [
            (
                str(b.order),
                b.bidder,
                both(b.price),
                b.period or "/",
                b.quality or "/",
                b.leader or "/",
                b.deposit or "/",
                (b.outcome, b.remark) if b.remark else b.outcome,
            )
            for b in facts.bids
        ],
    )


def _objections(facts: OpeningRecord) -> Block:
    if not facts.objections:
        return paragraph("开标现场无投标人提出异议。")
    return table(
        [Column("投标人", 1.2), Column("异议内容", 1.8), Column("答复", 1.8), Column("时间", 0, "center")],
        [(o.bidder, o.content, o.answer, stamp(o.at) if o.at else "/") for o in facts.objections],
    )


@dataclass(frozen=True, kw_only=True)
class Receipt(Paper):
    """投标文件递交回执. `size` in bytes; `promise` is the signed promise's digest, `suite` the sealing suite. The paper
    names the bidder and goes to that bidder alone; nothing in it tells of others."""

    bidder: str
    received_at: datetime
    bid_deadline: datetime
    size: int
    digest: str
    suite: str
    bid: str
    certificate: str = ""
    promise: str = ""
    checkpoint: str = ""
    files: int = 0
    replaces: str = ""


@paper("receipt", "投标文件递交回执", Receipt)
def receipt(facts: Receipt) -> list[Block]:
    """What was received, when, and where its proof stands (20号令 27)."""
    return [
        salutation(facts.bidder),
        paragraph(
            "贵单位就本标段递交的加密投标文件已由电子交易系统完整接收，并在投标截止时间前存入。系统只保存密文，"
            "开标前任何人无法查看其内容。"
        ),
        sheet(
            [
                ("接收完成时间", stamp(facts.received_at)),
                ("投标截止时间", stamp(facts.bid_deadline)),
                ("投标文件标识", facts.bid),
                ("文件数量", f"{facts.files} 个" if facts.files else ""),
                ("密文大小", size(facts.size)),
                ("密文摘要", facts.digest),
                ("加密套件", facts.suite),
                ("投标人证书指纹", facts.certificate),
                ("存证摘要", facts.entry),
                ("承诺摘要", facts.promise),
                ("检查点", facts.checkpoint),
                ("替换的前一文件", facts.replaces),
            ]
        ),
        note(
            "凭本回执的数据文件，可在任何时候、不经本平台，用公开的核验程序检查该投标文件是否按上述时间存入账本。"
            "投标截止时间前，贵单位可以撤回或者替换投标文件。"
        ),
    ]
