"""Where the program meets the outside world. Stages ask for a port by name; the site decides what stands behind it."""

from typing import Any

_PORTS: dict[str, Any] = {}


def use(name: str, implementation: Any) -> None:
    """Put `implementation` behind `name` (the site's wiring, or a test)."""
    _PORTS[name] = implementation


def get(name: str) -> Any:
    """The implementation behind `name`; LookupError names the missing wiring."""
    try:
        return _PORTS[name]
    except KeyError:
        raise LookupError(f"no adapter is wired for port {name!r}") from None
