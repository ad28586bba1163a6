"""Texts that have broken other programs, and how to put them into every field of every command."""

import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any
from uuid import UUID

from mingzheng.ledger.writing import Command

MARK = "mzpwned"
SHOWN = {  # text like any other: taken, and shown as what it is
    "markup": f'"><img src=x onerror={MARK}=1><script>{MARK}=1</script>',
    "attribute": f"' autofocus onfocus={MARK}=1 x='",
    "address": f"javascript:{MARK}=1",
    "template": "{{7*7}}{% debug %}{{settings.SECRET_KEY}}${7*7}#{7*7}<%= 7*7 %>",
    "format": "%(name)s %s {0.__class__} {actor} {} {field!r} %n",
    "query": "'; drop table parties_person; -- \" ) or 1=1 /*",
    "path": "../../../../etc/passwd",
    "formula": '=HYPERLINK("http://x.example/"&A1,"x")',
    "formula by at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "typesetting": '#read("/etc/passwd") #import "x": * *bold* _it_ $x^2$ \\ <seal>',
    "log": "level=error user=root %0d%0aSet-Cookie:x=1 \\r\\n\\x1b[2J",
    "lines": "first\r\nSet-Cookie: mz_session=1\r\n\r\n<b>second</b>",
    "wide": "𠮷𠀀👩 ｆｕｌｌ ﷺ Z̸̡͙a̷",
    "blank": " \t\n ",
    "number": "-0.000e400",
}
ALL_SHOWN = "\n".join(SHOWN.values())
HUGE = "中" * 60_000
REFUSED = {  # what nobody could see is not taken
    "null": "a\0b", "half a pair": "a\ud800b", "other half": "\udc00", "override": "投标\u202efdp.exe", "isolate": "\u2066a\u2069",
    "zero width": "建\u200b设", "byte order mark": "\ufeff建设", "escape": "\x1b[31mred\x07", "joiner": "a\u200db",
    "no character": "a\uffffb", "tag": "a\U000e0041b", "filler": "a\u3164b",
}  # fmt: skip
JSON = {  # in place of a text
    "list": ["x"], "object": {"a": {"$ne": 1}}, "number": 10**400, "float": 1e300, "true": True, "null": None, "deep": None,
}  # fmt: skip
JSON["deep"] = "x"
for _ in range(60):
    JSON["deep"] = [JSON["deep"]]


def plausible(wanted: Any, lot: UUID) -> Any:
    """Some JSON value of an annotated type."""
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (UnionType, typing.Union):
        return plausible(next(one for one in args if one is not type(None)), lot)
    if origin in (list, tuple):
        return [plausible(args[0], lot)] if args else []
    if origin is dict or wanted is dict:
        return {"name": "x"}
    if wanted in (datetime, date):
        return "2026-04-01T09:00:00+08:00" if wanted is datetime else "2026-04-01"
    return {UUID: str(lot), str: "x", int: 1, bool: False, Decimal: "1.00"}.get(wanted)


def with_texts(wanted: Any, value: Any, text: Any) -> Iterator[Any]:
    """`value` once for every place where a text stands in it, with `text` there (as a key too)."""
    if isinstance(value, str):
        yield text
    elif isinstance(value, dict):
        for name, one in value.items():
            for inner in with_texts(Any, one, text):
                yield {**value, name: inner}
        if isinstance(text, str):
            yield {**value, text: "x"}
    elif isinstance(value, list):
        for at, one in enumerate(value):
            for inner in with_texts(Any, one, text):
                yield [*value[:at], inner, *value[at + 1 :]]


def attacks(command: Command, posted: dict[str, Any], texts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of `posted` that holds or may hold text, with every text: (field and text, fields to post)."""
    hints = typing.get_type_hints(command.function)
    for name in command.fields:
        value = posted.get(name, plausible(hints[name], UUID(int=0)))
        for label, text in texts.items():
            for number, changed in enumerate(with_texts(hints[name], value, text)):
                yield f"{name}[{number}]={label}", {**posted, name: changed}


def instead(command: Command, posted: dict[str, Any], values: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field wholly replaced by one of the values, each value used for some field."""
    for number, name in enumerate(command.fields):
        for at, (label, value) in enumerate(values.items()):
            if at % 3 == number % 3 or len(command.fields) < 3:
                yield f"{name}={label}", {**posted, name: value}
