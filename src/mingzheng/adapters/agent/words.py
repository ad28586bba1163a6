"""What the acts of people with hardware keys are called, for the agent's terminal: it knows no page to ask.

An act without a name here is shown by its own, `<stage>.<command>`; a test sees that no act of bidders or experts lacks one.
"""

from typing import Final

_WORDS: Final = {
    "archiving.close_file": "归档 / close the file",
    "award.answer_objection": "答复对中标候选人的异议 / answer an objection to the candidates",
    "award.decide_award": "确定中标人 / decide the award",
    "award.issue_notices": "发出中标通知 / issue the award notices",
    "award.object_to_result": "对中标候选人提出异议 / object to the candidates",
    "award.offer_contract": "提交合同 / offer the contract",
    "award.publish_candidates": "公示中标候选人 / publish the candidates",
    "award.sign_contract": "签订合同 / sign the contract",
    "bidding.submit_bid": "递交投标文件 / submit a bid",
    "bidding.withdraw_bid": "撤回投标文件 / withdraw a bid",
    "deposits.confirm_refund": "确认退还保证金 / confirm the refund of a deposit",
    "deposits.lodge_guarantee": "提交保函 / lodge a guarantee",
    "evaluation.commit_scores": "提交评分 / hand in scores",
    "evaluation.declare": "声明回避与承诺 / declare conflicts of interest",
    "evaluation.form_committee": "组建评标委员会 / form the committee",
    "evaluation.roll_back": "退回评标步骤 / take a step of the evaluation back",
    "evaluation.sign_report": "签署评标报告 / sign the evaluation report",
    "evaluation.start_evaluation": "开始评标 / start the evaluation",
    "opening.answer_objection": "答复开标异议 / answer an objection at the opening",
    "opening.confirm_record": "确认开标记录 / confirm the opening record",
    "opening.end_opening": "结束开标 / end the opening",
    "opening.raise_objection": "对开标提出异议 / object at the opening",
    "opening.read_bids": "公布报价 / read the bids",
    "opening.release_key": "解密本单位投标文件 / decrypt one's own bid",
    "opening.rule_on_bid": "裁定投标文件 / rule on a bid",
    "opening.start_decryption": "开始解密 / start the decryption",
    "parties.authorise_agency": "委托代理机构 / authorise an agency",
    "parties.enrol_certificate": "登记数字证书 / enrol a certificate",
    "parties.revoke_authorisation": "撤销委托 / revoke an authorisation",
    "procedures.publish_tender_plan": "发布招标计划 / publish a tender plan",
    "procedures.submit_registration": "提交项目登记 / submit a registration",
    "tendering.enrol": "获取招标文件（登记参加）/ enrol",
    "tendering.file_complaint": "提出投诉 / file a complaint",
    "tendering.object_to_documents": "对招标文件提出异议 / object to the documents",
    "tendering.postpone_deadline": "延期 / postpone the deadline",
    "tendering.publish_clarification": "发布澄清或修改 / publish a clarification",
    "tendering.publish_notice": "发布招标公告 / publish the notice",
}


def said_of(act: str) -> str:
    """The act in plain words, Chinese and English; its own name where there are none."""
    return _WORDS.get(act, "业务 / act")
