"""The tender plan: an early word about tenders to come. Sources: 发改法规规〔2022〕1117号; 数据规范 tender plan set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mingzheng.adapters.documents.blocks import Block, Column, amount, both, closing, day, note, numbered, sheet, table
from mingzheng.adapters.documents.facts import Contact, Paper, paper
from mingzheng.adapters.documents.papers.wording import contacts_block


@dataclass(frozen=True, kw_only=True)
class PlannedLot:
    """A tender to come: what, how much (yuan), how, and in which month or on which day the notice is expected."""

    name: str
    content: str
    method: str
    expected: date
    estimate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class TenderPlan(Paper):
    """招标计划. `investment` in yuan is the whole project's; `investment_code` its national project code."""

    procuring_entity: str
    location: str
    scale: str
    funds: str
    lots: tuple[PlannedLot, ...]
    investment: Decimal | None = None
    investment_code: str = ""
    supervisor: str = ""
    remark: str = ""
    contacts: tuple[Contact, ...] = ()


@paper("tender_plan", "招标计划", TenderPlan)
def tender_plan(facts: TenderPlan) -> list[Block]:
    """The plan's sheet and its list of tenders to come."""
    overview = sheet(
        [
            ("招标人", facts.procuring_entity),
            ("投资项目代码", facts.investment_code),
            ("建设地点", facts.location),
            ("建设内容及规模", facts.scale),
            ("投资额", both(facts.investment, "")),
            ("资金来源", facts.funds),
            ("行政监督部门", facts.supervisor),
        ]
    )
    lots = table(
        [
            Column("序号", 0, "center"),
            Column("标段（包）名称", 1.3),
            Column("招标内容", 2),
            Column("估算价", 1.5, "right"),
            Column("招标方式", 0, "center"),
            Column("预计公告时间", 0, "center"),
        ],
        [
            (str(i), lot.name, lot.content, amount(lot.estimate), lot.method, day(lot.expected))
            for i, lot in enumerate(facts.lots, 1)
        ],
    )
    return [
        *numbered(
            [
                ("项目概况", [overview]),
                ("拟招标内容", [lots]),
                ("其他说明", [note(facts.remark)] if facts.remark else []),
                ("联系方式", contacts_block(facts.contacts)),
            ]
        ),
        note(
            "本计划为提前公开的信息，供潜在投标人了解和准备；招标内容、时间和条件以届时发布的招标公告和招标文件为准。"
        ),
        closing(facts.issuer, facts.issued_at),
    ]
