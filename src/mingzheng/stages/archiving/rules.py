"""When a file may be closed, how long it is kept, and who may look into it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from mingzheng.kernel.refusal import refusal
from mingzheng.kernel.wording import label

NOT_ENDED = refusal(
    "archiving.not-ended",
    what="本标段还没有结束，不能归档。",
    todo="请在签订合同、流标或终止之后归档。",
    source="GF-6.6",
)
REFUNDS_OPEN = refusal(
    "archiving.refunds-open",
    what="还有 {count} 笔保证金没有退还，归档须写明理由。",
    todo="请等退还完成，或写明理由后归档。",
    source="招标投标法实施条例 57",
)
ALREADY_CLOSED = refusal(
    "archiving.already-closed", what="本标段的档案已经关闭。", todo="请下载归档包。", evidence=False
)
INCOMPLETE = refusal(
    "archiving.incomplete",
    what="档案缺少：{missing}",
    todo="请补齐后归档；确实没有的，须写明理由。",
    source="RG-7.8.2，LN-7.2.5",
)
UNSIGNED = refusal(
    "archiving.report-not-signed",
    what="评标报告的签字不完备：{seats}",
    todo="签字齐全、有效之前不能归档。",
    source="RG-7.8.2",
)
BAD_ITEM = refusal(
    "archiving.bad-item",
    what="“{field}”没有填写或不在可选范围内。",
    todo="纸质件须写明存放位置和扫描件指纹。",
    source="GF-6.6.1",
    status=422,
    evidence=False,
)
RETAINED = refusal(
    "archiving.retained",
    what="保存期到 {until}，在此之前任何人不得销毁。",
    todo="请在保存期满后提出销毁申请。",
    source="RG-7.8.3，GD-08",
)
TOO_SHORT = refusal(
    "archiving.retention-too-short",
    what="保存期不得短于 {least} 年（{rule}）。",
    todo="请填写不少于 {least} 年。",
    source="LN-7.2.5，GD-02",
)
NOT_PROPOSED = refusal(
    "archiving.disposal-not-proposed", what="没有待批准的销毁申请。", todo="请先由档案管理员提出申请。", source="GD-08"
)
TWO_OTHERS = refusal(
    "archiving.two-different-approvers",
    what="销毁须由申请人以外的两个不同的人批准。",
    todo="请由另一人批准。",
    source="GD-08",
)
NO_FILE = refusal(
    "archiving.no-file", what="这个标段的档案还没有关闭。", todo="请在归档后再办理。", status=404, evidence=False
)
NO_PURPOSE = refusal(
    "archiving.no-purpose",
    what="查询须写明用途和要查的目录号。",
    todo="请填写后提交。",
    source="GF-6.8.1",
    status=422,
    evidence=False,
)
NO_ANSWER = refusal(
    "archiving.no-answer",
    what="批准须写明有效期，不批准须写明理由。",
    todo="请填写后提交。",
    source="GF-6.8.1",
    status=422,
    evidence=False,
)
NOT_APPROVED = refusal(
    "archiving.not-approved",
    what="这项查询没有批准、不是您的，或者已经过期。",
    todo="请提出新的查询申请。",
    source="GF-6.8.1",
    status=403,
)
DAMAGED = refusal(
    "archiving.item-damaged",
    what="这份材料与目录里的指纹不一致，不能提供。",
    todo="已提示档案管理员核查，请稍后再查。",
    source="GF-6.8.2",
)

MEDIA = ("electronic", "paper", "recording")
#: The classes of LN-7.2.5-1 in the order of the catalogue.
CATEGORIES: dict[str, str] = {
    "tender_documents": label("招标文件"), "criteria": label("评标标准"), "answers": label("质疑答复"), "bids": label("投标文件"),
    "opening": label("开标活动记录"), "evaluation": label("评标活动记录"), "report": label("评标报告"), "award": label("定标文件"), "contract": label("合同文本"),
    "acceptance": label("验收证明"), "complaints": label("投诉处理决定"), "other": label("其他有关文件、资料"),
}  # fmt: skip
CATEGORY_OF = {
    "tender_notice": "tender_documents", "tender_document": "tender_documents", "clarification": "answers",
    "opening_record": "opening", "opening_witness_record": "opening", "evaluation_witness_record": "evaluation",
    "evaluation_report": "report", "candidate_publicity": "award", "award_notice": "award", "result_notice": "award",
    "result_announcement": "award", "contract": "contract", "acceptance": "acceptance", "complaint_decision": "complaints",
}  # fmt: skip
#: What a lot that came to a phase must have in its file (completeness check).
REQUIRED_FROM: dict[str, tuple[str, ...]] = {
    "announced": ("tender_documents", "criteria"), "opened": ("bids", "opening"), "evaluated": ("evaluation", "report"),
    "awarded": ("award",), "contracted": ("contract",),
}  # fmt: skip
#: Papers that must be there themselves, whatever else is in their class.
REQUIRED_PAPERS: dict[str, tuple[str, ...]] = {
    "announced": ("tender_notice", "tender_document"), "opened": ("opening_record",), "evaluated": ("evaluation_report",),
    "awarded": ("award_notice", "result_announcement"), "contracted": ("contract",),
}  # fmt: skip
WATCH_DAYS = 90  # after its end a lot's file should be closed within so many days


def outcome_of(phase: str, standing: str, has_reason: bool) -> str:
    """The outcome a closed file states; refused while the lot still runs."""
    if standing in ("failed", "terminated"):
        return standing
    if (phase == "contracted" and standing == "running") or (
        phase == "awarded" and standing == "running" and has_reason
    ):
        return "awarded"
    if phase == "archived":
        raise ALREADY_CLOSED()
    raise NOT_ENDED()


def missing(reached: Iterable[str], present: Mapping[str, Iterable[str]]) -> list[str]:
    """Classes and papers the file should have by the phases reached. `present`: class -> kinds of its items."""
    came, kinds = set(reached), {kind for found in present.values() for kind in found}
    gone = [name for phase, names in REQUIRED_FROM.items() if phase in came for name in names if not present.get(name)]
    papers = [
        kind for phase, wanted in REQUIRED_PAPERS.items() if phase in came for kind in wanted if kind not in kinds
    ]
    return [CATEGORIES[name] for name in gone] + [PAPERS[kind] for kind in papers if CATEGORY_OF[kind] not in gone]


PAPERS = {
    "tender_notice": "招标公告", "tender_document": "招标文件", "opening_record": "开标记录", "evaluation_report": "评标报告",
    "award_notice": "中标通知书", "result_announcement": "中标结果公告", "contract": "合同",
}  # fmt: skip


def no_seal(title: str) -> str:
    """How a paper whose seal is still to come stands among what the file lacks."""
    return f"{title}的电子签章"


def may_close(refunds_open: int, gone: list[str], unsigned: list[str], reason: str) -> None:
    """Signatures must be whole; refunds open or lines missing need a recorded reason (RG-7.8.2)."""
    if unsigned:
        raise UNSIGNED(seats="、".join(unsigned))
    if gone and not reason.strip():
        raise INCOMPLETE(missing="、".join(gone))
    if refunds_open and not reason.strip():
        raise REFUNDS_OPEN(count=refunds_open)


def add_years(moment: datetime, years: int) -> datetime:
    """The same day so many years later (29 February becomes 1 March)."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def retain_until(closed: datetime, evaluation_ended: datetime | None, years: int, from_evaluation: int) -> datetime:
    """The later of both periods: from closing the file, and from the end of the evaluation (GD-02, GD-03)."""
    until = add_years(closed, years)
    return max(until, add_years(evaluation_ended, from_evaluation)) if evaluation_ended else until


def may_approve(proposer: UUID, approvals: Iterable[UUID], approver: UUID) -> None:
    if approver == proposer or approver in set(approvals):
        raise TWO_OTHERS()
