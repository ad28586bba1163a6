"""The trail: every operation of every account, looked up by account (ZB-4.4.1-a-2). Drawn from the ledger, never edited."""

from typing import Any

from mingzheng.ledger.entries import Entry
from mingzheng.ledger.reading import reader
from mingzheng.stages.parties import models, queries


def clear() -> None:
    models.TrailLine.objects.all().delete()


@reader("trail", clear=clear, sealed=True)
def trail(happened: Any, entry: Entry) -> None:
    """One line for the account whose operation the entry is."""
    found = queries.trail_line(entry)
    if found is not None:
        whose, line = found
        models.TrailLine.objects.create(seq=entry.seq, tag=queries.person_tag(whose), at=entry.at, line=line)
