"""Reading facts: a plain dict becomes the typed facts of one paper, or a typed error says which fact is wrong."""

from __future__ import annotations

import dataclasses
import functools
import typing
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any
from uuid import UUID

from mingzheng.adapters.documents.port import FactsMissing, WrongFact
from mingzheng.kernel import clock


def read(kind: str, cls: type, facts: dict[str, Any]) -> Any:
    """The facts as an instance of `cls`. All missing names are told at once (`FactsMissing`)."""
    missing: list[str] = []
    value = _record(kind, cls, facts, "", missing)
    if missing:
        raise FactsMissing(kind, tuple(missing))
    return value


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _record(kind: str, cls: type, facts: Any, path: str, missing: list[str]) -> Any:
    if isinstance(facts, cls):
        return facts
    if not isinstance(facts, dict):
        raise WrongFact(kind, path.rstrip(".") or "facts", "must be named facts")
    fields = {f.name: f for f in dataclasses.fields(cls)}
    for name in facts:
        if name not in fields:
            raise WrongFact(kind, f"{path}{name}", "is not a fact of this paper")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        optional = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        given = facts.get(name)
        if given is None or (isinstance(given, str) and not given.strip()):
            if not optional:
                missing.append(f"{path}{name}")
            continue
        values[name] = _value(kind, _hints(cls)[name], given, f"{path}{name}", missing)
    return None if missing else cls(**values)


def _value(kind: str, wanted: Any, given: Any, path: str, missing: list[str]) -> Any:
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (UnionType, typing.Union):
        return _value(kind, next(a for a in args if a is not type(None)), given, path, missing)
    if origin is tuple:
        if not isinstance(given, list | tuple):
            raise WrongFact(kind, path, "must be a list")
        return tuple(_value(kind, args[0], item, f"{path}.{i}", missing) for i, item in enumerate(given))
    if dataclasses.is_dataclass(wanted):
        return _record(kind, typing.cast(type, wanted), given, f"{path}.", missing)
    return _plain(kind, wanted, given, path)


def _plain(kind: str, wanted: Any, given: Any, path: str) -> Any:
    try:
        if wanted is str and isinstance(given, str | UUID):
            return str(given)
        if wanted is bool and isinstance(given, bool):
            return given
        if wanted is int and isinstance(given, int) and not isinstance(given, bool):
            return given
        if wanted is Decimal and isinstance(given, Decimal | int | str) and not isinstance(given, bool):
            amount = Decimal(given)
            if amount.is_finite():
                return amount
        if wanted is datetime:
            return _moment(given)
        if wanted is date:
            return _day(given)
    except (ValueError, InvalidOperation) as wrong:
        raise WrongFact(kind, path, f"is no {wanted.__name__}") from wrong
    raise WrongFact(kind, path, f"must be {wanted.__name__}, not {type(given).__name__}")


def _moment(given: Any) -> datetime:
    if isinstance(given, str):
        return clock.parse(given)
    if isinstance(given, datetime) and given.tzinfo is not None:
        return given.astimezone(clock.UTC8)
    raise ValueError("a time needs its offset")


def _day(given: Any) -> date:
    if isinstance(given, str):
        return date.fromisoformat(given)
    if isinstance(given, datetime):
        return given.astimezone(clock.UTC8).date()
    if isinstance(given, date):
        return given
    raise ValueError("not a day")
