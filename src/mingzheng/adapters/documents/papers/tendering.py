"""Notice, tender document and clarification. Sources: 招标投标法 16, 19, 23; 10号令 5; 20号令 17; 条例 15, 21."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mingzheng.adapters.documents.blocks import (
    NEW_PAGE,
    OUTLINE,
    Block,
    Column,
    amount,
    both,
    closing,
    cover,
    day,
    heading,
    moment,
    note,
    numbered,
    numeral,
    paragraph,
    paragraphs,
    salutation,
    sheet,
    stamp,
    table,
)
from mingzheng.adapters.documents.facts import Contact, Paper, paper
from mingzheng.adapters.documents.papers.wording import contacts_block


@dataclass(frozen=True, kw_only=True)
class NoticeLot:
    """A lot as announced: code, name, scope, ceiling price (yuan) and period."""

    code: str
    name: str
    scope: str
    period: str
    ceiling: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class TenderNotice(Paper):
    """招标公告. Amounts in yuan. `documents_fee` is zero for electronic documents; `deposit_ways` names the forms a
    deposit may have; `media` the statutory media that carry the same text."""

    procuring_entity: str
    approval: str
    funds: str
    location: str
    scale: str
    lots: tuple[NoticeLot, ...]
    qualifications: tuple[str, ...]
    documents_from: datetime
    documents_until: datetime
    documents_url: str
    bid_deadline: datetime
    opening_at: datetime
    opening_place: str
    method: str
    contacts: tuple[Contact, ...]
    media: tuple[str, ...]
    agency: str = ""
    approver: str = ""
    quality: str = ""
    consortium: bool = False
    documents_fee: Decimal = Decimal(0)
    deposit: Decimal | None = None
    deposit_ways: tuple[str, ...] = ("银行转账", "电子保函")
    retender_of: str = ""
    supervisor: str = ""
    supervisor_phone: str = ""
    remark: str = ""


@paper("tender_notice", "招标公告", TenderNotice)
def tender_notice(facts: TenderNotice) -> list[Block]:
    """The notice in the order the statutory list of items has."""
    return [
        *numbered(
            [
                ("招标条件", _conditions(facts)),
                ("项目概况与招标范围", _scope(facts)),
                ("投标人资格要求", _qualifications(facts)),
                ("招标文件的获取", _obtaining(facts)),
                ("投标文件的递交与开标", _submission(facts)),
                ("评标办法", [paragraph(f"本次招标采用{facts.method}。具体评审因素和标准见招标文件。")]),
                ("投标保证金", _deposit(facts)),
                ("发布公告的媒介", [paragraph(f"本公告同时在{'、'.join(facts.media)}发布，各媒介内容一致。")]),
                ("其他", paragraphs([facts.remark])),
                ("监督部门", _supervision(facts)),
                ("联系方式", contacts_block(facts.contacts)),
            ]
        ),
        closing(facts.issuer, facts.issued_at),
    ]


def _conditions(facts: TenderNotice) -> list[Block]:
    approved = f"已由{facts.approver}以{facts.approval}批准建设" if facts.approver else f"已获批准（{facts.approval}）"
    agent = f"，招标代理机构为{facts.agency}" if facts.agency else ""
    text = (
        f"本招标项目{facts.procedure_name}{approved}，招标人为{facts.procuring_entity}{agent}，"
        f"资金来源为{facts.funds}。项目已具备招标条件，现进行公开招标。"
    )
    again = f"本次为重新招标，原招标项目编号：{facts.retender_of}。"
    return [paragraph(text), *([paragraph(again)] if facts.retender_of else [])]


def _scope(facts: TenderNotice) -> list[Block]:
    return [
        sheet([("建设地点", facts.location), ("建设规模", facts.scale), ("质量要求", facts.quality)]),
        table(
            [
                Column("标段（包）编号", 1.6),
                Column("标段（包）名称", 1.2),
                Column("招标范围", 2),
                Column("工期", 0, "center"),
                Column("最高投标限价", 1.6, "right"),
            ],
            [(lot.code, lot.name, lot.scope, lot.period, both(lot.ceiling, "见招标文件")) for lot in facts.lots],
        ),
    ]


def _qualifications(facts: TenderNotice) -> list[Block]:
    wanted = [paragraph(f"{i}. {text}") for i, text in enumerate(facts.qualifications, 1)]
    together = "接受" if facts.consortium else "不接受"
    return [*wanted, paragraph(f"{len(wanted) + 1}. 本次招标{together}联合体投标。")]


def _obtaining(facts: TenderNotice) -> list[Block]:
    fee = amount(facts.documents_fee) if facts.documents_fee else "免费"
    return [
        paragraph(
            f"获取时间：{moment(facts.documents_from)}至{moment(facts.documents_until)}（北京时间）。"
            f"获取方式：凡有意参加者，可在{facts.documents_url}直接下载招标文件，无须报名和登记。招标文件{fee}。"
        )
    ]


def _submission(facts: TenderNotice) -> list[Block]:
    return [
        paragraph("投标文件递交的截止时间（投标截止时间）为 ", (moment(facts.bid_deadline), "strong"), "。"),
        paragraph(
            "投标人应在投标截止时间前，通过电子交易系统递交加密的电子投标文件，以系统收齐全部数据的时间为准。"
            "未按要求加密或逾期送达的投标文件，系统不予接收。"
        ),
        paragraph(f"开标时间：{moment(facts.opening_at)}。开标地点：{facts.opening_place}。"),
    ]


def _deposit(facts: TenderNotice) -> list[Block]:
    if facts.deposit is None:
        return [paragraph("本次招标不收取投标保证金。")]
    ways = "、".join(facts.deposit_ways)
    return [
        sheet([("金额", both(facts.deposit)), ("形式", ways)]),
        paragraph("投标保证金应在投标截止时间前到账或提交，有效期与投标有效期一致。"),
    ]


def _supervision(facts: TenderNotice) -> list[Block]:
    phone = f"，电话：{facts.supervisor_phone}" if facts.supervisor_phone else ""
    return [paragraph(f"本招标项目的监督部门为{facts.supervisor}{phone}。")] if facts.supervisor else []


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """A row of the schedule to the instructions (投标人须知前附表): item number, name, content."""

    number: str
    item: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Factor:
    """An evaluation factor: its group, name, weight or way of pass (text) and the standard applied."""

    group: str
    name: str
    weight: str
    standard: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of a chapter; one paragraph for each text."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter of the tender document."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class TenderDocument(Paper):
    """招标文件. `benchmark` is the formula of the benchmark price, `opening_summary` the items read at the opening."""

    procuring_entity: str
    instructions: tuple[Instruction, ...]
    method: str
    factors: tuple[Factor, ...]
    chapters: tuple[Chapter, ...]
    opening_summary: tuple[str, ...]
    agency: str = ""
    benchmark: str = ""
    bid_deadline: datetime | None = None


@paper("tender_document", "招标文件", TenderDocument)
def tender_document(facts: TenderDocument) -> list[Block]:
    """Cover, contents, schedule of instructions, evaluation method, chapters, form of the opening summary."""
    front = cover(
        facts.procedure_name,
        "招标文件",
        [
            ("标段（包）", facts.lot_name),
            ("标段（包）编号", facts.lot_code),
            ("项目编号", facts.procedure_code),
            ("文件编号", facts.document_number),
            ("招标人", facts.procuring_entity),
            ("招标代理机构", facts.agency),
        ],
        [day(facts.issued_at)],
    )
    chapters: list[tuple[str, list[Block]]] = [
        ("投标人须知前附表", [_instructions(facts)]),
        ("评标办法", _method(facts)),
        *((chapter.title, _chapter(chapter)) for chapter in facts.chapters),
        ("开标一览表格式", _summary_form(facts)),
    ]
    blocks: list[Block] = [front, OUTLINE]
    for number, (title, content) in enumerate(chapters, 1):
        blocks += [NEW_PAGE, heading(f"第{numeral(number)}章　{title}", 0), *content]
    return blocks


def _instructions(facts: TenderDocument) -> Block:
    return table(
        [Column("条款号", 0, "center"), Column("条款名称", 1), Column("编列内容", 2.6)],
        [(row.number, row.item, row.content) for row in facts.instructions],
    )


def _method(facts: TenderDocument) -> list[Block]:
    factors = table(
        [
            Column("类别", 0, "center"),
            Column("评审因素", 1.1),
            Column("分值或要求", 0, "center"),
            Column("评审标准", 2.4),
        ],
        [(f.group, f.name, f.weight, f.standard) for f in facts.factors],
    )
    formula = [heading("评标基准价", 2), *paragraphs([facts.benchmark])] if facts.benchmark else []
    return [paragraph("本次评标采用 ", (facts.method, "strong"), "。评审因素和标准如下："), factors, *formula]


def _chapter(chapter: Chapter) -> list[Block]:
    blocks: list[Block] = []
    for number, section in enumerate(chapter.sections, 1):
        blocks += [heading(f"{number}. {section.title}", 2), *paragraphs(section.paragraphs)]
    return blocks


def _summary_form(facts: TenderDocument) -> list[Block]:
    rows = [(str(i), item, "") for i, item in enumerate(facts.opening_summary, 1)]
    return [
        paragraph("投标人在递交页面填写下列各项，与投标文件一并加密；开标时由系统公布。"),
        table([Column("序号", 0, "center"), Column("项目", 1), Column("投标人填写", 2)], rows),
    ]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A question as asked (without the asker's name: 法 22) and the answer."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Clarification(Paper):
    """澄清与修改. `number` counts a lot's clarifications; with `new_deadline` the bid deadline moves."""

    number: int
    procuring_entity: str
    items: tuple[Answered, ...] = ()
    changes: tuple[str, ...] = ()
    old_deadline: datetime | None = None
    new_deadline: datetime | None = None
    reason: str = ""
    agency: str = ""


@paper("clarification", "招标文件澄清（修改）通知", Clarification)
def clarification(facts: Clarification) -> list[Block]:
    """Answers, changes, and the deadline before and after."""
    answers = table(
        [Column("序号", 0, "center"), Column("问题", 1), Column("答复", 1.3)],
        [(str(i), item.question, item.answer) for i, item in enumerate(facts.items, 1)],
    )
    changes = [paragraph(f"{i}. {text}") for i, text in enumerate(facts.changes, 1)]
    return [
        salutation("各潜在投标人"),
        paragraph(f"现就本项目招标文件作第 {facts.number} 次澄清（修改），内容如下。"),
        *numbered(
            [
                ("问题与答复", [answers] if facts.items else []),
                ("修改内容", changes),
                ("投标截止时间", _deadline(facts)),
            ]
        ),
        paragraph("本通知是招标文件的组成部分；与此前内容不一致的，以本通知为准。"),
        note("提问人名称按规定保密，本通知向所有已获取招标文件的潜在投标人同时发出。"),
        closing(facts.issuer, facts.issued_at),
    ]


def _deadline(facts: Clarification) -> list[Block]:
    if facts.new_deadline is None:
        return [paragraph("投标截止时间和开标时间不变。")]
    rows = [
        ("原投标截止时间", stamp(facts.old_deadline) if facts.old_deadline else ""),
        ("现投标截止时间", stamp(facts.new_deadline)),
        ("调整原因", facts.reason),
    ]
    return [sheet(rows), paragraph("开标时间随投标截止时间同时调整。")]
