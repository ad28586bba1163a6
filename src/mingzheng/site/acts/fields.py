"""A command's annotations are its form: JSON or form fields become typed arguments, or a refusal names the field.

Lengths, depths and hidden characters have been looked at before (the door, `kernel.legible`).
"""

import inspect
import types
import typing
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import BAD_INPUT
from mingzheng.ledger.writing import Command

LONGEST_TEXT = 60_000  # characters; far more than any paper's paragraph
LONGER = {"seal": 500_000}  # of a bid of many files


def arguments(command: Command, fields: dict[str, Any]) -> dict[str, Any]:
    """Read `fields` as the command's keyword arguments; unknown, missing or unreadable ones are refused by name."""
    hints = typing.get_type_hints(command.function)
    unknown = set(fields) - set(command.fields)
    if unknown:
        raise BAD_INPUT(field=sorted(unknown)[0], problem="不认识的字段")
    read = {}
    for name, parameter in command.fields.items():
        if name in fields:
            read[name] = _value(name, hints[name], fields[name])
        elif parameter.default is inspect.Parameter.empty:
            raise BAD_INPUT(field=name, problem="没有填写")
    return read


def _value(name: str, wanted: Any, value: Any) -> Any:
    try:
        return _convert(wanted, value)
    except (ValueError, TypeError, InvalidOperation, KeyError, AttributeError):
        raise BAD_INPUT(field=name, problem="格式不对") from None


def _convert(wanted: Any, value: Any) -> Any:
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (types.UnionType, typing.Union):
        if value is None or value == "":
            return None
        return _convert(next(a for a in args if a is not type(None)), value)
    if origin in (list, tuple):
        items = value if isinstance(value, list) else [value]
        return origin(_convert(args[0] if args else Any, item) for item in items)
    if origin is dict or wanted is dict:
        if not isinstance(value, dict):
            raise ValueError
        return value
    if wanted is str:
        if not isinstance(value, str):
            raise ValueError
        return value.strip()
    if wanted is bool:
        if value in (True, "true", "on", "1"):
            return True
        if value in (False, None, "", "false", "0"):
            return False
        raise ValueError
    if wanted is int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError
        number = int(value)
        if abs(number) >= 2**53:
            raise ValueError
        return number
    if wanted is Decimal:
        amount = Decimal(str(value).replace(",", "").strip())
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 16:
            raise ValueError
        return amount
    if wanted is UUID:
        return UUID(str(value))
    if wanted is datetime:
        text = str(value)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=clock.UTC8) if moment.tzinfo is None else moment.astimezone(clock.UTC8)
    if wanted is date:
        return date.fromisoformat(str(value))
    return value
