"""The catalogue of services and the guides, as data: what, for whom, in which steps, how soon, at what price, where it starts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

AUDIENCES = {"parties": "市场主体", "public": "社会公众", "supervision": "行政监督部门"}


class BadServiceItem(ValueError):
    """An item that may not be published: the message names item and what it lacks."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is done by whom; `states` are the stored states of a case that stand here."""

    what: str
    who: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """One published item."""

    id: str
    zh: str
    en: str
    audience: tuple[str, ...]
    entry: str
    promise: str
    conditions: tuple[str, ...]
    materials: tuple[str, ...]
    steps: tuple[Step, ...]
    contact: str
    version: str
    effective: date
    case: str = ""

    def at(self, state: str) -> int | None:
        """The place of the step a case in this state has come to."""
        return next((n for n, step in enumerate(self.steps) if state in step.states), None)


@dataclass(frozen=True, slots=True)
class Guide:
    """How one role goes through one category."""

    role: str
    category: str
    zh: str
    process: tuple[str, ...]
    guide: tuple[str, ...]
    cautions: tuple[str, ...]
    version: str
    effective: date


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything public about the services."""

    items: tuple[ServiceItem, ...]
    guides: tuple[Guide, ...]
    fees: Mapping[str, Any]
    standards: Mapping[str, Any]
    contact: str
    version: str
    effective: date

    def item(self, name: str) -> ServiceItem | None:
        return next((one for one in self.items if one.id == name), None)

    def guide(self, role: str, category: str) -> Guide | None:
        return next((one for one in self.guides if (one.role, one.category) == (role, category)), None)

    def for_audience(self, audience: str) -> list[ServiceItem]:
        return [one for one in self.items if audience in one.audience]


def build(content: Mapping[str, Any]) -> Catalogue:
    """A catalogue from the content of its file. Raises `BadServiceItem` for an item that lacks promise, steps or contact."""
    version, effective, contact = content["version"], content["effective"], content.get("contact", "")
    items = []
    for given in content["item"]:
        for name in ("promise", "conditions", "materials", "steps", "entry", "audience"):
            if not given.get(name):
                raise BadServiceItem(f"{given.get('id')}: no {name}, not published")
        if not contact:
            raise BadServiceItem(f"{given['id']}: no contact, not published")
        steps = tuple(Step(one["what"], one["who"], tuple(one["states"])) for one in given["steps"])
        lists: dict[str, Any] = {name: tuple(given[name]) for name in ("audience", "conditions", "materials")}
        rest = {name: value for name, value in given.items() if name not in {"steps", *lists}}
        items.append(ServiceItem(**rest, **lists, steps=steps, contact=contact, version=version, effective=effective))
    guides = tuple(
        Guide(
            one["role"], one["category"], one["zh"], tuple(one["process"]), tuple(one["guide"]), tuple(one["cautions"]),
            version, effective,
        )
        for one in content.get("guide", ())
    )  # fmt: skip
    return Catalogue(tuple(items), guides, content["fees"], content["standards"], contact, version, effective)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue delivered with the program."""
    return build(tomllib.loads((Path(__file__).parent / "catalogue.toml").read_text(encoding="utf-8")))
