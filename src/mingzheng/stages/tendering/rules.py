"""Rules of notices, documents, enrolment and clarification: facts in, refusal out."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Protocol

from mingzheng.kernel import digest as digests
from mingzheng.kernel.refusal import Need, refusal
from mingzheng.kernel.wording import label

NOT_PUBLISHED = refusal(
    "tendering.not-published",
    what="本标段还没有发布招标公告。",
    todo="请等待公告发布。",
    source="招标投标法 16",
    status=404,
    evidence=False,
)
PUBLISHED_ALREADY = refusal(
    "tendering.published-already",
    what="招标公告已经发布，不能重复发布。",
    todo="需要改动的，请发布澄清修改。",
    source="招标投标法 23",
)
CONFIRMATION_NEEDED = refusal(
    "tendering.confirmation-needed",
    what="发布前须确认：信息内容真实、准确、完整。",
    todo="请阅读提示并勾选确认后再签名发布。",
    source="RG-7.2.2；招标公告和公示信息发布管理办法 10",
    status=422,
)
BREAKS_RULES = refusal(
    "tendering.breaks-rules",
    what="招标文件不符合法定要求：{findings}",
    todo="请按所列规则改正后再发布，已填内容都保留着。",
    source="GF-4.2.1",
)
REASON_NEEDED = refusal(
    "tendering.reason-needed",
    what="以下规则的检查没有通过：{findings}",
    todo="请改正；确有理由的，由招标人逐条写明理由后发布，理由与招标人签名一并存证。",
    source="GF-4.2.1；P-01",
)
FIELD_WRONG = refusal(
    "tendering.field-wrong",
    what="“{field}”填写有误：{problem}",
    todo="请改正后再提交，其余内容都保留着。",
    status=422,
    evidence=False,
)
METHOD_WRONG = refusal(
    "tendering.method-wrong",
    what="评标办法不成立：{problem}",
    todo="请改正评审因素和分值。",
    source="招标投标法实施条例 49",
    status=422,
)
NO_TEMPLATE = refusal(
    "tendering.no-such-template",
    what="没有“{template}”这个标准文本。",
    todo="请从文本库中选择。",
    source="GF-6.2.5-1",
    status=422,
    evidence=False,
)
TOO_LATE = refusal(
    "tendering.too-late", what="投标截止时间 {deadline} 已过。", todo="本标段不再接受这一操作。", source="招标投标法 28"
)
QUESTIONS_OVER = refusal(
    "tendering.questions-over",
    what="提问截止时间 {deadline} 已过。",
    todo="对招标文件仍有异议的，请在投标截止时间 10 日前书面提出异议。",
    source="招标投标法实施条例 22",
)
NOT_ENROLLED = refusal(
    "tendering.not-enrolled",
    what="您还没有参加本标段。",
    todo="请先获取招标文件或登记参加，无须审核。",
    source="电子招标投标办法 20",
)
ENROLLED_ALREADY = refusal(
    "tendering.enrolled-already", what="您已经参加本标段。", todo="不需要重复登记。", status=409, evidence=False
)
NO_SUCH_QUESTION = refusal(
    "tendering.no-such-question", what="没有这个问题，或已经答复。", todo="请刷新页面。", status=404, evidence=False
)
NOTHING_TO_SAY = refusal(
    "tendering.nothing-to-say", what="澄清须有答复或修改内容。", todo="请填写后再发布。", status=422, evidence=False
)
EXTENSION_NEEDED = refusal(
    "tendering.extension-needed",
    what="这次澄清可能影响投标文件编制，距投标截止不足规定时间：{finding}",
    todo="请同时顺延投标截止时间，不早于 {proposal}。",
    source="招标投标法 23；招标投标法实施条例 21",
)
NOT_LATER = refusal(
    "tendering.not-later",
    what="新的投标截止时间须晚于原定的 {deadline}。",
    todo="请另选时间。",
    source="招标投标法 23",
    status=422,
)
REASON_MISSING = refusal(
    "tendering.reason-missing", what="须写明理由。", todo="请填写后再提交。", status=422, evidence=False
)
NOT_A_PAPER = refusal(
    "tendering.not-a-paper-of-the-lot",
    what="这份文件不属于本标段，或不公开。",
    todo="请从本标段的文件列表下载。",
    status=404,
    evidence=False,
)

NO_SUCH_CASE = refusal(
    "tendering.no-such-case", what="没有这件待办理的异议或投诉。", todo="请刷新页面。", status=404, evidence=False
)
ANSWER_NEEDED = refusal(
    "tendering.answer-needed",
    what="办结须在系统内写明答复或处理决定。",
    todo="请填写后再提交。",
    source="RG-7.7.1-4",
    status=422,
)
ASSISTANCE_NEEDED = refusal(
    "tendering.assistance-needed",
    what="还没有核查协助记录，不能录入处理结果。",
    todo="请先由中心工作人员记录核查情况和材料。",
    source="GF-6.4.2-2",
)
REASON_FOR_REFUSAL = refusal(
    "tendering.reason-for-refusal",
    what="不予受理须书面说明理由。",
    todo="请填写理由。",
    source="工程建设项目招标投标活动投诉处理办法 11",
    status=422,
)
WRONG_DIGEST = refusal(
    "tendering.wrong-digest",
    what="材料摘要应为算法名（sha256: 或 sm3:）加 64 位十六进制数。",
    todo="请重新选择文件。",
    status=422,
    evidence=False,
)
SUBJECTS = {
    "notice": label("招标公告"),
    "documents": label("招标文件"),
    "opening": label("开标"),
    "evaluation": label("评标"),
    "result": label("中标结果"),
}

CONFIRMATION_VERSION = "2026.1"
CONFIRMATION = (
    "招标人对所发布的招标公告和招标文件内容的真实性、准确性、完整性负责。"
    "请逐项核对项目名称、招标范围、资格要求、时间、金额和联系方式；发布后各媒介内容须保持一致，"
    "交易中心不对交易文件进行审批、核准、备案。"
)
AMENDMENT_RULES = ("BZ-01", "BZ-02", "ZB-15", "ZB-16")  # what changed fields of published documents can break


class Found(Protocol):
    """A finding of the rule pack as these rules see it."""

    @property
    def rule(self) -> str: ...
    @property
    def explanation(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def refuses(self) -> bool: ...
    @property
    def needs_reason(self) -> bool: ...


def lead_hours() -> int:
    """How long before an opening owner and host are told to prepare (MINGZHENG_PREPARATION_HOURS; GF-6.5.1-2)."""
    return int(os.environ.get("MINGZHENG_PREPARATION_HOURS", "24"))


def confirmed(version: str) -> dict[str, str]:
    """The confirmation as it is kept: text version and digest. Refused for any text but the one in force (RG-7.2.2)."""
    if version != CONFIRMATION_VERSION:
        raise CONFIRMATION_NEEDED()
    return {"version": version, "digest": digests.of(CONFIRMATION.encode())}


def may_publish(findings: Iterable[Found], reasons: Mapping[str, str]) -> None:
    """Refuse what the law tells the platform to refuse; ask the owner's reason for the rest (P-01)."""
    listed = list(findings)
    broken = [one for one in listed if one.refuses]
    if broken:
        raise BREAKS_RULES(_needs(listed), findings=_told(broken), rules=[one.rule for one in broken])
    silent = [one for one in listed if one.needs_reason and not str(reasons.get(one.rule, "")).strip()]
    if silent:
        raise REASON_NEEDED(_needs(listed), findings=_told(silent), rules=[one.rule for one in silent])


def _told(findings: list[Found]) -> str:
    return "；".join(f"{one.explanation}（{one.source}）" for one in findings)


def _needs(findings: list[Found]) -> tuple[Need, ...]:
    return tuple(
        Need(f"{one.explanation}（{one.source}）", not (one.refuses or one.needs_reason), "招标人") for one in findings
    )


def in_time(at: datetime, deadline: datetime | None) -> None:
    """Before the deadline, to the microsecond."""
    if deadline is not None and at >= deadline:
        raise TOO_LATE(deadline=deadline)


def may_clarify(
    finding: Found, *, affects_bids: bool, old: datetime, new: datetime | None, proposal: datetime | None
) -> None:
    """A clarification that affects bids and comes too late is published with a later deadline or not at all (ZB-13)."""
    if new is not None and new <= old:
        raise NOT_LATER(deadline=old)
    if affects_bids and finding.refuses:
        raise EXTENSION_NEEDED(finding=finding.explanation, proposal=proposal, rule=finding.rule)


def default_deposit(estimate: Decimal, ratio: Decimal, cap: Decimal) -> Decimal:
    """A deposit the law allows: the ratio of the estimate, at most the cap, in whole thousands (or hundredths) down."""
    most = min(estimate * ratio, cap)
    step = Decimal(1000) if most >= 1000 else Decimal("0.01")
    return (most / step).to_integral_value(ROUND_DOWN) * step
