"""Pieces several papers share: contacts, candidates, rejected bids, questions with answers."""

from __future__ import annotations

from collections.abc import Sequence

from mingzheng.adapters.documents.blocks import Block, Column, both, sheet, table
from mingzheng.adapters.documents.facts import Candidate, Contact, Rejection


def contacts_block(contacts: Sequence[Contact]) -> list[Block]:
    """One sheet with all contacts; nothing when there are none."""
    if not contacts:
        return []
    return [sheet([(c.role, _reach(c)) for c in contacts])]


def _reach(contact: Contact) -> tuple[str, ...]:
    parts = [
        f"地址：{contact.address}" if contact.address else "",
        f"联系人：{contact.person}" if contact.person else "",
        f"电话：{contact.phone}" if contact.phone else "",
        f"电子邮箱：{contact.email}" if contact.email else "",
    ]
    second = "　".join(part for part in parts if part)
    return (contact.name, second) if second else (contact.name,)


def candidates_table(candidates: Sequence[Candidate], *, score: str = "综合得分") -> Block:
    """Ranked candidates with price in figures and words (10号令 6)."""
    return table(
        [
            Column("排序", 0, "center"),
            Column("中标候选人", 1.6),
            Column("投标报价", 2.2, "right"),
            Column(score, 0, "center"),
            Column("工期（交货期）", 0, "center"),
            Column("质量", 0, "center"),
            Column("项目负责人", 1.2),
        ],
        [
            (
                f"第{'一二三'[c.rank - 1] if 1 <= c.rank <= 3 else c.rank}名",
                c.bidder,
                both(c.price),
                c.score or "/",
                c.period or "/",
                c.quality or "/",
                (c.leader or "/", c.leader_certificate) if c.leader_certificate else (c.leader or "/"),
            )
            for c in candidates
        ],
    )


def rejections_table(rejections: Sequence[Rejection]) -> Block:
    """Rejected bids with reason and article (条例 51)."""
    return table(
        [Column("序号", 0, "center"), Column("投标人", 1.4), Column("否决原因", 2.4), Column("依据", 1.4)],
        [(str(i), r.bidder, r.reason, r.basis or "/") for i, r in enumerate(rejections, 1)],
    )
