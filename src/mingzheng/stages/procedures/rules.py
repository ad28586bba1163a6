"""Rules about standing, parts and registration. Pure: facts in, refusal out."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from mingzheng.kernel import calendar
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import refusal
from mingzheng.kernel.wording import label

RUNNING, SUSPENDED, TERMINATED, FAILED, CLOSED = "running", "suspended", "terminated", "failed", "closed"

PHASES = (
    "registered", "announced", "closed", "opening", "opened", "evaluation", "evaluated", "publicity",
    "awarded", "contracted", "archived",
)  # fmt: skip

LOT_SUSPENDED = refusal(
    "procedures.lot-suspended",
    what="本标段已暂停，全部环节停止办理。",
    todo="请等待恢复通知；您的时限同时停止计算。",
    source="GF-6.5.5",
)
LOT_ENDED = refusal(
    "procedures.lot-ended",
    what="本标段已经结束，不能再办理。",
    todo="请查看结果或终止公告。",
    source="招标投标法实施条例 31",
)
WRONG_PHASE = refusal(
    "procedures.wrong-phase",
    what="现在还不到（或已经过了）这一步。",
    todo="请按流程顺序办理，当前环节见页面上方。",
    source="RG-6.1",
)
HELD = refusal(
    "procedures.held", what="这一步被拦住了：{because}", todo="解除条件：{lifted_by}", source="招标投标法实施条例 54"
)
NOT_OWNER = refusal(
    "procedures.not-owner",
    what="只有本项目的招标人或其授权的代理机构能做这件事。",
    todo="请由招标人办理，或先取得有效授权。",
    source="RG-7.1-5",
    status=403,
)
NOT_APPOINTED = refusal(
    "procedures.not-appointed",
    what="您不是本标段指定的{part}。",
    todo="请由招标人或中心先行指定。",
    source="LN-3.11",
    status=403,
)
MISSING_FIELDS = refusal(
    "procedures.missing-fields",
    what="以下内容没有填写：{fields}",
    todo="请一次补齐后提交，已填内容都保留着。",
    source="GF-6.2.1",
    status=422,
    evidence=False,
)
ITEMS_NEEDED = refusal(
    "procedures.items-needed",
    what="退回登记必须一次列明全部需要补正的材料。",
    todo="请逐项填写。",
    source="GF-6.2.2",
    status=422,
)
LATE_ITEM_NEEDS_REASON = refusal(
    "procedures.late-item-needs-reason",
    what="“{items}”不在第一次告知的清单里，再次要求须说明理由。",
    todo="请填写理由，系统会计数并提示负责人。",
    source="GF-6.2.2",
    status=422,
)
SERVICE_RESPONSIBLE_NEEDED = refusal(
    "procedures.service-responsible-needed",
    what="登记完成前须指定服务责任人。",
    todo="请选择一名中心工作人员。",
    source="GF-6.2.4",
    status=422,
)
REASON_AND_BASIS_NEEDED = refusal(
    "procedures.reason-and-basis-needed",
    what="须同时写明原因和依据。",
    todo="请填写后再提交。",
    source="LN-9-2-4",
    status=422,
)
NO_SUCH_LOT = refusal(
    "procedures.no-such-lot", what="没有找到这个标段。", todo="请核对链接。", status=404, evidence=False
)
WRONG_STATE = refusal(
    "procedures.wrong-state", what="登记目前的状态不允许这样做。", todo="请刷新页面查看最新状态。", source="GF-6.2.1"
)
NOT_CENTRE_WITNESS = refusal(
    "procedures.witness-not-of-centre",
    what="见证人须是交易中心的工作人员。",
    todo="请另选一名中心见证人员。",
    source="LN-3.12",
)
CONFLICTING_PARTS = refusal(
    "procedures.conflicting-parts", what="同一人不能在同一标段兼任{parts}。", todo="请另选一人。", source="ZB-4.6.2"
)
NO_TEMPLATE = refusal(
    "procedures.kind-without-template",
    what="没有“{kind}”的流程模板，不能登记。",
    todo="请选择已启用的交易类别。",
    source="GF-4.2.2-2",
    status=422,
)
NOT_RETENDERABLE = refusal(
    "procedures.not-retenderable",
    what="只有流标或终止的标段可以重新招标。",
    todo="请核对原标段的状态。",
    source="招标投标法 28",
)

#: The draw of evaluation experts: its seed is committed to with the notice, before a bidder or a conflict is known.
EXPERTS = "experts"
#: Working days the centre promises to complete a registration in (服务承诺; GF-6.2.3, GF-10.2).
REGISTRATION_DAYS = 1

REGISTRATION_FIELDS = {
    "name": label("项目名称"),
    "content": label("招标内容"),
    "approval": label("审批核准文件号"),
    "funds": label("资金来源"),
    "location": label("建设地点"),
    "region": label("行政区划代码"),
    "supervision_department": label("监督部门"),
    "contact": label("联系人"),
    "phone": label("联系电话"),
}
#: The same from project to project: taken over from the newest registration (GF-4.1.2).
REPEATED_FIELDS = ("region", "supervision_department", "contact", "phone")
#: The parts a person takes in one lot, as they are called.
PARTS = {"host": label("主持人"), "witness": label("见证人"), "supervisor": label("监督人员")}
EXCLUSIVE_PARTS = ({"witness", "supervisor"}, {"witness", "host"}, {"supervisor", "host"})


def missing(content: dict[str, str], lots: Iterable[dict[str, object]]) -> list[str]:
    """Labels of all mandatory fields left empty, told at once (GF-6.1.2-2)."""
    gone = [
        label
        for name, label in REGISTRATION_FIELDS.items()
        if name != "approval" and not str(content.get(name, "")).strip()
    ]
    lots = list(lots)
    if not lots:
        gone.append("至少一个标段")
    for number, lot in enumerate(lots, start=1):
        if not str(lot.get("name", "")).strip():
            gone.append(f"{number:02d} 标段名称")
        if not str(lot.get("estimate", "")).strip():
            gone.append(f"{number:02d} 标段合同估算价")
    return gone


def prompts(content: dict[str, str]) -> list[str]:
    """What the registration should make the centre and the applicant look at; never a refusal (GF-6.2.2, P-01)."""
    found = []
    if not str(content.get("approval", "")).strip():
        found.append("未填写审批核准文件号，依法需要审批、核准的项目请补充。")
    return found


def promised(since: datetime) -> datetime:
    """Until when a registration handed in at `since` is to be completed: the end of the last promised working day."""
    return calendar.add_working_days(since, REGISTRATION_DAYS, label="提交登记").ends


def on_time_rate(taken: Iterable[tuple[datetime, datetime]]) -> Decimal | None:
    """Percent of cases done by their promise; `taken` are (promised, done or now). None without cases (GF-10.2-2)."""
    cases = list(taken)
    if not cases:
        return None
    kept = sum(done < due for due, done in cases)
    return (Decimal(100) * kept / len(cases)).quantize(Decimal("0.1"))


def may_return(items: list[str], earlier: list[str], reason: str) -> list[str]:
    """The late ones among `items`; refused without items, and for late items without a reason (GF-6.2.2)."""
    if not items or any(not item.strip() for item in items):
        raise ITEMS_NEEDED()
    late = [item for item in items if item not in earlier] if earlier else []
    if late and not reason.strip():
        raise LATE_ITEM_NEEDS_REASON(items="、".join(late))
    return late


def owns(actor: Actor, procuring_entity: UUID, agency: UUID | None, authorised: bool) -> bool:
    """The procuring entity itself, or its agency while the authorisation is in force (RG-7.1-5)."""
    if actor.organisation is None or not actor.has("procuring_entity", "agency"):
        return False
    return actor.organisation == procuring_entity or (actor.organisation == agency and authorised)


def may_stand(standing: str, while_suspended: bool) -> None:
    """Refuse an act on a lot that is not running."""
    if standing == SUSPENDED and not while_suspended:
        raise LOT_SUSPENDED()
    if standing in (TERMINATED, FAILED, CLOSED):
        raise LOT_ENDED()


def may_appoint(part: str, person: UUID, held: dict[str, UUID], is_centre_witness: bool) -> None:
    """One person does not watch what he does himself (ZB-4.6.2); a witness is staff of the centre (LN-3.12)."""
    if part == "witness" and not is_centre_witness:
        raise NOT_CENTRE_WITNESS()
    for pair in EXCLUSIVE_PARTS:
        if part in pair:
            for other in pair - {part}:
                if held.get(other) == person:
                    raise CONFLICTING_PARTS(parts="、".join(PARTS[one] for one in sorted(pair)))


def may_retender(standing: str) -> None:
    """Only what failed or was terminated is tendered again."""
    if standing not in (FAILED, TERMINATED):
        raise NOT_RETENDERABLE()
