"""The evaluation report. Sources: 评标委员会和评标方法暂行规定 42, 43; 条例 53; 12号令."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mingzheng.adapters.documents.blocks import (
    Block,
    Column,
    amount,
    closing,
    heading,
    note,
    numbered,
    paragraph,
    sheet,
    stamp,
    table,
)
from mingzheng.adapters.documents.facts import Candidate, Paper, Rejection, paper
from mingzheng.adapters.documents.papers.tendering import Answered
from mingzheng.adapters.documents.papers.wording import candidates_table, rejections_table


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of the committee: role (组长, 成员, 招标人代表), field of expertise and where the member sat."""

    name: str
    role: str
    specialty: str = ""
    site: str = ""


@dataclass(frozen=True, kw_only=True)
class ScoreRow:
    """One bid in the comparison: `parts` follow `score_parts` of the report; `price` in yuan."""

    bidder: str
    price: Decimal
    parts: tuple[str, ...]
    total: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class Dissent:
    """A member's dissenting opinion, or a refusal to sign with or without reason (条例 53)."""

    member: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class MemberScores:
    """One member's scores of one part, a score for each bid in the order of `scores`."""

    member: str
    scores: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EvaluationReport(Paper):
    """评标报告. `score_parts` are the heads of the score columns, `benchmark` how the benchmark price came about,
    `member_scores` the single scores behind the averages (shown after the award)."""

    procuring_entity: str
    method: str
    started_at: datetime
    ended_at: datetime
    place: str
    members: tuple[Member, ...]
    received: int
    scores: tuple[ScoreRow, ...]
    recommended: tuple[Candidate, ...]
    score_parts: tuple[str, ...] = ()
    agency: str = ""
    benchmark: str = ""
    rejections: tuple[Rejection, ...] = ()
    queries: tuple[Answered, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    member_scores: tuple[MemberScores, ...] = ()
    conclusion: str = ""
    matters: str = ""


@paper("evaluation_report", "评标报告", EvaluationReport)
def evaluation_report(facts: EvaluationReport) -> list[Block]:
    """The statutory contents of the report, in their order."""
    queries = table(
        [Column("序号", 0, "center"), Column("评标委员会的问题", 1), Column("投标人的澄清、说明或补正", 1.3)],
        [(str(i), item.question, item.answer) for i, item in enumerate(facts.queries, 1)],
    )
    dissents = [paragraph((f"{d.member}：", "strong"), d.opinion) for d in facts.dissents]
    return [
        *numbered(
            [
                ("基本情况", [_overview(facts)]),
                ("评标委员会成员", [_members(facts)]),
                ("评标办法和标准", _method(facts)),
                ("否决投标情况", [rejections_table(facts.rejections) if facts.rejections else _NOTHING_REJECTED]),
                ("评分（评审价格）比较", [*_comparison(facts), *_single_scores(facts)]),
                ("澄清、说明、补正事项", [queries] if facts.queries else [paragraph("评标过程中未发出澄清要求。")]),
                ("推荐的中标候选人", _recommended(facts)),
                ("不同意见", dissents or [paragraph("评标委员会成员对评标结论无不同意见。")]),
                ("签订合同前要处理的事宜", [paragraph(facts.matters or "无。")]),
            ]
        ),
        note(
            "评标委员会成员以数字证书签署本报告，签名见下表；拒绝签字又不书面说明不同意见和理由的，视为同意评标结果。"
        ),
        closing(facts.issuer, facts.issued_at),
    ]


_NOTHING_REJECTED = paragraph("没有投标被否决。")


def _overview(facts: EvaluationReport) -> Block:
    return sheet(
        [
            ("招标人", facts.procuring_entity),
            ("招标代理机构", facts.agency),
            ("评标开始时间", stamp(facts.started_at)),
            ("评标结束时间", stamp(facts.ended_at)),
            ("评标地点", facts.place),
            ("收到的投标", f"{facts.received} 份"),
        ],
        columns=2,
    )


def _members(facts: EvaluationReport) -> Block:
    return table(
        [
            Column("序号", 0, "center"),
            Column("姓名", 1),
            Column("身份", 1),
            Column("专业", 1.4),
            Column("评标地点（席位）", 1.4),
        ],
        [(str(i), m.name, m.role, m.specialty or "/", m.site or "/") for i, m in enumerate(facts.members, 1)],
    )


def _method(facts: EvaluationReport) -> list[Block]:
    formula = [heading("评标基准价", 2), paragraph(facts.benchmark)] if facts.benchmark else []
    return [
        paragraph("本次评标采用 ", (facts.method, "strong"), "，评审因素和标准为招标文件所载，未作改变。"),
        *formula,
    ]


#: More score columns than this stand in a table of their own, turned by 90 degrees; no table has more bidders abreast.
WIDE = 7
ABREAST = 5


def _comparison(facts: EvaluationReport) -> list[Block]:
    wide = len(facts.score_parts) > WIDE
    parts = [] if wide else [Column(part, 0.8, "center") for part in facts.score_parts]
    totals = table(
        [
            Column("投标人", 1.7),
            Column("投标报价", 1.5, "right"),
            *parts,
            Column("合计", 0.9, "center"),
            Column("排序", 0, "center"),
        ],
        [
            (row.bidder, amount(row.price), *([] if wide else row.parts), row.total, str(row.rank))
            for row in facts.scores
        ],
    )
    turned = [(part, tuple(row.parts[i] for row in facts.scores)) for i, part in enumerate(facts.score_parts)]
    return [totals, *(_by_bidder(facts, "评审因素", turned, "各因素得分") if wide else [])]


def _single_scores(facts: EvaluationReport) -> list[Block]:
    rows = [(one.member, one.scores) for one in facts.member_scores]
    return _by_bidder(facts, "评委", rows, "各成员评分") if rows else []


def _by_bidder(
    facts: EvaluationReport, first: str, rows: list[tuple[str, tuple[str, ...]]], caption: str
) -> list[Block]:
    """Tables with a column for each bidder, a few bidders abreast."""
    blocks = []
    for start in range(0, len(facts.scores), ABREAST):
        abreast = facts.scores[start : start + ABREAST]
        columns = [Column(first, 1.2), *(Column(row.bidder, 1, "center") for row in abreast)]
        lines = [(name, *values[start : start + ABREAST]) for name, values in rows]
        blocks.append(table(columns, lines, caption=caption))
    return blocks


def _recommended(facts: EvaluationReport) -> list[Block]:
    if not facts.recommended:
        return [paragraph(facts.conclusion or "经评审，否决所有投标，建议招标人依法重新招标。")]
    intro = [paragraph(facts.conclusion)] if facts.conclusion else []
    return [*intro, candidates_table(facts.recommended, score="得分（评审价）")]
