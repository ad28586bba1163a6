"""Rules of the committee and its work."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from mingzheng.kernel.refusal import refusal

DIRECT_REASONS = ("技术复杂", "专业性强", "国家有特殊要求")
REPLACEMENT_CAUSES = ("recusal", "desertion", "health")
DECLARATION = "本人与投标人没有利害关系，没有应当回避的情形；对评标过程、投标文件和评审意见严格保密。"

SIZE = refusal(
    "evaluation.committee-size",
    what="评标委员会人数不合规定：{explanation}",
    todo="请调整为五人以上单数。",
    source="招标投标法 37",
)
SHARE = refusal(
    "evaluation.expert-share",
    what="技术、经济专家比例不合规定：{explanation}",
    todo="专家不得少于三分之二，请减少代表或增加专家。",
    source="招标投标法 37",
)
CONFLICT = refusal(
    "evaluation.conflict",
    what="有成员应当回避：{who}",
    todo="请另选人员；回避原因见名单。",
    source="招标投标法实施条例 46",
)
NOT_EXPERT = refusal(
    "evaluation.not-an-expert",
    what="所选人员不在专家库中，或已被占用。",
    todo="请从专家库选择。",
    source="招标投标法 37",
)
NOT_A_REPRESENTATIVE = refusal(
    "evaluation.not-a-representative",
    what="招标人代表应当是招标人或其代理机构的在册人员，每人一席。",
    todo="请从本单位人员中选择；专家由专家库抽取。",
    source="招标投标法 37",
)
REASON_NEEDED = refusal(
    "evaluation.direct-reason-needed",
    what="直接确定专家须有法定理由并写明。",
    todo="请从技术复杂、专业性强、国家有特殊要求中选择一项并说明。",
    source="招标投标法实施条例 47；RG-7.4.1-4",
    status=422,
)
TOO_FEW_EXPERTS = refusal(
    "evaluation.pool-too-small",
    what="符合条件、无须回避的专家只有 {available} 名，不够抽取。",
    todo="请放宽专业条件，或申请直接确定。",
    source="招标投标法实施条例 46",
)
ALREADY_FORMED = refusal(
    "evaluation.already-formed",
    what="本标段的评标委员会已经组成。",
    todo="需要换人请办理更换。",
    source="招标投标法实施条例 48",
)
NOT_A_MEMBER = refusal(
    "evaluation.not-a-member",
    what="您不是本标段评标委员会的成员。",
    todo="请核对评标通知。",
    source="招标投标法 37",
    status=403,
)
NOT_READY = refusal(
    "evaluation.not-ready", what="评标还不能开始：{missing}", todo="请先完成签到、声明和推选组长。", source="LN-7.2.3"
)
DECLARE_FIRST = refusal(
    "evaluation.declare-first",
    what="请先完成回避与保密声明。",
    todo="在席位页阅读声明并签名。",
    source="招标投标法实施条例 46",
)
RECUSED = refusal(
    "evaluation.recused",
    what="您已申请回避，不能参加评审。",
    todo="请离席；招标人将更换成员。",
    source="招标投标法实施条例 46",
)
OUT_OF_RANGE = refusal(
    "evaluation.score-out-of-range",
    what="评分不在评分标准之内：{problem}",
    todo="请按招标文件公布的评分标准打分。",
    source="招标投标法实施条例 49",
    status=422,
)
REPRESENTATIVE_NO_CHAIR = refusal(
    "evaluation.representative-no-chair", what="招标人代表不能担任组长。", todo="请推选一名专家。", source="LN-7.2.3-1"
)
ALREADY_COMMITTED = refusal(
    "evaluation.already-committed",
    what="您的评分已经封存，不能再改。",
    todo="确需修改，由组长写明理由后回退。",
    source="LN-7.2.2",
)
NOT_ALL_COMMITTED = refusal(
    "evaluation.not-all-committed",
    what="还有成员没有封存评分，任何人都看不到他人的评分。",
    todo="请等全体成员封存。",
    source="LN-7.2.2-1",
    status=403,
)
NOTHING_TO_SIGN = refusal(
    "evaluation.nothing-to-sign",
    what="评标报告还没有形成。",
    todo="全体成员封存评分后自动形成。",
    source="招标投标法 40",
)
REPORT_CHANGED = refusal(
    "evaluation.report-changed",
    what="评标报告已经更新，您要签的不是现在这一份。",
    todo="请刷新页面，读过新的报告再签署。",
    source="电子签名法 13；招标投标法 40",
)
ONLY_CHAIR = refusal("evaluation.only-chair", what="这一步由评标委员会组长办理。", todo="请与组长联系。", status=403)
REASON_MISSING = refusal("evaluation.reason-missing", what="须写明理由。", todo="请填写后再提交。", status=422)


def conflicts(employer: str, person_organisation: str, bidders: Iterable[str], owner: str, agency: str) -> list[str]:
    """Why somebody has to stand back: works for a bidder, the procuring entity or the agency (PW-05)."""
    found = []
    units = {employer, person_organisation} - {""}
    if units & set(bidders):
        found.append("bidder")
    if owner in units:
        found.append("procuring_entity")
    if agency and agency in units:
        found.append("agency")
    return found


def check_scores(criteria: Sequence[Any], bids: Sequence[str], scores: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Scores bid -> item -> points as exact text; every scored item of every bid, 0 to full, at most two places (PW-10)."""
    items = {c.id: c for c in criteria if c.kind != "price"}
    checked: dict[str, dict[str, str]] = {}
    if set(scores) - set(bids):
        raise OUT_OF_RANGE(problem="有不在名单上的投标文件")
    for bid in bids:
        given = scores.get(bid, {})
        if not isinstance(given, dict) or set(given) - set(items):
            raise OUT_OF_RANGE(problem="有评分标准以外的项目")
        if set(items) - set(given):
            raise OUT_OF_RANGE(problem=f"还差 {len(set(items) - set(given))} 项没有打分")
        checked[bid] = {item: _points(items[item], points) for item, points in given.items()}
    return checked


def _points(criterion: Any, points: Any) -> str:
    try:
        value = Decimal(str(points))
    except InvalidOperation:
        raise OUT_OF_RANGE(problem=f"{criterion.name} 不是数字") from None
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= criterion.full or (isinstance(exponent, int) and exponent < -2):
        raise OUT_OF_RANGE(problem=f"{criterion.name} 应在 0 到 {criterion.full} 之间，最多两位小数")
    return format(value, "f")


def check_opinions(bids: Sequence[str], opinions: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each member passes each bid or rejects it with a reason (PW-12)."""
    if set(opinions) - set(bids):
        raise OUT_OF_RANGE(problem="有不在名单上的投标文件")
    checked = {}
    for bid in bids:
        one = opinions.get(bid, {"pass": True, "reason": ""})
        if not isinstance(one, dict) or not isinstance(one.get("pass"), bool):
            raise OUT_OF_RANGE(problem="每份投标文件须给出通过或否决")
        reason = str(one.get("reason", "")).strip()
        if not one["pass"] and not reason:
            raise REASON_MISSING()
        checked[bid] = {"pass": one["pass"], "reason": reason[:2000]}
    return checked


def rejections(bids: Sequence[str], all_opinions: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Bids that more than half of the members reject, with the reasons given."""
    found = {}
    for bid in bids:
        against = [o[bid]["reason"] for o in all_opinions if not o[bid]["pass"]]
        if len(against) * 2 > len(all_opinions):
            found[bid] = sorted(set(against))
    return found


def elected(votes: Sequence[int], seats: int) -> tuple[int | None, bool]:
    """(seat elected, tie) once all have voted; a majority of the most votes, a tie begins a new round."""
    if len(votes) < seats:
        return None, False
    ranked = Counter(votes).most_common(2)
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None, True
    return ranked[0][0], False
