"""Events: facts in the past tense. A frozen dataclass, a stable kind, and the stream whose chain it extends."""

import dataclasses
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, TypeVar
from uuid import UUID

from mingzheng.kernel import clock

SEALED_STREAMS = frozenset({"dealing", "committee", "person", "organisation", "pool"})
PUBLIC_STREAMS = frozenset({"lot", "procedure", "centre"})

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class EventKind:
    """What is known of an event class: its kind, its stream, whether the stream is sealed until an act reveals it."""

    kind: str
    stream: str
    cls: type

    @property
    def sealed(self) -> bool:
        return self.stream in SEALED_STREAMS


KINDS: dict[str, EventKind] = {}


@typing.dataclass_transform(kw_only_default=True, frozen_default=True)
def event(kind: str, *, stream: str) -> Callable[[type[T]], type[T]]:
    """Declare an event class. Never edit a declared one: add `...V2` (a golden file of all schemas is compared)."""

    def decorate(cls: type[T]) -> type[T]:
        if stream not in SEALED_STREAMS | PUBLIC_STREAMS:
            raise RuntimeError(f"unknown stream {stream}")
        frozen = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        if kind in KINDS:
            raise RuntimeError(f"event declared twice: {kind}")
        if stream != "centre" and stream not in {f.name for f in dataclasses.fields(frozen)}:  # type: ignore[arg-type]
            raise RuntimeError(f"{kind} lacks the field {stream} that names its stream")
        KINDS[kind] = EventKind(kind, stream, frozen)
        frozen.event_kind = KINDS[kind]  # type: ignore[attr-defined]
        return frozen

    return decorate


def kind_of(happened: Any) -> EventKind:
    return typing.cast(EventKind, type(happened).event_kind)


def stream_of(happened: Any) -> str:
    """`lot:<uuid>`, `centre`, ..."""
    kind = kind_of(happened)
    return "centre" if kind.stream == "centre" else f"{kind.stream}:{getattr(happened, kind.stream)}"


def to_json(value: Any) -> Any:
    """A field's value as JSON: decimals and times as strings, tuples as lists."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime():
            return clock.text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case list() | tuple():
            return [to_json(item) for item in value]
        case dict():
            return {str(k): to_json(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"no place in an event for {type(value).__name__}")


def body_of(happened: Any) -> dict[str, Any]:
    return typing.cast(dict[str, Any], to_json(happened))


def from_json(wanted: Any, value: Any) -> Any:
    """Read a JSON value as the annotated type; the inverse of `to_json`."""
    origin, args = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (UnionType, typing.Union):
        if value is None:
            return None
        return from_json(next(a for a in args if a is not type(None)), value)
    if origin in (tuple, list):
        inner = args[0] if args else Any
        return origin(from_json(inner, item) for item in value)
    if origin is dict or wanted in (dict, Any):
        return value
    if wanted is Decimal:
        return Decimal(value)
    if wanted is datetime:
        return clock.parse(value)
    if wanted is date:
        return date.fromisoformat(value)
    if wanted is UUID:
        return UUID(value)
    if dataclasses.is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        return wanted(**{k: from_json(hints[k], v) for k, v in value.items()})  # type: ignore[operator]
    return value


def event_from(kind: str, body: dict[str, Any]) -> Any:
    """Rebuild the event object of an entry (KeyError for a kind this version does not know)."""
    cls = KINDS[kind].cls
    hints = typing.get_type_hints(cls)
    return cls(**{k: from_json(hints[k], v) for k, v in body.items() if k in hints})
