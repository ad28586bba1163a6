"""What every paper tells, the people and amounts papers share, and the register of kinds."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from mingzheng.adapters.documents.port import UnknownPaper


@dataclass(frozen=True, kw_only=True)
class Signer:
    """One electronic signature: who, in which role, when, under which certificate (fingerprint), standing in which
    ledger entry (digest). `opinion` is what the person added (e.g. 同意, 保留意见)."""

    name: str
    role: str
    at: datetime | None = None
    certificate: str = ""
    entry: str = ""
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to ask: the unit's role in this procedure, its name and how to reach it."""

    role: str
    name: str
    address: str = ""
    person: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A recommended candidate of an evaluation. `price` in yuan; `score` as the method counts it."""

    rank: int
    bidder: str
    price: Decimal
    score: str = ""
    period: str = ""
    quality: str = ""
    leader: str = ""
    leader_certificate: str = ""
    qualifications: str = ""


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A bid that was rejected, why, and by which article or clause."""

    bidder: str
    reason: str
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every paper carries. `issued_at` is also the date of the PDF. With an empty `verification_code` the code is
    computed from the facts (`code_of`). `entry` is the digest of the ledger entry that issued the paper, if any."""

    document_number: str
    procedure_name: str
    procedure_code: str
    issuer: str
    issued_at: datetime
    verification_url: str
    centre: str
    verification_code: str = ""
    lot_name: str = ""
    lot_code: str = ""
    entry: str = ""
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paper: its name on paper, its facts, and how they become blocks."""

    kind: str
    title: str
    facts: type[Paper]
    compose: Callable[[Any], list[dict[str, Any]]]
    subtitle: bool = True


KINDS: dict[str, Kind] = {}
F = TypeVar("F", bound=Callable[[Any], list[dict[str, Any]]])


def paper(kind: str, title: str, facts: type[Paper], *, subtitle: bool = True) -> Callable[[F], F]:
    """Register the function that composes a paper. `subtitle`: the procedure's name stands below the title."""

    def register(compose: F) -> F:
        KINDS[kind] = Kind(kind, title, facts, compose, subtitle)
        return compose

    return register


def kind_of(kind: str) -> Kind:
    """The registered kind; `UnknownPaper` otherwise."""
    try:
        return KINDS[kind]
    except KeyError:
        raise UnknownPaper(kind) from None


def facts_of(kind: str) -> type[Paper]:
    """The facts a paper wants, as a dataclass."""
    return kind_of(kind).facts


for _group in ("planning", "tendering", "opening", "evaluating", "awarding", "ending"):
    importlib.import_module(f"mingzheng.adapters.documents.papers.{_group}")
