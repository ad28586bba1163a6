"""Rules of publicity, award and contract."""

from datetime import datetime

from mingzheng.kernel.refusal import refusal

OTHER_CANDIDATE_REASONS = ("放弃中标", "不可抗力不能履行合同", "未提交履约保证金", "被查实存在影响中标结果的违法行为")

PUBLICITY_SHORT = refusal(
    "award.publicity-too-short",
    what="公示期不合规定：{explanation}",
    todo="公示不得早于 {earliest} 结束。",
    source="招标投标法实施条例 54",
)
NO_REPORT = refusal(
    "award.no-report",
    what="评标报告还没有签署完成。",
    todo="请等评标委员会全体成员签署。",
    source="招标投标法实施条例 54",
)
PUBLICITY_RUNNING = refusal(
    "award.publicity-running",
    what="公示期到 {ends} 才届满，现在不能定标。",
    todo="请等公示期满；期间如有异议，须先答复。",
    source="招标投标法实施条例 54",
)
OUTSIDE_PUBLICITY = refusal(
    "award.outside-publicity",
    what="对评标结果的异议只能在公示期内提出。",
    todo="公示期以外的事项可以投诉。",
    source="招标投标法实施条例 54",
)
NOT_A_BIDDER = refusal(
    "award.not-a-bidder",
    what="只有本标段的投标人可以对评标结果提出异议。",
    todo="其他利害关系人请向监督部门反映。",
    source="招标投标法实施条例 54",
    status=403,
)
OBJECTION_CLOSED = refusal("award.objection-closed", what="没有这件待答复的异议。", todo="请刷新页面。", evidence=False)
ANSWER_NEEDED = refusal(
    "award.answer-needed", what="须在系统内写明答复。", todo="请填写答复内容。", source="RG-7.7.1", status=422
)
NOT_A_CANDIDATE = refusal(
    "award.not-a-candidate",
    what="所选单位不是公示的中标候选人。",
    todo="请在公示的候选人中确定中标人。",
    source="招标投标法实施条例 55",
)
NOT_FIRST = refusal(
    "award.not-the-first",
    what="应当确定排名第一的候选人；选择其他候选人须有法定原因。",
    todo="请从列明的原因中选择并说明。",
    source="招标投标法实施条例 55",
    status=422,
)
NOT_THE_WINNER = refusal("award.not-the-winner", what="贵单位不是中标人。", todo="请核对结果通知。", status=403)
CONTRACT_CHANGED = refusal(
    "award.contract-changed",
    what="合同已经更新，您要签的不是现在这一份。",
    todo="请刷新页面，读过新的合同再签署。",
    source="电子签名法 13；招标投标法 46",
)
NO_OFFER = refusal("award.no-offer", what="招标人还没有签署合同。", todo="请等招标人先签署。", source="招标投标法 46")
NOTHING_DECIDED = refusal("award.nothing-decided", what="还没有定标。", todo="请先确定中标人。", source="招标投标法 45")


def publicity_over(at: datetime, ends: datetime) -> None:
    """No award before the publicity has ended (GS-02)."""
    if at < ends:
        raise PUBLICITY_RUNNING(ends=ends)


def may_choose(rank: int, reason: str) -> None:
    """The first candidate, or another with a legal reason (GS-05)."""
    if rank != 1 and not any(reason.startswith(known) for known in OTHER_CANDIDATE_REASONS):
        raise NOT_FIRST()
