"""Termination, suspension, failure, and the catalogue of the archive. Sources: 招标投标法 28; 条例 31, 44; DA/T 22 (archive
catalogue columns); 20号令 40."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mingzheng.adapters.documents.blocks import (
    Block,
    Column,
    closing,
    note,
    numbered,
    paragraph,
    paragraphs,
    sheet,
    stamp,
    table,
)
from mingzheng.adapters.documents.facts import Contact, Paper, Rejection, paper
from mingzheng.adapters.documents.papers.wording import contacts_block, rejections_table


@dataclass(frozen=True, kw_only=True)
class TerminationNotice(Paper):
    """终止招标公告. `stage` is how far the procedure had come; `refunds` says what goes back and when (条例 31)."""

    procuring_entity: str
    reason: str
    basis: str
    terminated_at: datetime
    stage: str = ""
    refunds: str = "已收取的投标保证金及银行同期存款利息、招标文件费用，将原路退还。"
    agency: str = ""
    contacts: tuple[Contact, ...] = ()


@paper("termination_notice", "终止招标公告", TerminationNotice)
def termination_notice(facts: TerminationNotice) -> list[Block]:
    """Why the tender ends, by which rule, and what goes back."""
    ended = sheet(
        [
            ("招标人", facts.procuring_entity),
            ("招标代理机构", facts.agency),
            ("终止时间", stamp(facts.terminated_at)),
            ("所处阶段", facts.stage),
        ]
    )
    return [
        paragraph("本招标项目因故终止，现公告如下。"),
        *numbered(
            [
                ("基本情况", [ended]),
                ("终止原因", paragraphs([facts.reason])),
                ("依据", paragraphs([facts.basis])),
                ("退还事项", paragraphs([facts.refunds])),
                ("联系方式", contacts_block(facts.contacts)),
            ]
        ),
        closing(facts.issuer, facts.issued_at),
    ]


@dataclass(frozen=True, kw_only=True)
class SuspensionNotice(Paper):
    """暂停公告. `phase` is where the lot stopped and will go on (GF-6.5.5)."""

    procuring_entity: str
    reason: str
    basis: str
    suspended_at: datetime
    phase: str = ""
    effect: str = "暂停期间各环节停止办理，各项时限停止计算；恢复后从暂停的环节继续，剩余时间不变。恢复时间另行公告。"
    agency: str = ""
    contacts: tuple[Contact, ...] = ()


@paper("suspension_notice", "暂停公告", SuspensionNotice)
def suspension_notice(facts: SuspensionNotice) -> list[Block]:
    """Why the tender pauses, by which rule, and what that does to everybody's time."""
    paused = sheet(
        [
            ("招标人", facts.procuring_entity),
            ("招标代理机构", facts.agency),
            ("暂停时间", stamp(facts.suspended_at)),
            ("所处阶段", facts.phase),
        ]
    )
    return [
        *numbered(
            [
                ("基本情况", [paused]),
                ("暂停原因", paragraphs([facts.reason])),
                ("依据", paragraphs([facts.basis])),
                ("对各方的影响", paragraphs([facts.effect])),
                ("联系方式", contacts_block(facts.contacts)),
            ]
        ),
        closing(facts.issuer, facts.issued_at),
    ]


@dataclass(frozen=True, kw_only=True)
class FailureNotice(Paper):
    """招标失败公告: too few bidders, or all rejected. `next_step` says what follows (re-tender)."""

    procuring_entity: str
    reason: str
    basis: str
    failed_at: datetime
    next_step: str = "招标人将分析招标失败的原因，采取相应措施后依法重新招标。"
    rejections: tuple[Rejection, ...] = ()
    refunds: str = ""
    agency: str = ""
    contacts: tuple[Contact, ...] = ()


@paper("failure_notice", "招标失败公告", FailureNotice)
def failure_notice(facts: FailureNotice) -> list[Block]:
    """Why the tender failed and what follows."""
    failed = sheet(
        [("招标人", facts.procuring_entity), ("招标代理机构", facts.agency), ("认定时间", stamp(facts.failed_at))]
    )
    return [
        *numbered(
            [
                ("基本情况", [failed]),
                ("失败原因", paragraphs([facts.reason])),
                ("被否决的投标", [rejections_table(facts.rejections)] if facts.rejections else []),
                ("依据", paragraphs([facts.basis])),
                ("后续安排", paragraphs([facts.next_step, facts.refunds])),
                ("联系方式", contacts_block(facts.contacts)),
            ]
        ),
        closing(facts.issuer, facts.issued_at),
    ]


@dataclass(frozen=True, kw_only=True)
class ArchivedItem:
    """One piece of the archive. `medium` as the standards call it (电子文件, 音视频, 纸质); `digest` of its bytes."""

    number: int
    title: str
    at: datetime
    medium: str = "电子文件"
    document_number: str = ""
    pages: int | None = None
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class ArchiveCatalogue(Paper):
    """卷内目录. `retention` is the time of keeping, `closing_entry` the digest that closes the lot's chain."""

    procuring_entity: str
    keeper: str
    retention: str
    items: tuple[ArchivedItem, ...]
    closed_at: datetime
    closing_entry: str = ""
    manifest: str = ""
    entries: int = 0


@paper("archive_catalogue", "项目档案卷内目录", ArchiveCatalogue)
def archive_catalogue(facts: ArchiveCatalogue) -> list[Block]:
    """The volume's sheet and the list of its pieces with their digests."""
    volume = sheet(
        [
            ("招标人", facts.procuring_entity),
            ("保管单位", facts.keeper),
            ("保管期限", facts.retention),
            ("归档时间", stamp(facts.closed_at)),
            ("件数", f"{len(facts.items)} 件"),
            ("存证条数", f"{facts.entries:,} 条" if facts.entries else ""),
            ("清单摘要", facts.manifest),
            ("封档存证摘要", facts.closing_entry),
        ]
    )
    pieces = table(
        [
            Column("序号", 0, "center"),
            Column("题名与文号", 2),
            Column("日期", 0, "center"),
            Column("页数", 0, "center"),
            Column("载体", 0, "center"),
            Column("摘要", 2.2),
        ],
        [
            (
                str(item.number),
                (item.title, item.document_number) if item.document_number else item.title,
                stamp(item.at)[:10],
                str(item.pages) if item.pages else "/",
                item.medium,
                item.digest or "/",
            )
            for item in facts.items
        ],
    )
    return [
        *numbered([("案卷信息", [volume]), ("卷内文件", [pieces])]),
        note(
            "档案文件夹顶层附有核验程序。在任何装有 Python 的计算机上运行它，即可核对每一件文件和每一条存证，无须联网。"
        ),
    ]
