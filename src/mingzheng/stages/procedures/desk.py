"""What the registration desk tells people: notes sheet, overdue cases, items asked for a second time."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from mingzheng.stages.notifying.changes import Recipient, notify
from mingzheng.stages.notifying.wording import say
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import events, kinds
from mingzheng.stages.procedures.queries import ProcedureFacts


def _staff() -> list[UUID]:
    return [one.id for one in parties.people_with("centre_staff")]


def send_notes(facts: ProcedureFacts, at: datetime) -> events.NotesSent:
    """Send the kind's notes sheet to procuring entity and agency; reading it is recorded by their messages."""
    cautions = kinds.kind(facts.kind).cautions
    notify(
        to=[Recipient(organisation=one) for one in (facts.procuring_entity, facts.agency) if one], topic="notes-sheet",
        title=say("{project}：交易注意事项", project=facts.name), text="\n".join(f"{n}. {text}" for n, text in enumerate(cautions, start=1)),
        at=at, link=f"/procedures/{facts.id}",
    )  # fmt: skip
    return events.NotesSent(procedure=facts.id, kind=facts.kind, cautions=cautions)


def alert_overdue(name: str, procedure: UUID, at: datetime) -> tuple[UUID, ...]:
    """Everybody of the registration desk; returns who."""
    people = _staff()
    notify(
        to=[Recipient(person=one) for one in people], topic="registration-overdue", title=say("{project}：登记超过承诺时限", project=name),
        text=say("承诺的办理时限已过，请立即办理或一次性告知需要补正的材料。"), at=at, link=f"/procedures/{procedure}",
    )  # fmt: skip
    return tuple(people)


def alert_late_items(name: str, procedure: UUID, items: Iterable[str], reason: str, at: datetime) -> None:
    """Something was asked for that the first list had not named: the desk is told (GF-6.1.2)."""
    notify(
        to=[Recipient(person=one) for one in _staff()], topic="late-item", title=say("{project}：第二次要求材料", project=name),
        text=say("不在第一次告知清单里的材料：{items}。理由：{reason}", items="、".join(items), reason=reason), at=at, link=f"/procedures/{procedure}",
    )  # fmt: skip
