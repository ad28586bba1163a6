"""Words of a message that can be said in another language later: a gettext source and the facts in it."""

from typing import Any

from django.utils.translation import get_language, gettext


class Said(str):
    """Chinese words, ready to send, that remember their source and facts."""

    __slots__ = ("told",)
    told: dict[str, Any]


def say(source: str, **facts: Any) -> Said:
    """`say("{project}：延期开标", project=...)`. A fact that is itself `Said` follows the reader's language too."""
    words = Said(source.format_map({name: str(value) for name, value in facts.items()}))
    words.told = {"source": source, "facts": {name: kept(value) or str(value) for name, value in facts.items()}}
    return words


def kept(words: Any) -> dict[str, Any]:
    """What is stored beside the words: nothing for words a person wrote."""
    return words.told if isinstance(words, Said) else {}


def said(words: str, told: dict[str, Any]) -> str:
    """The words in the language of the page; a person's own words stay as they are."""
    if get_language() != "en" or not told:
        return words
    facts = {
        name: said(value["source"], value) if isinstance(value, dict) else value
        for name, value in told["facts"].items()
    }
    return gettext(told["source"]).format_map(facts)
