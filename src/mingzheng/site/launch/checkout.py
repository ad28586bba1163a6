"""Which folder this program belongs to."""

from pathlib import Path


def checkout() -> Path:
    """The checkout the program runs from; the present folder when it is installed as a package."""
    place = Path(__file__).resolve().parents[4]
    return place if (place / "pyproject.toml").exists() else Path.cwd()
