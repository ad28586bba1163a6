"""Lines of the trail in the reader's language: what happened, on what, with which outcome."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from mingzheng.kernel.event import KINDS
from mingzheng.kernel.refusal import Refused
from mingzheng.site.design.happenings import LABELS, fact
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.parties.web import rows
from mingzheng.stages.procedures import queries as procedures

Named = tuple[str, str]  # words, address of their page or ""


def kinds() -> list[tuple[str, str]]:
    """Kinds of events an account's trail may hold, by name in the reader's language; refused acts first."""
    sealed = ("dealing", "committee", "pool")
    open_ = [(kind, fact(kind)) for kind in LABELS if kind in KINDS and KINDS[kind].stream not in sealed]
    once = {words: kind for kind, words in reversed(open_)}  # versions of one kind have one name
    return [
        (parties.REFUSED, fact("ledger.act-refused")),
        *sorted(((k, w) for w, k in once.items()), key=lambda o: o[1]),
    ]


def shown(lines: Iterable[parties.TrailFacts]) -> list[dict[str, Any]]:
    """Rows of the table."""
    lines = tuple(lines)
    who = _People(line.person for line in lines if line.person)
    name = _Objects({line.person for line in lines}, who, [line.object for line in lines])
    return [
        {
            **rows.trail(line), "what": (fact(line.what), "") if line.what in KINDS else (fact("ledger.act-refused"), line.what),
            "object": name.of(line.object), "who": who.of(line.person) if line.person else ("", ""),
        }
        for line in lines
    ]  # fmt: skip


class _People:
    def __init__(self, asked: Iterable[UUID]) -> None:
        self._known = parties.names_of(asked)

    def of(self, person: UUID) -> tuple[str, str]:
        """Name and login; an account that was closed everywhere has lost both."""
        if person not in self._known:
            self._known |= {person: (_("已注销的账号"), "")} | parties.names_of([person])
        return self._known[person]


class _Objects:
    """What an operation was about, asked once a page for each. A bidder or an expert is named on its own page alone."""

    def __init__(self, own: set[UUID | None], people: _People, asked: Iterable[str]) -> None:
        self._own, self._people = own, people
        wanted = {UUID(text.removeprefix("lot:")) for text in asked if text.startswith("lot:")}
        lots = procedures.lots_by_id(wanted)  # together: most lines are about lots
        self._known: dict[str, Named] = {f"lot:{one}": _lot(found) for one, found in lots.items()}

    def of(self, text: str) -> Named:
        if text not in self._known:
            try:
                self._known[text] = self._named(text)
            except (Refused, ValueError):
                self._known[text] = (text, "")
        return self._known[text]

    def _named(self, text: str) -> Named:
        kind, _sep, subject = text.partition(":")
        named: dict[str, Callable[[UUID], Named]] = {
            "procedure": _procedure, "person": self._person, "organisation": _organisation,
        }  # fmt: skip
        if kind == "centre":
            return _("平台"), ""
        return named[kind](UUID(subject)) if kind in named and subject else (text, "")

    def _person(self, one: UUID) -> Named:
        if one not in self._own and not parties.watched(one):
            return _("投标人或专家（不列名）"), ""
        name, login = self._people.of(one)
        if not login:  # closed everywhere
            return f"person:{one}", ""
        return f"{name}（{login}）", ""


def _lot(lot: procedures.LotFacts) -> Named:
    return f"{lot.procedure_name} {lot.number:02d} {lot.name}", f"/lots/{lot.id}" if lot.phase != "registered" else ""


def _procedure(one: UUID) -> Named:
    found = procedures.procedure(one)
    return f"{found.number} {found.name}", ""


def _organisation(one: UUID) -> Named:
    found = parties.organisation(one)
    return (_("投标人（不列名）") if "bidder" in found.kinds else found.name), ""
