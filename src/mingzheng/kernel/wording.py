"""Chinese words in data and rules that pages translate: pure modules mark them, `scripts/translations.py` collects them."""


def label(text: str) -> str:
    """The text itself; its mark says that it needs English."""
    return text
