"""The library of standard tender documents: TOML files in `library/`, each with its version and the fields it fills."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mingzheng.stages.tendering import rules

FOLDER = Path(__file__).parent / "library"

LONGEST_NAME = 80


@dataclass(frozen=True)
class Template:
    """A standard document: for which kind and method, with which fields filled in."""

    id: str
    version: str
    zh: str
    en: str
    kind: str
    method: str
    fields: dict[str, Any]
    notice: dict[str, Any]


@lru_cache(maxsize=32)
def template(name: str) -> Template:
    """The template `name`; refused `tendering.no-such-template`."""
    path = FOLDER / f"{name}.toml"
    if not (name.isidentifier() and len(name) <= LONGEST_NAME and path.is_file()):
        raise rules.NO_TEMPLATE(template=name)
    content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
    return Template(
        id=name, version=content["version"], zh=content["zh"], en=content["en"], kind=content["kind"],
        method=content["method"], fields={"method": content["method"], **content.get("document", {})},
        notice=dict(content.get("notice", {})),
    )  # fmt: skip


def templates(kind: str) -> list[Template]:
    """Templates for a kind of procedure, by name."""
    found = (template(path.stem) for path in sorted(FOLDER.glob("*.toml")))
    return [one for one in found if one.kind == kind]


def template_for(kind: str, method: str) -> Template:
    """The first template for this kind and method."""
    for one in templates(kind):
        if one.method == method:
            return one
    raise rules.NO_TEMPLATE(template=f"{kind}/{method}")
