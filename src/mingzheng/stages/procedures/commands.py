"""What parties and the centre do with procedures and lots as a whole."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel import numbering
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.ids import new_id
from mingzheng.kernel.money import yuan
from mingzheng.kernel.refusal import BAD_INPUT
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes, desk, events, kinds, models, queries, rules
from mingzheng.stages.procedures.acting import act, for_principal

OWNERS = {"procuring_entity", "agency"}


@command(by={"procuring_entity"}, binds=True)
def publish_tender_plan(
    *, actor: Actor, at: datetime, name: str, location: str, content: str, estimate: Decimal, expected_notice: datetime
) -> events.TenderPlanPublishedV2:
    """The procuring entity publishes a tender plan (招标计划, ZB-04 and ZB-5.1.1)."""
    assert actor.organisation is not None
    gone = [label for label, value in (("项目名称", name), ("建设地点", location), ("招标内容", content)) if not value]
    if gone:
        raise rules.MISSING_FIELDS(fields="、".join(gone))
    plan = models.TenderPlan.objects.create(
        procuring_entity=actor.organisation, name=name, location=location.strip(), content=content, estimate=yuan(estimate),
        expected_notice=expected_notice, published_at=at,
    )  # fmt: skip
    return events.TenderPlanPublishedV2(
        plan=plan.id, name=name, procuring_entity=actor.organisation,
        procuring_entity_name=parties.organisation(actor.organisation).name, location=plan.location, content=content,
        estimate=plan.estimate, expected_notice=expected_notice,
    )  # fmt: skip


def _for_entity(*, actor: Actor, at: datetime, act: str, procuring_entity: UUID | None = None, **_: Any) -> Actor:
    """An agency registers in the name of the entity it names; whether it may is asked by the command."""
    return actor.acting_for(procuring_entity) if actor.has("agency") and not actor.has("procuring_entity") else actor


def _for_procedure(*, actor: Actor, at: datetime, act: str, procedure: UUID, **_: Any) -> Actor:
    return for_principal(queries.procedure(procedure), actor, at)


@command(by=OWNERS | {"centre_staff"}, binds=True, before=_for_entity)
def submit_registration(
    *, actor: Actor, at: datetime, content: dict[str, Any], lots: list[dict[str, Any]], kind: str = "works_tender",
    mandatory: bool = True, procuring_entity: UUID | None = None, agency: UUID | None = None, plan: UUID | None = None,
    attachment: str = "",
) -> events.RegistrationSubmitted:  # fmt: skip
    """Register a project with its lots; all missing fields are told at once (GF-6.2.1). Staff may enter it at the counter."""
    owner, agent = _principals(actor, procuring_entity, agency, at)
    if kind not in kinds.enabled():
        raise rules.NO_TEMPLATE(kind=kind)
    content = {**content, "location": str(content.get("location", "")).strip() or queries.planned_location(plan)}
    if gone := rules.missing(content, lots):
        raise rules.MISSING_FIELDS(fields="、".join(gone))
    _check_retenders(lots, owner)
    number = f"{at:%Y}-{changes.next_serial(f'registration-{at:%Y}'):05d}"
    at_counter = actor.has("centre_staff")
    row = models.Procedure.objects.create(
        id=new_id(), number=f"DJ-{number}", name=content["name"], kind=kind, mandatory=mandatory,
        procuring_entity=owner, agency=agent, plan_id=plan, content={**content, "lots": lots, "attachment": attachment},
        prompts=rules.prompts(content), channel="onsite" if at_counter else "online", submitted_at=at,
        handed_in_at=at, entered_by=actor.person if at_counter else None,
    )  # fmt: skip
    return events.RegistrationSubmitted(
        procedure=row.id, number=row.number, name=row.name, kind=kind, procuring_entity=owner, agency=agent,
        content=row.content, prompts=tuple(row.prompts), channel=row.channel,
    )  # fmt: skip


def _principals(actor: Actor, owner: UUID | None, agency: UUID | None, at: datetime) -> tuple[UUID, UUID | None]:
    """Whose project it is and which agency acts; an agency needs an authorisation in force."""
    assert actor.organisation is not None
    if actor.has("procuring_entity"):
        return actor.organisation, agency
    if owner is None:
        raise rules.MISSING_FIELDS(fields="招标人")
    if actor.has("agency"):
        if not parties.may_act_for(actor.organisation, owner, None, at):
            raise rules.NOT_OWNER()
        return owner, actor.organisation
    return owner, agency


def _check_retenders(lots: list[dict[str, Any]], owner: UUID) -> None:
    """What a lot is to tender again must be this entity's own and have failed or been terminated."""
    for given in lots:
        if not given.get("retender_of"):
            continue
        try:
            earlier = queries.lot(UUID(str(given["retender_of"])))
        except ValueError:
            raise BAD_INPUT(field="lots", problem="格式不对") from None
        if earlier.procuring_entity != owner:
            raise rules.NO_SUCH_LOT()
        rules.may_retender(earlier.standing)


def _in_state(procedure: UUID, *states: str) -> models.Procedure:
    row = models.Procedure.objects.select_for_update().filter(pk=procedure).first()
    if row is None:
        raise rules.NO_SUCH_LOT()
    if row.state not in states:
        raise rules.WRONG_STATE()
    return row


@command(by={"centre_staff"}, binds=True)
def return_registration(
    *, actor: Actor, at: datetime, procedure: UUID, items: list[str], reason: str = ""
) -> events.RegistrationReturned:
    """The centre asks for everything that is missing in one list (一次性告知, GF-6.2.2)."""
    row = _in_state(procedure, "submitted", "supplemented")
    earlier = list(row.told.values_list("item", flat=True))
    late = rules.may_return(items, earlier, reason)
    round_number = (row.told.order_by("-round").values_list("round", flat=True).first() or 0) + 1
    models.ToldOnce.objects.bulk_create(
        models.ToldOnce(procedure=row, round=round_number, item=i, late=i in late, reason=reason if i in late else "")
        for i in items
    )
    row.state = "returned"
    row.save()
    if late:
        desk.alert_late_items(row.name, procedure, late, reason, at)
    return events.RegistrationReturned(
        procedure=row.id, round=round_number, items=tuple(items), late_items=tuple(late), reason=reason
    )


@command(by=OWNERS | {"centre_staff"}, binds=True, before=_for_procedure)
def supplement_registration(
    *, actor: Actor, at: datetime, procedure: UUID, supplied: dict[str, str]
) -> events.RegistrationSupplemented:
    """The owner supplies the papers asked for."""
    row = _in_state(procedure, "returned")
    if not actor.has("centre_staff") and not queries.owns(queries.procedure(procedure), actor, at):
        raise rules.NOT_OWNER()
    for item, what in supplied.items():
        row.told.filter(item=item).update(supplied=what)
        if item == rules.REGISTRATION_FIELDS["approval"]:
            row.content["approval"] = what
    row.state, row.handed_in_at, row.overdue_told_at = "supplemented", at, None
    row.save()
    return events.RegistrationSupplemented(procedure=row.id, supplied=supplied)


@command(by={"centre_staff"}, binds=True)
def complete_registration(
    *, actor: Actor, at: datetime, procedure: UUID, service_responsible: UUID | None = None
) -> list[Any]:
    """The centre completes the registration: numbers, lots, pinned rules, and the person responsible (GF-6.2.4)."""
    row = _in_state(procedure, "submitted", "supplemented")
    if service_responsible is None:
        raise rules.SERVICE_RESPONSIBLE_NEEDED()
    staff = parties.person(service_responsible)
    row.project_code = numbering.project_code(
        kinds.kind(row.kind).industry, str(row.content["region"]), changes.next_serial("project")
    )
    row.tender_project_code = numbering.tender_project_code(row.project_code, 1)
    row.state, row.registered_at = "registered", at
    row.service_responsible, row.service_name, row.service_phone = service_responsible, staff.name, staff.phone
    row.save()
    registered = [_lot(row, at, number, lot) for number, lot in enumerate(row.content["lots"], start=1)]
    return [
        events.RegistrationCompleted(
            procedure=row.id, service_responsible=service_responsible, service_name=staff.name,
            service_phone=staff.phone, project_code=row.project_code, tender_project_code=row.tender_project_code,
        ),
        desk.send_notes(queries.procedure(procedure), at),
        *registered,
    ]  # fmt: skip


def _lot(row: models.Procedure, at: datetime, number: int, given: dict[str, Any]) -> events.LotRegistered:
    earlier = UUID(str(given["retender_of"])) if given.get("retender_of") else None
    if earlier is not None:
        rules.may_retender(queries.lot(earlier).standing)
    template = kinds.kind(row.kind)
    lot = models.Lot.objects.create(
        procedure=row, number=number, name=given["name"], estimate=yuan(given["estimate"]), content=given,
        section_code=numbering.section_code(row.tender_project_code, number),
        unified_deal_code=numbering.unified_deal_code(
            template.deal_class, kinds.operator_code(), at.date(), changes.next_serial(f"deal-{at:%Y%m%d}")
        ),
        pack=kinds.pack_for(row.kind).pin, profiles=kinds.profiles_in_force(), suite=kinds.suite_in_force(),
        retender_of_id=earlier,
    )  # fmt: skip
    changes.reach(lot.id, "registered", at)
    return events.LotRegistered(
        lot=lot.id, procedure=row.id, number=number, name=lot.name, section_code=lot.section_code,
        unified_deal_code=lot.unified_deal_code, pack=lot.pack, profiles=tuple(lot.profiles), suite=lot.suite,
        mandatory=row.mandatory, estimate=lot.estimate, retender_of=earlier,
    )  # fmt: skip


@command(by={"system"})
def note_overdue(*, actor: Actor, at: datetime, procedure: UUID) -> list[Any]:
    """The promised time of a registration has passed: whoever handles it is alerted, once (GF-6.2.3, GF-10.2)."""
    row = _in_state(procedure, "submitted", "supplemented", "returned", "registered")
    since = row.handed_in_at
    if (
        row.state not in ("submitted", "supplemented")
        or row.overdue_told_at
        or since is None
        or at < rules.promised(since)
    ):
        return []
    row.overdue_told_at = at
    row.save()
    alerted = desk.alert_overdue(row.name, procedure, at)
    return [events.RegistrationOverdue(procedure=procedure, promised=rules.promised(since), alerted=alerted)]


@act(by=OWNERS | {"centre_staff"}, binds=True)
def appoint_person(*, actor: Actor, at: datetime, lot: UUID, part: str, person: UUID) -> events.PersonAppointed:
    """Name the host (by the owner), the witness or the supervisor (by the centre) of a lot (LN-3.11, LN-3.12)."""
    facts = queries.lot(lot)
    if part == "host":
        if not queries.owns(facts, actor, at):
            raise rules.NOT_OWNER()
    elif part not in ("witness", "supervisor") or not actor.has("centre_staff"):
        raise rules.NOT_APPOINTED(part=rules.PARTS.get(part, part))
    who = parties.person(person)
    held = {name: holder for name, (holder, _) in queries.parts(lot).items()}
    at_centre = "centre" in parties.organisation(who.organisation).kinds
    rules.may_appoint(part, person, held, "witness" in who.roles and at_centre)
    models.Appointment.objects.filter(lot_id=lot, part=part, ended_at=None).update(ended_at=at)
    models.Appointment.objects.create(
        lot_id=lot, part=part, person=person, organisation=who.organisation, appointed_at=at
    )
    centre = who.organisation_name if part == "witness" else ""
    return events.PersonAppointed(lot=lot, part=part, person=person, organisation=who.organisation, centre=centre)


@act(by=OWNERS | {"supervisor"}, binds=True, changes_lot=True)
def suspend_lot(*, actor: Actor, at: datetime, lot: UUID, reason: str, basis: str) -> events.LotSuspended:
    """Stop every act and clock of a lot, with reason and basis (GF-6.5.5, LN-9-2-4)."""
    facts = queries.lot(lot)
    if not actor.has("supervisor") and not queries.owns(facts, actor, at):
        raise rules.NOT_OWNER()
    if not reason or not basis:
        raise rules.REASON_AND_BASIS_NEEDED()
    models.Lot.objects.filter(pk=lot).update(standing=rules.SUSPENDED, suspended_at=at)
    changes.pause(lot, at)
    return events.LotSuspended(lot=lot, reason=reason, basis=basis, phase=facts.phase)


@act(by=OWNERS | {"supervisor"}, binds=True, while_suspended=True, changes_lot=True)
def resume_lot(*, actor: Actor, at: datetime, lot: UUID, decision: str) -> events.LotResumed:
    """Let a suspended lot go on where it stopped, by a recorded decision; clocks keep the time they had (GF-6.5.6)."""
    facts = queries.lot(lot)
    if facts.standing != rules.SUSPENDED:
        raise rules.WRONG_STATE()
    if not actor.has("supervisor") and not queries.owns(facts, actor, at):
        raise rules.NOT_OWNER()
    if not decision:
        raise rules.REASON_AND_BASIS_NEEDED()
    models.Lot.objects.filter(pk=lot).update(standing=rules.RUNNING, suspended_at=None)
    return events.LotResumed(lot=lot, decision=decision, phase=facts.phase, clocks=changes.resume(lot, at))


@act(by=OWNERS, owner=True, binds=True, while_suspended=True, changes_lot=True)
def terminate_lot(*, actor: Actor, at: datetime, lot: UUID, reason: str, basis: str) -> events.LotTerminated:
    """The owner ends the tender of a lot (终止招标); refunds follow (招标投标法实施条例 31)."""
    facts = queries.lot(lot)
    if not reason or not basis:
        raise rules.REASON_AND_BASIS_NEEDED()
    models.Lot.objects.filter(pk=lot).update(standing=rules.TERMINATED, cause="terminated")
    models.Clock.objects.filter(lot_id=lot, state__in=("running", "paused")).update(state="done")
    return events.LotTerminated(lot=lot, procedure=facts.procedure, reason=reason, basis=basis)
