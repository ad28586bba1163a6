"""Standard document templates: `*.toml` fill a tender document (see `standard_texts`), `forms/*.toml` describe papers.

A form lists the structured fields of one paper: id, label, type, whether it must be there, which rule asks for it, and
a word of help. Editors, checks and exports read the same list.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "forms"
TYPES = (
    "text", "long_text", "lines", "amount", "percent", "whole", "moment", "day", "choice", "yes_no", "code", "table",
)  # fmt: skip


class BadForm(ValueError):
    """A form's file is not well formed, or there is no such form."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `rule` is the rule of the works pack that asks for it (empty: custom), `columns` those of a table."""

    id: str
    zh: str
    en: str
    type: str
    required: bool = False
    rule: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """The structured fields of one paper."""

    id: str
    version: str
    zh: str
    en: str
    fields: tuple[FormField, ...]

    def field(self, name: str) -> FormField:
        """The field `name`; KeyError otherwise."""
        for candidate in self.fields:
            if candidate.id == name:
                return candidate
        raise KeyError(f"{self.id} has no field {name}")

    def missing(self, content: Mapping[str, Any]) -> tuple[FormField, ...]:
        """Required fields that have no content: all of them at once, so that people are told once."""
        return tuple(field for field in self.fields if field.required and not _there(content.get(field.id)))

    def present(self, content: Mapping[str, Any]) -> frozenset[str]:
        """Ids of the fields that have content, as checklist rules take them."""
        return frozenset(field.id for field in self.fields if _there(content.get(field.id)))


def names() -> tuple[str, ...]:
    """All forms delivered with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@lru_cache(maxsize=32)
def form(name: str) -> Form:
    """The form of one paper (tender_notice, candidate_publicity, …). Raises `BadForm`."""
    path = FOLDER / f"{name}.toml"
    if not name.isidentifier() or not path.is_file():
        raise BadForm(f"no form {name!r}")
    return build(name, tomllib.loads(path.read_text(encoding="utf-8")))


def build(name: str, content: Mapping[str, Any]) -> Form:
    """A form from the content of its file, validated. Raises `BadForm`."""
    try:
        fields = tuple(FormField(**_as_tuples(entry)) for entry in content["field"])
        made = Form(name, content["version"], content["zh"], content["en"], fields)
    except (KeyError, TypeError) as wrong:
        raise BadForm(f"{name}: {wrong}") from wrong
    for field in fields:
        if field.type not in TYPES or (field.type == "choice") != bool(field.choices):
            raise BadForm(f"{name}: {field.id} has no known type, or choices that do not fit it")
        if (field.type == "table") != bool(field.columns):
            raise BadForm(f"{name}: {field.id} is a table without columns, or has columns without being one")
    if len({field.id for field in fields}) != len(fields):
        raise BadForm(f"{name}: a field stands twice")
    return made


def _as_tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def required_by(rules: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Which fields of which form each of the rules asks for: `{"GS-03": ("candidate_publicity.ranking", …)}`."""
    wanted = set(rules)
    found: dict[str, list[str]] = {}
    for name in names():
        for field in form(name).fields:
            if field.rule in wanted:
                found.setdefault(field.rule, []).append(f"{name}.{field.id}")
    return {rule: tuple(fields) for rule, fields in sorted(found.items())}


def _there(value: Any) -> bool:
    """Content that says something: a no and a zero are content, an empty text or list is not."""
    if isinstance(value, bool | int):
        return True
    return bool(value.strip()) if isinstance(value, str) else bool(value)
