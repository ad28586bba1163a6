"""Kinds of procedure as data: stages in order, documents, evaluation methods, time rules, what people are called.

One TOML file a kind beside this module. A kind that is not `ready` is described but cannot be enabled: a category
without a working template takes no registrations (GF-4.2.2-2).
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mingzheng.kernel.wording import label
from mingzheng.stages.procedures import packs, profiles

FOLDER = Path(__file__).parent
#: Phases of a lot in order; every stage of a kind begins with one of them (or before the lot exists: "").
PHASES = ("", "registered", "announced", "closed", "opening", "opened", "evaluation", "evaluated", "publicity",
          "awarded", "contracted", "archived")  # fmt: skip
#: The unified social credit code of the invented centre of the demo (GB 32100 check character is right).
DEMO_OPERATOR = "12370300MB2857307F"
LABELS = ("procuring_entity", "bidder", "supplier", "bid", "award_notice", "result_notice")
#: Methods of evaluation by id, as notices, reports and pages call them.
METHODS = {"weighted": label("综合评估法"), "lowest_price": label("经评审的最低投标价法")}


class BadKind(ValueError):
    """A kind's file is not well formed, or a kind cannot be enabled; the message names kind and fault."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stop of the stage rail. `phase` is the phase of the lot with which it begins."""

    id: str
    zh: str
    en: str
    phase: str
    documents: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of procedure. Immutable; what a lot pins is the rule pack, a kind only gains stages by new versions."""

    id: str
    version: str
    zh: str
    en: str
    ready: bool
    business: str
    category: str
    deal_class: str
    industry: str
    packs: tuple[str, ...]
    methods: tuple[str, ...]
    competition: str
    labels: Mapping[str, Mapping[str, str]]
    stages: tuple[Stage, ...]
    notes: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    def label(self, what: str, language: str = "zh") -> str:
        """What this kind calls a role or paper: `supplier` is 中标人, 成交供应商 or 受让人 (GF-3.7)."""
        return self.labels[what][language]

    def stage(self, stage: str) -> Stage:
        """The stage with this id (KeyError otherwise)."""
        for candidate in self.stages:
            if candidate.id == stage:
                return candidate
        raise KeyError(f"{self.id} has no stage {stage}")


@lru_cache(maxsize=32)
def kind(name: str) -> Kind:
    """The kind `name`. Raises `BadKind` when there is no such file or it is not well formed."""
    path = FOLDER / f"{name}.toml"
    if not name.isidentifier() or not path.is_file():
        raise BadKind(f"no kind of procedure {name!r}")
    return build(name, tomllib.loads(path.read_text(encoding="utf-8")))


def build(name: str, content: Mapping[str, Any]) -> Kind:
    """A kind from the content of its file, validated. Raises `BadKind`."""
    try:
        head = {key: value for key, value in content.items() if key != "stage"}
        for key in ("packs", "methods", "notes", "cautions"):
            head[key] = tuple(head.get(key, ()))
        stages = tuple(
            Stage(**{**stage, "documents": tuple(stage.get("documents", ())), "rules": tuple(stage.get("rules", ()))})
            for stage in content["stage"]
        )
        made = Kind(id=name, stages=stages, **head)
    except (KeyError, TypeError) as wrong:
        raise BadKind(f"{name}: {wrong}") from wrong
    _validate(made)
    return made


def _validate(made: Kind) -> None:
    if missing := [what for what in LABELS if not {"zh", "en"} <= made.labels.get(what, {}).keys()]:
        raise BadKind(f"{made.id}: no label for {missing[0]}")
    if unknown := [pack for pack in made.packs if pack not in packs.names()]:
        raise BadKind(f"{made.id}: no rule pack {unknown[0]}")
    if unknown := [method for method in made.methods if method not in METHODS]:
        raise BadKind(f"{made.id}: no evaluation method {unknown[0]}")
    order = [PHASES.index(stage.phase) if stage.phase in PHASES else -1 for stage in made.stages]
    if -1 in order or order != sorted(order):
        raise BadKind(f"{made.id}: stages must begin with phases in their order")
    if len({stage.id for stage in made.stages}) != len(made.stages):
        raise BadKind(f"{made.id}: a stage stands twice")
    pack = pack_of(made)
    if gone := [rule for stage in made.stages for rule in stage.rules if rule not in pack.rules]:
        raise BadKind(f"{made.id}: its packs have no rule {gone[0]}")


def pack_of(made: Kind) -> packs.Pack:
    """The rules of a kind: its one pack, or several combined with the stricter rule winning."""
    loaded = [packs.load(name) for name in made.packs]
    return loaded[0] if len(loaded) == 1 else packs.combine(*loaded)


def pack_for(name: str) -> packs.Pack:
    """The rules a lot of this kind is pinned to: the kind's, with this deployment's regional packs of its business.

    Regional packs are named in MINGZHENG_RULE_PACKS (comma list); the stricter rule wins. Raises `BadPack`.
    """
    made = kind(name)
    regional = [packs.load(one) for one in os.environ.get("MINGZHENG_RULE_PACKS", "").split(",") if one]
    fitting = [pack for pack in regional if made.business in pack.business and pack.id not in made.packs]
    return packs.combine(*map(packs.load, made.packs), *fitting) if fitting else pack_of(made)


def names() -> tuple[str, ...]:
    """All kinds described, ready or not."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def enabled() -> tuple[str, ...]:
    """The kinds this deployment takes registrations for: MINGZHENG_KINDS (comma list), else every ready one.

    Raises `BadKind` when a kind without a working template is asked for.
    """
    asked = [name for name in os.environ.get("MINGZHENG_KINDS", "").split(",") if name]
    if not asked:
        return tuple(name for name in names() if kind(name).ready)
    for name in asked:
        if not kind(name).ready:
            raise BadKind(f"{name} has no working template yet and cannot be enabled")
    return tuple(asked)


def operator_code() -> str:
    """The credit code of the platform's operator, part of every unified deal code (MINGZHENG_OPERATOR_CODE)."""
    return os.environ.get("MINGZHENG_OPERATOR_CODE", DEMO_OPERATOR)


def profiles_in_force() -> list[str]:
    """The profiles this deployment keeps (MINGZHENG_PROFILES, comma list; default RG,GF,ZB), checked to exist."""
    chosen = [name for name in os.environ.get("MINGZHENG_PROFILES", "RG,GF,ZB").split(",") if name]
    for name in chosen:
        profiles.profile(name)
    return chosen


def suite_in_force() -> str:
    """The cipher suite of this deployment (MINGZHENG_SUITE)."""
    return os.environ.get("MINGZHENG_SUITE", "INTL-1")
