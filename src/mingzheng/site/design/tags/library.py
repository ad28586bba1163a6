"""The one tag library of the design system, and the small tools its tags share."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TONES = ("ok", "warn", "bad", "info", "mute")


def pick(thing: Any, *names: str, default: Any = None) -> Any:
    """The first of `names` that `thing` (mapping or object) has and that is not None."""
    for name in names:
        found = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
        if found is not None:
            return found
    return default


def tone_of(tone: str) -> str:
    """A tone that the style sheet knows, or none (ValueError for a word it does not know)."""
    if tone and tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}, wanted one of {TONES}")
    return tone


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite: `{% icon "lock" %}`, `{% icon "menu" "l" %}`."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 16 16" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        " icon--l" if size == "l" else "",
        static("icons/sprite.svg"),
        name,
    )
