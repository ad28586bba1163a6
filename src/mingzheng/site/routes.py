"""Walking the URL registry: every route with its view, for whoever must leave no address out."""

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver


def routes(resolver: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each route as it stands in the registry (`lots/<uuid:lot>/hall`) and its view; all of them without a resolver."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from routes(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one.callback
