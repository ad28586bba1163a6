"""Rules of the consultation desk."""

from datetime import datetime

from mingzheng.kernel import calendar
from mingzheng.kernel.refusal import refusal

CATEGORIES = {
    "approval": "项目审批咨询", "competition": "公平竞争审查咨询", "policy": "政策法规咨询", "trading": "进场交易事项咨询",
    "other": "其他咨询", "complaint": "对服务的投诉", "supervision": "社会监督留言",
}  # fmt: skip
CHANNELS = {"online": "网上", "phone": "电话", "onsite": "现场"}
#: Working days the desk promises an answer in.
ANSWER_DAYS = 2

INCOMPLETE = refusal(
    "consulting.incomplete",
    what="“{field}”没有填写或不在可选范围内。",
    todo="请补充后提交。",
    source="GF-6.1.1",
    status=422,
    evidence=False,
)
STAFF_ONLY = refusal(
    "consulting.staff-only",
    what="电话和现场咨询由中心工作人员登记。",
    todo="请在网上提交。",
    source="GF-6.1.1",
    status=403,
)
NOT_OPEN = refusal(
    "consulting.not-open", what="这条咨询不存在或已经办结。", todo="请刷新页面。", status=404, evidence=False
)
CITATION_NEEDED = refusal(
    "consulting.citation-needed",
    what="政策法规咨询的答复须引用法规库里的至少一部法规。",
    todo="请选择所依据的法规。",
    source="RG-7.1",
    status=422,
)
EXPLANATION_NEEDED = refusal(
    "consulting.explanation-needed",
    what="不属于职责范围的，须解释清楚并写明应向谁咨询。",
    todo="请填写解释和去向。",
    source="GF-6.1.4",
    status=422,
)


def promised(at: datetime) -> datetime:
    """Until when a question asked at `at` is to be answered."""
    return calendar.add_working_days(at, ANSWER_DAYS, label="收到咨询").ends


def public_number(number: str) -> str:
    """A question's number without the letters that are the key to it: what the ledger, which everybody reads, may say."""
    return number.rpartition("-")[0]
