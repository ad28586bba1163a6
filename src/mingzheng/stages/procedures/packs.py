"""Rule packs: the values of the law as data with sources, pinned to a lot by version and digest.

A pack is a folder of TOML under `rulepacks/` (form: rulepacks/README.md). A rule record says what it asks (check
type, value, unit), when, how hard it is (severity), where it comes from and how sure we are of it. The centre has
no power to approve trading documents, so statutory checks at publishing are `block_with_reason`; `block` stands only
where the law itself tells the platform to refuse (P-01).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from mingzheng.kernel import canonical
from mingzheng.kernel import digest as digests
from mingzheng.stages.procedures import pack_checks
from mingzheng.stages.procedures.pack_rules import Check, Finding, Rule, Source, stricter

FOLDER = Path(__file__).parent / "rulepacks"
#: From the hardest to the softest; `auto` is done by the system itself and refuses nobody.
SEVERITIES = ("block", "block_with_reason", "warn", "flag", "auto")
UNITS = ("calendar_day", "working_day", "hour", "month", "year", "minute", "count", "ratio", "fraction", "yuan", "")
CERTAINTIES = ("V", "V2", "S", "K1", "K2", "U", "design")
_RULE_KEYS = {
    "id", "zh", "en", "when", "check", "value", "unit", "severity", "otherwise", "source", "jurisdiction",
    "valid_from", "valid_to", "certainty", "note",
}  # fmt: skip


class BadPack(ValueError):
    """A rule pack is not well formed; the message names pack, rule and fault."""


class PackChanged(LookupError):
    """A pinned pack is gone or its content is no longer what was pinned."""


@dataclass(frozen=True)
class Pack:
    """One version of a body of rules for one business and jurisdiction. Immutable; `digest` covers every value."""

    id: str
    version: str
    zh: str
    en: str
    jurisdiction: str
    business: tuple[str, ...]
    rules: Mapping[str, Rule]
    digest: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def pin(self) -> str:
        """What a lot keeps when it is announced: `cn-works@2026.1#sha256:…`."""
        return f"{self.id}@{self.version}#{self.digest}"

    def rule(self, rule: str) -> Rule:
        """The rule with this id. Raises KeyError naming the pack."""
        try:
            return self.rules[rule]
        except KeyError:
            raise KeyError(f"{self.id}@{self.version} has no rule {rule}") from None

    def value(self, rule: str, key: str | None = None) -> Any:
        """The value of a rule; with `key` one entry of a table of values (e.g. by category of procurement)."""
        value = self.rule(rule).value
        return value if key is None else value[key]

    def check(self, rule: str, *, mandatory: bool = True, **facts: Any) -> Finding:
        """Check facts against one rule; which facts a check type takes stands in `pack_checks`.

        `mandatory`: whether the project must be tendered by law (依法必须招标); a rule made for those only is
        softened to its `otherwise` severity for others. Raises KeyError and TypeError for wrong use only.
        """
        return pack_checks.run(self.rule(rule), mandatory=mandatory, facts=facts)

    def on(self, day: date) -> Pack:
        """The same pack with only the rules in force on `day`."""
        rules = {key: rule for key, rule in self.rules.items() if rule.in_force(day)}
        return replace(self, rules=rules)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two packs say different things under one id; the stricter one was kept."""

    rule: str
    kept: str
    dropped: str
    explanation: str


def names() -> tuple[str, ...]:
    """Ids of the packs delivered with the program."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/pack.toml")))


def load(name: str) -> Pack:
    """The delivered pack `name` (a folder of rulepacks/). Raises `BadPack`."""
    return _loaded(name, digests.current())


@lru_cache(maxsize=32)
def _loaded(name: str, algorithm: str) -> Pack:
    folder = FOLDER / name
    if not (folder / "pack.toml").is_file():
        raise BadPack(f"no pack {name}")
    head = _read(folder / "pack.toml")
    records = [
        record for path in sorted(folder.glob("*.toml")) if path.name != "pack.toml" for record in _rules_of(path)
    ]
    return build(head, records, algorithm=algorithm)


def pinned(pin: str) -> Pack:
    """The pack a lot was pinned to, combined ones included (`a+b@1+1#…`).

    Raises `PackChanged` when it is not delivered any more or says anything else than when it was pinned.
    """
    ids = pin.partition("@")[0].split("+")
    if any(name not in names() for name in ids):
        raise PackChanged(f"pack of {pin} is not delivered")
    algorithm = pin.rpartition("#")[2].partition(":")[0]
    if algorithm not in digests.ALGORITHMS:
        raise PackChanged(f"pinned {pin} without a digest of a known algorithm")
    packs = [_loaded(name, algorithm) for name in ids]
    pack = packs[0] if len(packs) == 1 else combine(*packs)
    if pack.pin != pin:
        raise PackChanged(f"pinned {pin}, delivered {pack.pin}")
    return pack


def build(head: Mapping[str, Any], records: list[Mapping[str, Any]], *, algorithm: str | None = None) -> Pack:
    """A pack from its head and rule records, validated; its digest is the deployment's unless `algorithm` is named.

    Raises `BadPack`."""
    missing = {"id", "version", "zh", "en", "jurisdiction", "business", "valid_from"} - head.keys()
    if missing:
        raise BadPack(f"pack head lacks {sorted(missing)}")
    rules: dict[str, Rule] = {}
    for record in records:
        rule = _rule(record, head)
        if rule.id in rules:
            raise BadPack(f"{head['id']}: rule {rule.id} stands twice")
        rules[rule.id] = rule
    text = canonical.dumps(_plain({"head": dict(head), "rules": sorted(records, key=lambda r: r["id"])}))
    digest = digests.named(algorithm or digests.current(), digests.raw(text.encode(), algorithm))
    return Pack(
        id=head["id"], version=head["version"], zh=head["zh"], en=head["en"], jurisdiction=head["jurisdiction"],
        business=tuple(head["business"]), rules=rules, digest=digest,
    )  # fmt: skip


def combine(*packs: Pack) -> Pack:
    """Several packs as one: under one id the stricter rule wins, and every difference is listed as a conflict."""
    rules: dict[str, Rule] = {}
    conflicts: list[Conflict] = []
    for rule in (rule for pack in packs for rule in pack.rules.values()):
        other = rules.get(rule.id)
        if other is None or (other.value, other.unit, other.severity) == (rule.value, rule.unit, rule.severity):
            rules.setdefault(rule.id, rule)
            continue
        kept, dropped = (rule, other) if stricter(rule, other) else (other, rule)
        rules[rule.id] = kept
        told = (
            f"{rule.id}：{kept.pack} 要求 {kept.told_value}，{dropped.pack} 要求 {dropped.told_value}，按从严采用前者"
        )
        conflicts.append(Conflict(rule.id, kept.pack, dropped.pack, told))
    digest = digests.like(packs[0].digest, " ".join(pack.pin for pack in packs).encode())
    return Pack(
        id="+".join(pack.id for pack in packs), version="+".join(pack.version for pack in packs),
        zh="、".join(pack.zh for pack in packs), en=", ".join(pack.en for pack in packs),
        jurisdiction=packs[-1].jurisdiction, rules=rules, digest=digest, conflicts=tuple(conflicts),
        business=tuple(dict.fromkeys(name for pack in packs for name in pack.business)),
    )  # fmt: skip


def _rule(record: Mapping[str, Any], head: Mapping[str, Any]) -> Rule:
    """One validated rule record."""
    name = f"{head['id']} {record.get('id', '?')}"
    if unknown := record.keys() - _RULE_KEYS:
        raise BadPack(f"{name}: unknown {sorted(unknown)}")
    if missing := {"id", "zh", "en", "check", "severity", "source", "certainty"} - record.keys():
        raise BadPack(f"{name}: lacks {sorted(missing)}")
    unit, severity, certainty = record.get("unit", ""), record["severity"], record["certainty"]
    otherwise = record.get("otherwise", "warn" if severity in SEVERITIES[:2] else severity)
    for value, allowed in (
        (unit, UNITS), (severity, SEVERITIES), (otherwise, SEVERITIES), (certainty, CERTAINTIES)
    ):  # fmt: skip
        if value not in allowed:
            raise BadPack(f"{name}: {value!r} is none of {', '.join(filter(None, allowed))}")
    try:
        check = Check(**{{"from": "start", "to": "end"}.get(k, k): v for k, v in record["check"].items()})
        rule = Rule(
            id=record["id"], zh=record["zh"], en=record["en"], pack=head["id"], when=record.get("when", {}),
            check=check, value=_value(record.get("value"), unit), unit=unit, severity=severity, otherwise=otherwise,
            sources=tuple(_source(text) for text in record["source"]), certainty=certainty,
            jurisdiction=record.get("jurisdiction", head["jurisdiction"]),
            valid_from=record.get("valid_from", head["valid_from"]), valid_to=record.get("valid_to"),
            note=record.get("note", ""),
        )  # fmt: skip
        pack_checks.validate(rule)
    except (TypeError, ValueError) as wrong:
        raise BadPack(f"{name}: {wrong}") from wrong
    return rule


def _value(value: Any, unit: str) -> Any:
    """The value as it is computed with: whole numbers, exact decimals, fractions; lists as tuples."""
    if isinstance(value, Mapping):
        return {key: _value(inner, unit) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(value)
    if unit == "fraction" and isinstance(value, str):
        return Fraction(value)
    return Decimal(value) if unit in ("ratio", "yuan") and isinstance(value, int | str) else value


@dataclass(frozen=True, slots=True)
class Law:
    """One law or regulation as cited: full title, number of the promulgating act, date of the text we follow."""

    key: str
    title: str
    text: str
    number: str = ""
    read: bool = False


@lru_cache(maxsize=1)
def laws() -> Mapping[str, Law]:
    """The register of sources, by the short name rules cite. `read` tells whether we had the primary text."""
    return {key: Law(key=key, **entry) for key, entry in _read(FOLDER / "laws.toml")["law"].items()}


def _source(text: str) -> Source:
    key, _, article = text.partition(" ")
    if key not in laws():
        raise ValueError(f"source {key!r} is not in laws.toml")
    return Source(law=key, article=article, text_version=laws()[key].text)


def _rules_of(path: Path) -> list[Mapping[str, Any]]:
    return list(_read(path).get("rule", ()))


def _read(path: Path) -> dict[str, Any]:
    """A TOML file; numbers with a point become exact decimals."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def _plain(value: Any) -> Any:
    """Dates and decimals as strings, for the canonical form the digest is taken from."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Decimal | date) else value
