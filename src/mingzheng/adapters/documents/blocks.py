"""The building stones of a paper: plain values that `paper.typ` lays out. Text is data here, never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mingzheng.kernel import clock, money

Block = dict[str, Any]
#: A piece of running text: plain, or with a style: "strong" (black type), "fill" (underlined, as filled in by hand).
Run = str | tuple[str, str]
#: A cell: one text, or several lines of which all but the first are set smaller.
Cell = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its title, its width in shares of the line (0: as wide as needed), how its cells are aligned."""

    title: str
    width: float = 1
    align: str = "left"


def day(value: date | datetime) -> str:
    """2026年3月2日, the form of running text in official papers."""
    if isinstance(value, datetime):
        value = value.astimezone(clock.UTC8).date()
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """2026年3月2日 09时30分."""
    local = value.astimezone(clock.UTC8)
    return f"{day(local)} {local.hour:02d}时{local.minute:02d}分"


def stamp(value: datetime) -> str:
    """2026-03-02 09:30:05, the form of tables."""
    return value.astimezone(clock.UTC8).strftime("%Y-%m-%d %H:%M:%S")


def amount(value: Decimal | None, otherwise: str = "/") -> str:
    """12,345,678.90 元."""
    return otherwise if value is None else f"{money.text(money.yuan(value))} 元"


def both(value: Decimal | None, otherwise: str = "/") -> tuple[str, ...]:
    """The amount in figures and, below it, in capital characters."""
    if value is None:
        return (otherwise,)
    return (amount(value), money.capital(money.yuan(value)))


def spoken(value: Decimal) -> str:
    """The amount inside a sentence: 人民币（大写）壹仟元整（¥1,000.00）."""
    return f"人民币（大写）{money.capital(money.yuan(value))}（¥{money.text(money.yuan(value))}）"


def size(count: int) -> str:
    """A number of bytes for people, the exact one beside it."""
    for unit, step in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if count >= step:
            return f"{count / step:.1f} {unit}（{count:,} 字节）"
    return f"{count:,} 字节"


def paragraph(*runs: Run, indent: bool = True) -> Block:
    """Running text, first line indented by two characters."""
    return {"is": "paragraph", "runs": [_run(run) for run in runs], "indent": indent}


def paragraphs(texts: Iterable[str]) -> list[Block]:
    """One paragraph for each line of each text."""
    return [paragraph(line) for text in texts for line in text.splitlines() if line.strip()]


def _run(run: Run) -> dict[str, str]:
    return {"text": run, "style": ""} if isinstance(run, str) else {"text": run[0], "style": run[1]}


def heading(text: str, level: int = 1) -> Block:
    """A section heading: 一、 in level 1, （一） in level 2, the title of a chapter in level 0."""
    return {"is": "heading", "text": text, "level": level}


def salutation(name: str) -> Block:
    """The name of the addressee, flush left, with a colon."""
    return {"is": "salutation", "text": f"{name}："}


def sheet(rows: Iterable[tuple[str, Cell]], columns: int = 1) -> Block:
    """Facts as name and value; empty values are left out."""
    kept = [[name, _cell(value)] for name, value in rows if _cell(value) != [""]]
    return {"is": "sheet", "rows": kept, "columns": columns}


def table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], caption: str = "", empty: str = "（无）") -> Block:
    """A table whose head is repeated on every page it reaches."""
    return {
        "is": "table",
        "columns": [{"title": c.title, "width": c.width, "align": c.align} for c in columns],
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "caption": caption,
        "empty": empty,
    }


def _cell(cell: Cell) -> list[str]:
    return cell.split("\n") if isinstance(cell, str) else [line for text in cell for line in text.split("\n")]


def note(text: str) -> Block:
    """A remark in small type."""
    return {"is": "note", "text": text}


def closing(issuer: str, at: datetime) -> Block:
    """Who issues the paper and the day, at the right (落款)."""
    return {"is": "closing", "issuer": issuer, "day": day(at)}


def parties(names: Sequence[tuple[str, str]]) -> Block:
    """Places side by side for the parties of a contract."""
    return {"is": "parties", "names": [list(pair) for pair in names]}


def cover(over: str, title: str, lines: Iterable[tuple[str, str]], foot: Iterable[str]) -> Block:
    """A front page of its own."""
    return {"is": "cover", "over": over, "title": title, "lines": [list(x) for x in lines], "foot": list(foot)}


OUTLINE: Block = {"is": "outline"}
NEW_PAGE: Block = {"is": "new-page"}

_NUMERALS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals, for headings."""
    tens, ones = divmod(number, 10)
    words = {0: "", 1: "十"}.get(tens, _NUMERALS[tens] + "十" if tens < 10 else str(number))
    return words + (_NUMERALS[ones] if ones or not tens else "")


def numbered(sections: Iterable[tuple[str, Sequence[Block]]]) -> list[Block]:
    """Sections numbered 一、 二、 …; a section without content is left out and takes no number."""
    blocks: list[Block] = []
    number = 0
    for title, content in sections:
        if content:
            number += 1
            blocks += [heading(f"{numeral(number)}、{title}"), *content]
    return blocks
