"""Every address, every role: built from the registers, so that nothing can be added beside them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from mingzheng.kernel.actor import PUBLIC, Actor

PLAYERS = {
    "procuring_entity": "water", "agency": "agency", "bidder": "jia", "expert": "expert1", "centre_staff": "staff",
    "witness": "witness", "supervisor": "supervisor", "archivist": "archivist", "operator": "operator",
    "system_admin": "sysadmin", "security_admin": "secadmin", "audit_admin": "auditor",
}  # fmt: skip
ROLES = ("public", *PLAYERS)


@dataclasses.dataclass(frozen=True)
class Address:
    """One registered address: its route, its view, the names of its parts."""

    route: str
    view: Any
    parts: tuple[str, ...]

    @property
    def converters(self) -> dict[str, str]:
        """Part -> name of its converter as the route writes it."""
        return {part: kind for kind, part in re.findall(r"<([a-z]+):([a-z]+)>", self.route)}

    @property
    def page(self) -> Any:
        return getattr(self.view, "page", None)


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[Address]:
    """All addresses of the site, includes followed."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(route, pattern.callback, tuple(pattern.pattern.converters))
        else:
            yield from addresses(pattern, route)


def actor_in(cast: Any, role: str) -> Actor:
    """A member of the cast with this one role and no other; nobody for the public."""
    if role == "public":
        return PUBLIC
    return dataclasses.replace(cast.by_login(PLAYERS[role]).actor, roles=frozenset({role}), session=str(UUID(int=0)))


def fill(parts: tuple[str, ...], known: dict[str, Any]) -> dict[str, Any]:
    """Values for the parts of an address: those that are known, else ones that name nothing."""
    nothing = {
        "position": 0,
        "number": 1,
        "part": 1,
        "name": "nothing.here",
        "code": "nothing",
        "file": "nothing",
        "path": "nothing",
    }
    return {part: known.get(part, nothing.get(part, UUID(int=0))) for part in parts}
