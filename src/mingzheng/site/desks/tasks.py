"""What waits for an actor: one sentence, one address, until when. Asked from the stages, ordered by time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.stages.award import queries as award
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.web.deliveries import why_not_yet
from mingzheng.stages.tendering import queries as tendering


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: Chinese gettext source, where, until when, of which lot."""

    what: str
    href: str
    lot: procedures.LotFacts | None
    until: datetime | None = None
    urgent: bool = False
    name: str = ""


#: Phases in which an owner's task has a clock, and those in which a bidder has a task.
TIMED = ("announced", "closed", "opening", "publicity", "awarded", "contracted")
BIDDERS = ("announced", "closed", "opening", "awarded")


def tasks(actor: Actor) -> list[Task]:
    """All tasks of the actor's roles, the nearest time first."""
    found: list[Task] = []
    if actor.has("procuring_entity", "agency", "centre_staff"):
        found += _registrations(actor) + _unsealed(actor)
    if actor.has("procuring_entity", "agency"):
        lots = [lot for one in procedures.procedures_for(actor) for lot in one.lots if lot.standing == "running"]
        timed = [lot.id for lot in lots if lot.phase in TIMED]
        clocks, hosted = procedures.clocks_of(timed), procedures.held_parts("host", timed)
        for lot in lots:
            due = {name: c.due for name, c in clocks.get(lot.id, {}).items()}
            found += _owner(lot, due, hosted=lot.id in hosted)
    if actor.has("bidder"):
        dealings = tendering.dealings_of(actor.organisation)
        mine = procedures.lots_by_id(one.lot for one in dealings)
        for dealing in dealings:
            if mine[dealing.lot].phase in BIDDERS:
                found += _bidder(actor, mine[dealing.lot], dealing.id)
    if actor.has("expert") and actor.person:
        for lot_id in evaluation.lots_of_member(actor.person):
            found += _expert(actor, lot_id)
    if actor.has("witness", "supervisor") and actor.person:
        for part in ("witness", "supervisor"):
            for lot in procedures.lots_with_part(part, actor.person):
                if lot.phase in ("closed", "opening"):
                    found.append(Task("进入开标大厅", f"/lots/{lot.id}/hall", lot, urgent=True))
    if actor.has("archivist"):
        for lot in (
            procedures.lots(phases=("contracted",))
            + procedures.lots(standing="failed")
            + procedures.lots(standing="terminated")
        ):
            found.append(Task("关闭并归档", f"/lots/{lot.id}/file", lot))
    found += _certificate(actor) + _calls(actor)
    far = datetime.max.replace(tzinfo=clock.UTC8)
    return sorted(found, key=lambda t: (not t.urgent, t.until or far))


def _certificate(actor: Actor) -> list[Task]:
    """The last good certificate of the person ends soon: another one can be enrolled only before."""
    ends = parties.certificate_ending(actor.person, clock.now()) if actor.person else None
    return [Task("登记新的数字证书", "/certificates", None, ends)] if ends else []


def _calls(actor: Actor) -> list[Task]:
    """Lots in which somebody was not reached by any channel: the centre telephones."""
    if not actor.has("centre_staff"):
        return []
    found = procedures.lots_by_id(notifying.lots_to_call()).values()
    return [
        Task("电话通知未送达的人员", f"/lots/{lot.id}/deliveries", lot) for lot in found if why_not_yet(lot) is None
    ]


def _registrations(actor: Actor) -> list[Task]:
    found = []
    promised = {one.procedure: one.promised for one in procedures.waiting_registrations()}
    for one in procedures.procedures_for(actor):
        href = f"/procedures/{one.id}"
        if one.state == "returned" and actor.has("procuring_entity", "agency"):
            found.append(Task("补齐登记材料", href, None, name=one.name, urgent=True))
        if one.state in ("submitted", "supplemented") and actor.has("centre_staff"):
            found.append(Task("办理项目登记", href, None, promised.get(one.id), name=one.name))
    return found


def _unsealed(actor: Actor) -> list[Task]:
    """Lots with papers whose seal does not come: nothing to do for the owner, something to look into for the centre."""
    shown = [procedures.lot(lot) for lot in issuing.stuck()]
    if not actor.has("centre_staff"):
        shown = [lot for lot in shown if procedures.owns(lot, actor, clock.now())]
    return [Task("查看等待电子签章的文书", f"/lots/{lot.id}", lot) for lot in shown]


def _owner(lot: procedures.LotFacts, due: dict[str, datetime], *, hosted: bool) -> list[Task]:
    here = f"/lots/{lot.id}"
    match lot.phase:
        case "registered":
            return [Task("编制并发布招标公告", f"{here}/tender", lot)]
        case "announced":
            tasks = [Task("开标", f"{here}/hall", lot, due.get("bid_deadline"))]
            return tasks if hosted else [Task("指定开标主持人", f"{here}/steer", lot, due.get("bid_deadline")), *tasks]
        case "closed" | "opening":
            return [Task("主持开标", f"{here}/hall", lot, due.get("decryption_ends"), urgent=True)]
        case "opened":
            state = evaluation.evaluation(lot.id)
            return [Task("组建评标委员会" if state is None else "启动评标", f"{here}/evaluation", lot)]
        case "evaluated":
            return [Task("发布中标候选人公示", f"{here}/award", lot)]
        case "publicity":
            held = [o for o in award.objections(lot.id) if o.answered_at is None]
            if held:
                return [Task("答复异议", f"{here}/award", lot, held[0].answer_due, urgent=True)]
            return [Task("公示期满后定标", f"{here}/award", lot, due.get("publicity_ends"))]
        case "awarded":
            result = award.award(lot.id)
            if result and result.contract:
                return []  # the winner's signature is awaited
            what = "签订合同" if result and result.notices_at else "发出通知书并签订合同"
            return [Task(what, f"{here}/award", lot, due.get("contract_due"))]
        case "contracted":
            waiting = any(d.refund_state == "waiting" for d in deposits.of_lot(lot.id))
            return [Task("确认退还中标人保证金", f"{here}/refunds", lot, due.get("refund_due"))] if waiting else []
    return []


def _bidder(actor: Actor, lot: procedures.LotFacts, dealing: UUID) -> list[Task]:
    if lot.standing != "running":
        return []
    here, deadline = f"/lots/{lot.id}", procedures.clock(lot.id, "bid_deadline")
    until = deadline.due if deadline else None
    if lot.phase == "announced":
        found = []
        if tendering.tender(lot.id).deposit_amount and not deposits.secured(dealing, clock.now()):
            found.append(Task("缴纳保证金或提交保函", f"{here}/deposit", lot, until))
        if bidding.bid(dealing) is None:
            found.append(Task("封装并递交投标文件", f"{here}/bid", lot, until))
        else:
            found.append(Task("签到，准备开标", f"{here}/hall", lot, until))
        return found
    mine = bidding.bid(dealing)
    if mine is None:
        return []
    if lot.phase in ("closed", "opening"):
        ends = procedures.clock(lot.id, "decryption_ends")
        hall = opening.opening(lot.id)
        row = next((one for one in opening.board(lot.id) if one.dealing == dealing), None) if hall else None
        if hall and (
            hall.phase == "ended" or (row and row.confirmed_at) or (row and row.state in ("revoked", "withdrawn"))
        ):
            return []
        what = "确认开标记录" if hall and hall.phase == "objections" else "解密投标文件"
        if row and row.state == "decrypted":
            what = "旁听，等待唱标"
        return [Task(what, f"{here}/hall", lot, ends.due if ends and ends.state == "running" else None, urgent=True)]
    result = award.award(lot.id)
    if result and result.winner == actor.organisation and result.contract and not result.contract_signed_at:
        due = procedures.clock(lot.id, "contract_due")
        return [Task("签订合同", f"{here}/award", lot, due.due if due else None, urgent=True)]
    return []


def _expert(actor: Actor, lot_id: UUID) -> list[Task]:
    lot, state = procedures.lot(lot_id), evaluation.evaluation(lot_id)
    if state is None or state.state == "finished" or lot.standing != "running":
        return []
    seat = evaluation.own_seat(lot_id, actor).state
    if seat.recused:
        return []
    steps = (
        ("签到", seat.signed_in_at), ("回避与保密声明", seat.declared_at), ("推选组长", state.chair), ("评审并封存评分", seat.committed_at),
        ("签署评标报告", seat.signed_at),
    )  # fmt: skip
    what = next((label for label, done in steps if not done), "")
    return [Task(what, f"/lots/{lot_id}/evaluation", lot, urgent=True)] if what else []
