"""The demo centre of the invented city 云州: its people with key files (`cast`) and everything that `load` brings in."""

from mingzheng.site.demo.cast import CastMember, cast
from mingzheng.site.demo.parties import load_parties

__all__ = ["CastMember", "cast", "load"]


def load() -> None:
    """Bring in the demo centre. Loading again changes nothing; safe when two processes start at once."""
    load_parties()
