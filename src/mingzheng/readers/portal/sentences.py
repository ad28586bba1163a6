"""How a public event reads in a timeline: title and sentence, Chinese gettext sources with {facts}."""

from typing import Any

from django.utils.translation import gettext_noop as label

from mingzheng.kernel.event import body_of
from mingzheng.stages.procedures.rules import PARTS

LINES: dict[str, tuple[str, str]] = {
    "procedures.lot-registered": (label("项目登记完成"), label("标段编号 {section_code}")),
    "procedures.person-appointed": (label("指定人员"), label("{part}")),
    "tendering.notice-published": (label("招标公告发布"), label("投标截止（开标）{bid_deadline}")),
    "tendering.clarification-published": (label("澄清发布"), ""),
    "tendering.deadline-postponed": (label("投标截止时间推迟"), ""),
    "tendering.media-received": (label("法定媒介已接收"), label("{medium}")),
    "procedures.draw-seed-committed": (
        label("抽取种子的承诺公布"),
        label("第 {number} 个种子的摘要先行公布，抽取后可复算"),
    ),
    "bidding.sealing-terms-fixed": (label("加密参数确定"), ""),
    "bidding.bidding-closed": (label("投标截止"), label("{count} 家递交投标文件")),
    "opening.hall-opened": (label("开标大厅开启"), label("比预定晚 {delay_seconds} 秒")),
    "opening.decryption-started": (label("解密开始"), label("时限 {minutes} 分钟，至 {ends}")),
    "opening.decryption-extended": (label("解密时限延长"), label("至 {ends}：{reason}")),
    "opening.key-released": (label("投标文件已解密"), label("{bidder_name}")),
    "opening.bid-contradicts-seal": (label("解密内容与封条不符"), ""),
    "opening.bid-ruled-on": (label("未解密的判定"), label("{bidder_name}：{reason}")),
    "opening.parameters-drawn": (label("评标参数抽取"), label("种子与结果公开，可复算")),
    "opening.bids-read": (label("唱标"), label("全部投标人的报价一并公布")),
    "opening.objection-raised": (label("当场异议"), label("{bidder_name}：{text}")),
    "opening.objection-answered": (label("当场答复"), label("{text}")),
    "opening.record-confirmed": (label("确认开标记录"), label("{bidder_name}")),
    "opening.words-said": (label("{speaker}"), label("{text}")),
    "opening.opening-ended": (label("开标结束"), label("{readable} 家唱标")),
    "evaluation.committee-announced": (
        label("评标委员会组成"),
        label("{seats} 人，其中专家 {experts} 人；名单在结果确定前保密"),
    ),
    "evaluation.evaluation-started": (label("评标开始"), label("{seats} 人到齐")),
    "evaluation.evaluation-finished": (label("评标报告签署完成"), ""),
    "award.candidates-published": (label("中标候选人公示"), label("公示至 {ends}")),
    "award.objection-raised": (label("收到对评标结果的异议"), label("{answer_due} 前答复，答复前不定标")),
    "award.objection-answered": (label("异议已答复"), ""),
    "award.publicity-confirmed": (label("公示期满"), ""),
    "award.award-decided": (label("定标"), label("{winner_name}，{amount} 元")),
    "award.notices-issued": (label("中标通知书与结果通知同时发出"), ""),
    "award.contract-signed": (label("合同签订"), label("{amount} 元")),
    "procedures.lot-suspended": (label("暂停"), label("{reason}（{basis}）")),
    "procedures.lot-resumed": (label("恢复"), label("{decision}")),
    "procedures.lot-terminated": (label("终止招标"), label("{reason}（{basis}）")),
    "procedures.lot-failed": (label("流标"), label("{cause}")),
    "archiving.file-closed": (label("归档"), label("归档包自带验证程序")),
}
SHOWN = (
    "bidder_name", "medium", "minutes", "ends", "reason", "delay_seconds", "text", "speaker", "readable", "seats",
    "experts", "answer_due", "winner_name", "amount", "basis", "decision", "cause", "section_code", "bid_deadline", "role", "number",
)  # fmt: skip
CAUSES = {"few_bidders": label("投标人少于三个"), "all_rejected": label("全部投标被否决")}


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
    if kind == "procedures.person-appointed":
        facts["part"] = PARTS.get(str(body["part"]), body["part"])
    return title, sentence, facts
