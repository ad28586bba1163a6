"""The demo centre of the invented city 云州: its people with key files (`cast`) and what `load` brings in at once.

The year it has behind it is played afterwards by `run`, a process of the demo alone.
"""

from mingzheng.site.demo.cast import CastMember, cast
from mingzheng.site.demo.parties import load_parties

__all__ = ["CastMember", "cast", "load"]


def load() -> None:
    """Bring in the cast. Loading again changes nothing; safe when two processes start at once."""
    load_parties()
