"""Before publishing: templates, drafts, help of the centre's staff. Nothing here approves anything (GF-6.2.5-2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.kernel.actor import Actor
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.acting import act
from mingzheng.stages.tendering import drafts, events, fields, models, rules, standard_texts

OWNERS = {"procuring_entity", "agency"}


@act(by=OWNERS, phases=("registered",), owner=True)
def request_template(*, actor: Actor, at: datetime, lot: UUID, template: str) -> events.TemplateRequested:
    """Take a standard template into the editor; what was written before stays where the template says nothing."""
    found = standard_texts.template(template)
    if found.kind != procedures.lot(lot).kind:
        raise rules.NO_TEMPLATE(template=template)
    earlier = models.DraftDocument.objects.filter(pk=lot).first()
    models.DraftDocument.objects.update_or_create(
        lot=lot,
        defaults={
            "template": template, "document": {**(earlier.document if earlier else {}), **found.fields},
            "notice": {**drafts.notice_of(found), **(earlier.notice if earlier else {})}, "saved_at": at,
        },
    )  # fmt: skip
    return events.TemplateRequested(lot=lot, template=template, version=found.version)


@act(by=OWNERS, phases=("registered",), owner=True)
def save_draft(
    *, actor: Actor, at: datetime, lot: UUID, document: dict[str, Any], notice: dict[str, Any] | None = None,
    times: dict[str, str] | None = None, reasons: dict[str, str] | None = None, template: str = "",
) -> None:  # fmt: skip
    """Keep what is being written. A draft is no fact, so it leaves no entry and needs no certificate."""
    row, _ = models.DraftDocument.objects.get_or_create(lot=lot, defaults={"saved_at": at})
    row.document = {**row.document, **fields.listed(document)}
    row.notice = row.notice if notice is None else notice
    row.times = row.times if times is None else times
    row.reasons = row.reasons if reasons is None else reasons
    row.template, row.saved_at = template or row.template, at
    row.save()


@act(by={"centre_staff"}, phases=("registered", "announced", "evaluated", "publicity"))
def note_guidance(*, actor: Actor, at: datetime, lot: UUID, text: str) -> events.GuidanceNoted:
    """Staff note the help they gave with notice or publicity; advice only, it blocks nothing (RG-7.2.1-1)."""
    if not text:
        raise rules.REASON_MISSING()
    assert actor.person is not None
    return events.GuidanceNoted(lot=lot, staff=actor.person, text=text)
