"""Pages and their roles. A view that is not registered here does not exist: the address check of `make check` fails."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from mingzheng.kernel.refusal import LOGIN_FIRST, NOT_YOURS

PUBLIC_PAGE: frozenset[str] = frozenset({"*"})
ANY_LOGIN: frozenset[str] = frozenset({"+"})


@dataclass(frozen=True, slots=True)
class Page:
    """One view: its dotted name and who may open it ('*' everybody, '+' whoever is logged in)."""

    name: str
    roles: frozenset[str]


PAGES: dict[str, Page] = {}


def allowed(roles: frozenset[str], has: frozenset[str]) -> bool:
    return "*" in roles or ("+" in roles and bool(has - {"public"})) or bool(roles & has)


def page(roles: set[str] | frozenset[str], name: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view and guard it by role; rules about the object are asked by the view's query."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        label = name or f"{view.__module__.removeprefix('mingzheng.')}.{view.__name__}"
        PAGES[label] = Page(label, frozenset(roles))

        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            actor = request.actor
            if not allowed(frozenset(roles), actor.roles):
                raise LOGIN_FIRST() if actor.person is None else NOT_YOURS()
            return view(request, *args, **kwargs)

        guarded.page = PAGES[label]  # type: ignore[attr-defined]
        return guarded

    return decorate
