"""How a public event reads in a timeline: title and sentence, Chinese gettext sources with {facts}."""

from typing import Any

from mingzheng.kernel.event import body_of

N = str  # marks gettext sources

LINES: dict[str, tuple[str, str]] = {
    "procedures.lot-registered": (N("项目登记完成"), N("标段编号 {section_code}")),
    "procedures.person-appointed": (N("指定人员"), ""),
    "tendering.notice-published": (N("招标公告发布"), N("投标截止（开标）{bid_deadline}")),
    "tendering.clarification-published": (N("澄清发布"), ""),
    "tendering.deadline-postponed": (N("投标截止时间推迟"), ""),
    "tendering.media-received": (N("法定媒介已接收"), N("{medium}")),
    "procedures.draw-seed-committed": (
        N("抽取种子的承诺公布"),
        N("第 {number} 个种子的摘要先行公布，抽取后可复算"),
    ),
    "bidding.sealing-terms-fixed": (N("加密参数确定"), ""),
    "bidding.bidding-closed": (N("投标截止"), N("{count} 家递交投标文件")),
    "opening.hall-opened": (N("开标大厅开启"), N("比预定晚 {delay_seconds} 秒")),
    "opening.decryption-started": (N("解密开始"), N("时限 {minutes} 分钟，至 {ends}")),
    "opening.decryption-extended": (N("解密时限延长"), N("至 {ends}：{reason}")),
    "opening.key-released": (N("投标文件已解密"), N("{bidder_name}")),
    "opening.bid-contradicts-seal": (N("解密内容与封条不符"), ""),
    "opening.bid-ruled-on": (N("未解密的判定"), N("{bidder_name}：{reason}")),
    "opening.parameters-drawn": (N("评标参数抽取"), N("种子与结果公开，可复算")),
    "opening.bids-read": (N("唱标"), N("全部投标人的报价一并公布")),
    "opening.objection-raised": (N("当场异议"), N("{bidder_name}：{text}")),
    "opening.objection-answered": (N("当场答复"), N("{text}")),
    "opening.record-confirmed": (N("确认开标记录"), N("{bidder_name}")),
    "opening.words-said": (N("{speaker}"), N("{text}")),
    "opening.opening-ended": (N("开标结束"), N("{readable} 家唱标")),
    "evaluation.committee-announced": (
        N("评标委员会组成"),
        N("{seats} 人，其中专家 {experts} 人；名单在结果确定前保密"),
    ),
    "evaluation.evaluation-started": (N("评标开始"), N("{seats} 人到齐")),
    "evaluation.evaluation-finished": (N("评标报告签署完成"), ""),
    "award.candidates-published": (N("中标候选人公示"), N("公示至 {ends}")),
    "award.objection-raised": (N("收到对评标结果的异议"), N("{answer_due} 前答复，答复前不定标")),
    "award.objection-answered": (N("异议已答复"), ""),
    "award.publicity-confirmed": (N("公示期满"), ""),
    "award.award-decided": (N("定标"), N("{winner_name}，{amount} 元")),
    "award.notices-issued": (N("中标通知书与结果通知同时发出"), ""),
    "award.contract-signed": (N("合同签订"), N("{amount} 元")),
    "procedures.lot-suspended": (N("暂停"), N("{reason}（{basis}）")),
    "procedures.lot-resumed": (N("恢复"), N("{decision}")),
    "procedures.lot-terminated": (N("终止招标"), N("{reason}（{basis}）")),
    "procedures.lot-failed": (N("流标"), N("{cause}")),
    "archiving.file-closed": (N("归档"), N("归档包自带验证程序")),
}
SHOWN = (
    "bidder_name", "medium", "minutes", "ends", "reason", "delay_seconds", "text", "speaker", "readable", "seats",
    "experts", "answer_due", "winner_name", "amount", "basis", "decision", "cause", "section_code", "bid_deadline", "role", "number",
)  # fmt: skip
CAUSES = {"few_bidders": N("投标人少于三个"), "all_rejected": N("全部投标被否决")}


def line(kind: str, event: Any) -> tuple[str, str, dict[str, Any]] | None:
    """(title, sentence, facts) of a public event, None for what is not told."""
    if kind not in LINES:
        return None
    title, sentence = LINES[kind]
    body = body_of(event)
    facts = {name: body[name] for name in SHOWN if body.get(name) not in (None, "")}
    for name in ("ends", "answer_due", "bid_deadline"):
        if name in facts:
            facts[name] = str(facts[name])[:16].replace("T", " ")
    if "bids" in body:
        facts["count"] = len(body["bids"])
    if facts.get("cause") in CAUSES:
        facts["cause"] = CAUSES[str(facts["cause"])]
    return title, sentence, facts
