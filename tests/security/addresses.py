"""Every address of the site, with values for its parts."""

from typing import Any
from uuid import UUID

from tests.architecture.matrix import Address, addresses

NOTHING: dict[str, Any] = {
    "position": 0, "number": 1, "part": 1, "level": 0, "name": "registration", "path": "000", "role": "bidder",
    "category": "construction",
}  # fmt: skip


def path_of(address: Address, **known: Any) -> str:
    """The address with its parts filled in: those known, else ones that name nothing."""
    route = address.route
    for part, converter in address.converters.items():
        value = known.get(part, NOTHING.get(part, UUID(int=0)))
        route = route.replace(f"<{converter}:{part}>", str(value))
    return f"/{route}"


def everywhere() -> list[Address]:
    """All addresses but the endless one."""
    return [one for one in addresses() if one.route != "live"]
