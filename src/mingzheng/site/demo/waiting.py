"""How many things wait for each of the cast: counted aside by the demo's process, so that no page pays for it."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext, gettext_noop

from mingzheng.site.demo.cast import member
from mingzheng.site.demo.parties import person_id
from mingzheng.site.demo.progress import folder, write
from mingzheng.site.desks.tasks import tasks
from mingzheng.stages.parties import queries as parties

ROLES = {
    "bidder": gettext_noop("投标人"), "agency": gettext_noop("代理"), "procuring_entity": gettext_noop("招标人"),
    "expert": gettext_noop("专家"), "centre_staff": gettext_noop("中心"), "witness": gettext_noop("见证"),
    "supervisor": gettext_noop("监管"), "archivist": gettext_noop("档案"),
}  # fmt: skip
SHOWN = ("jia", "yi", "agency", "water", "expert1", "staff", "witness", "supervisor", "archivist")


def _file() -> Path:
    return folder() / "waiting.json"


@dataclass
class Counting:
    """Counts again when the ledger has grown."""

    entries: int = -1

    def refresh(self) -> None:
        """Write the counts if anything was recorded since the last time."""
        with connection.cursor() as cursor:
            cursor.execute("select seq from ledger_tree")
            seq = int(cursor.fetchone()[0])
        if seq != self.entries:
            write(_file(), {login: _count(login) for login in SHOWN})
            self.entries = seq


def counts() -> dict[str, int]:
    """Tasks by login as last counted; empty before."""
    try:
        return dict(json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _count(login: str) -> int:
    person = parties.person(person_id(login))
    return len(tasks(parties.actor_for(person.id, person.organisation, "certificate")))


def cast_row() -> list[dict[str, str | int]]:
    """The people of the bar with what waits for them."""
    found = counts()
    rows: list[dict[str, str | int]] = []
    for login in SHOWN:
        one = member(login)
        role = gettext(ROLES["witness" if "witness" in one.roles else one.roles[0]])
        rows.append(
            {"login": login, "name": one.name, "role": role, "house": one.organisation, "waiting": found.get(login, 0)}
        )
    return rows
