"""Official papers as PDF/A-2b: facts in, the same bytes out on every machine.

`render(kind, facts)` is all a caller needs; `KINDS` lists the papers, `facts_of(kind)` their schema.
"""

from mingzheng.adapters.documents.facts import KINDS, facts_of
from mingzheng.adapters.documents.port import FactsMissing, FontsMissing, PaperFault, UnknownPaper, WrongFact
from mingzheng.adapters.documents.rendering import Typesetter, code_of, render

__all__ = [
    "KINDS",
    "FactsMissing",
    "FontsMissing",
    "PaperFault",
    "Typesetter",
    "UnknownPaper",
    "WrongFact",
    "code_of",
    "facts_of",
    "render",
]
