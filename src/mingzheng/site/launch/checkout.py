"""Which folder this program belongs to."""

import os
from pathlib import Path


def checkout() -> Path:
    """The checkout the program runs from (MINGZHENG_CHECKOUT names another); the present folder for an installed package."""
    named = os.environ.get("MINGZHENG_CHECKOUT")
    if named:
        return Path(named)
    place = Path(__file__).resolve().parents[4]
    return place if (place / "pyproject.toml").exists() else Path.cwd()
