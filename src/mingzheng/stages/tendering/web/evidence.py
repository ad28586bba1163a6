"""Where the facts of a page stand in the ledger: places of a lot's public entries, for evidence badges."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.procedures.events import DocumentFiled
from mingzheng.stages.tendering import events


@dataclass(frozen=True, slots=True)
class Place:
    """Position in the log (None until sequenced) and time of an entry."""

    position: int | None
    at: datetime


def places(lot: UUID) -> dict[str, Place]:
    """Places by what they prove: "document:<id>", "media:<document>:<medium>", "clarification:<id>", "notice"."""
    return {
        key: Place(entry.position, entry.at)
        for entry in stream_entries(stored_stream(f"lot:{lot}"))
        if (key := _key(entry.event))
    }


def _key(happened: Any) -> str:
    match happened:
        case DocumentFiled():
            return f"document:{happened.document}"
        case events.MediaReceived():
            return f"media:{happened.document}:{happened.medium}"
        case events.ClarificationPublished():
            return f"clarification:{happened.clarification}"
        case events.NoticePublished():
            return "notice"
    return ""
