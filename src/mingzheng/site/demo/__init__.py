"""The demo centre of the invented city 云州: its people with key files (`cast`) and everything that `load` brings in."""

from django.conf import settings

from mingzheng.site.demo.cast import CastMember, cast
from mingzheng.site.demo.parties import load_parties
from mingzheng.site.demo.tenders import load_tenders

__all__ = ["CastMember", "cast", "load"]


def load() -> None:
    """Bring in the demo centre. Loading again changes nothing; safe when two processes start at once."""
    load_parties()
    if settings.MINGZHENG_MODE == "demo":
        load_tenders()
