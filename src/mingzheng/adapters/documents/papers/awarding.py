"""Publicity, award, result, contract. Sources: 招标投标法 45, 46; 条例 54, 57, 58; 10号令 6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from mingzheng.adapters.documents.blocks import (
    Block,
    Column,
    both,
    closing,
    cover,
    day,
    heading,
    moment,
    note,
    numbered,
    paragraph,
    paragraphs,
    parties,
    salutation,
    sheet,
    spoken,
    stamp,
    table,
)
from mingzheng.adapters.documents.facts import Candidate, Contact, Paper, Rejection, paper
from mingzheng.adapters.documents.papers.wording import candidates_table, contacts_block, rejections_table


@dataclass(frozen=True, kw_only=True)
class CandidatePublicity(Paper):
    """中标候选人公示. The period runs from `publicity_from` to `publicity_until`; both are on the paper."""

    procuring_entity: str
    opened_at: datetime
    publicity_from: datetime
    publicity_until: datetime
    candidates: tuple[Candidate, ...]
    method: str
    objection: Contact
    agency: str = ""
    complaint: Contact | None = None
    rejections: tuple[Rejection, ...] = ()
    media: tuple[str, ...] = ()
    remark: str = ""


@paper("candidate_publicity", "中标候选人公示", CandidatePublicity)
def candidate_publicity(facts: CandidatePublicity) -> list[Block]:
    """The statutory contents of the publicity, with the way to object."""
    agent = f"（招标代理机构：{facts.agency}）" if facts.agency else ""
    qualified = [paragraph(f"{c.bidder}：{c.qualifications}") for c in facts.candidates if c.qualifications]
    channels = [facts.objection, *([facts.complaint] if facts.complaint else [])]
    return [
        paragraph(
            f"{facts.procuring_entity}{agent}的本招标项目于{moment(facts.opened_at)}开标，评标委员会按"
            f"{facts.method}评审，推荐了中标候选人，现公示如下。"
        ),
        *numbered(
            [
                ("中标候选人", [candidates_table(facts.candidates)]),
                ("中标候选人响应招标文件要求的资格能力条件", qualified),
                ("被否决的投标", [rejections_table(facts.rejections)] if facts.rejections else []),
                ("公示期", [paragraph(f"{moment(facts.publicity_from)}至{moment(facts.publicity_until)}。")]),
                ("提出异议的渠道和方式", [_objecting(), *contacts_block(channels)]),
                ("发布媒介", [paragraph("、".join(facts.media) + "。")] if facts.media else []),
                ("其他", paragraphs([facts.remark])),
            ]
        ),
        closing(facts.issuer, facts.issued_at),
    ]


def _objecting() -> Block:
    return paragraph(
        "投标人或者其他利害关系人对评标结果有异议的，应当在公示期内通过电子交易系统或者书面向招标人提出；招标人自收到"
        "异议之日起三日内答复，答复前暂停招标投标活动。对答复不满意的，可以依法向行政监督部门投诉。"
    )


@dataclass(frozen=True, kw_only=True)
class AwardNotice(Paper):
    """中标通知书, to the winner. `price` and `performance_bond` in yuan; `sign_before` is the last day for the
    contract (30 days: 法 46)."""

    bidder: str
    procuring_entity: str
    opened_at: datetime
    price: Decimal
    scope: str
    sign_before: date
    period: str = ""
    quality: str = ""
    leader: str = ""
    leader_certificate: str = ""
    performance_bond: Decimal | None = None
    agency: str = ""


@paper("award_notice", "中标通知书", AwardNotice)
def award_notice(facts: AwardNotice) -> list[Block]:
    """The letter to the winner."""
    leader = (facts.leader, f"证书编号：{facts.leader_certificate}") if facts.leader_certificate else facts.leader
    bond = (
        f"在签订合同前按招标文件规定提交履约担保，金额为{spoken(facts.performance_bond)}，"
        if facts.performance_bond
        else ""
    )
    return [
        salutation(facts.bidder),
        paragraph(
            f"贵单位于{day(facts.opened_at)}开标的{facts.procedure_name}"
            f"{facts.lot_name}招标中递交的投标文件已被我方接受，确定贵单位为",
            ("中标人", "strong"),
            "。",
        ),
        sheet(
            [
                ("中标范围", facts.scope),
                ("中标价", both(facts.price)),
                ("工期（交货期）", facts.period),
                ("质量", facts.quality),
                ("项目负责人", leader),
            ]
        ),
        paragraph(
            f"请贵单位{bond}在{day(facts.sign_before)}前与我方按照招标文件和贵单位的投标文件订立书面合同。"
            "双方不得再行订立背离合同实质性内容的其他协议。"
        ),
        paragraph("特此通知。"),
        closing(facts.issuer, facts.issued_at),
    ]


@dataclass(frozen=True, kw_only=True)
class ResultNotice(Paper):
    """中标结果通知书, to each bidder who did not win, issued in the same act as the award notice (法 45)."""

    bidder: str
    procuring_entity: str
    opened_at: datetime
    winner: str
    price: Decimal | None = None
    deposit: str = ""
    contact: Contact | None = None
    agency: str = ""


@paper("result_notice", "中标结果通知书", ResultNotice)
def result_notice(facts: ResultNotice) -> list[Block]:
    """The letter to the others."""
    price = f"，中标价为{spoken(facts.price)}" if facts.price is not None else ""
    refund = facts.deposit or "贵单位的投标保证金及银行同期存款利息，将在书面合同签订后五日内原路退还"
    return [
        salutation(facts.bidder),
        paragraph(
            f"{facts.procedure_name}{facts.lot_name}于{day(facts.opened_at)}开标，经评标委员会评审，我方依法确定",
            (facts.winner, "strong"),
            f"为中标人{price}。贵单位未中标。",
        ),
        paragraph(f"{refund.rstrip('。')}。"),
        paragraph("感谢贵单位对本项目的参与和支持。"),
        *contacts_block([facts.contact] if facts.contact else []),
        closing(facts.issuer, facts.issued_at),
    ]


@dataclass(frozen=True, kw_only=True)
class ResultAnnouncement(Paper):
    """中标结果公告, for everybody. `price` in yuan."""

    procuring_entity: str
    awarded_at: datetime
    winner: str
    price: Decimal
    scope: str = ""
    period: str = ""
    quality: str = ""
    leader: str = ""
    leader_certificate: str = ""
    agency: str = ""
    contacts: tuple[Contact, ...] = ()
    media: tuple[str, ...] = ()


@paper("result_announcement", "中标结果公告", ResultAnnouncement)
def result_announcement(facts: ResultAnnouncement) -> list[Block]:
    """The public result."""
    leader = (facts.leader, f"证书编号：{facts.leader_certificate}") if facts.leader_certificate else facts.leader
    result = sheet(
        [
            ("招标人", facts.procuring_entity),
            ("招标代理机构", facts.agency),
            ("中标人", facts.winner),
            ("中标价", both(facts.price)),
            ("中标范围", facts.scope),
            ("工期（交货期）", facts.period),
            ("质量", facts.quality),
            ("项目负责人", leader),
            ("定标时间", stamp(facts.awarded_at)),
        ]
    )
    return [
        paragraph("本招标项目中标候选人公示期已满，招标人依法确定中标人，现将中标结果公告如下。"),
        *numbered(
            [
                ("中标结果", [result]),
                ("发布媒介", [paragraph("、".join(facts.media) + "。")] if facts.media else []),
                ("联系方式", contacts_block(facts.contacts)),
            ]
        ),
        closing(facts.issuer, facts.issued_at),
    ]


@dataclass(frozen=True, kw_only=True)
class Contract(Paper):
    """合同 (cover sheet and key terms). Amounts in yuan; `constituents` are the documents that make up the contract."""

    procuring_entity: str
    supplier: str
    price: Decimal
    scope: str
    period: str
    quality: str
    signed_at: datetime
    constituents: tuple[str, ...] = (
        "合同协议书",
        "中标通知书",
        "投标函及投标函附录",
        "合同条款",
        "技术标准和要求",
        "已标价清单",
    )
    performance_bond: Decimal | None = None
    leader: str = ""
    award_notice: str = ""
    terms: tuple[str, ...] = ()


@paper("contract", "合同", Contract)
def contract(facts: Contract) -> list[Block]:
    """Front page, the key terms, and the places of the two parties."""
    front = cover(
        facts.procedure_name,
        "合同",
        [
            ("标段（包）", facts.lot_name),
            ("标段（包）编号", facts.lot_code),
            ("合同编号", facts.document_number),
            ("项目编号", facts.procedure_code),
            ("发包人（甲方）", facts.procuring_entity),
            ("承包人（乙方）", facts.supplier),
        ],
        [f"签订日期：{day(facts.signed_at)}"],
    )
    made_of = table(
        [Column("序号", 0, "center"), Column("组成合同的文件（按解释的优先顺序）", 1)],
        [(str(i), name) for i, name in enumerate(facts.constituents, 1)],
    )
    return [
        front,
        heading("合同主要内容", 0),
        paragraph(
            f"{facts.procuring_entity}（甲方）与{facts.supplier}（乙方）根据招标文件和乙方的投标文件，就"
            f"{facts.procedure_name}{facts.lot_name}订立本合同。"
        ),
        *numbered(
            [
                ("主要条款", [_key_terms(facts)]),
                ("合同文件", [made_of]),
                ("约定事项", [paragraph(f"{i}. {text}") for i, text in enumerate(facts.terms, 1)]),
            ]
        ),
        note("本合同的标的、价款、质量、履行期限等主要条款与招标文件和中标人的投标文件的内容一致。"),
        parties([("甲方（电子签名）", facts.procuring_entity), ("乙方（电子签名）", facts.supplier)]),
    ]


def _key_terms(facts: Contract) -> Block:
    return sheet(
        [
            ("承包范围", facts.scope),
            ("合同价", both(facts.price)),
            ("工期（交货期）", facts.period),
            ("质量标准", facts.quality),
            ("项目负责人", facts.leader),
            ("履约担保", both(facts.performance_bond, "")),
            ("中标通知书编号", facts.award_notice),
            ("签订时间", stamp(facts.signed_at)),
        ]
    )
