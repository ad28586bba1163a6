"""One set of facts for every kind of paper: a made-up works tender of a made-up city."""

from __future__ import annotations

from typing import Any

_HEX = "9f3c61d2a07e41be5d0c7f18b2a49e6371c85d3fa0b64e92d7135c8e40f6a23b"
_FINGERPRINT = "SHA-256 3A:7F:19:C4:52:E8:0B:96:D1:4E:A3:77:60:2C:F9:85:1B:DE:48:33:9A:05:C6:7D:E2:84:1F:50:BB:29:6E:C7"


def _common(number: str, at: str) -> dict[str, Any]:
    return {
        "document_number": number,
        "procedure_name": "云州市第二污水处理厂扩建工程",
        "procedure_code": "A01370100202600000417",
        "lot_name": "一标段：土建及安装工程",
        "lot_code": "A01370100202600000417001",
        "issuer": "云州市城市水务发展有限公司",
        "issued_at": at,
        "centre": "云州市公共资源交易中心",
        "verification_url": "https://ggzy.yunzhou.example/verify/" + number[-6:],
        "entry": f"sha256:{_HEX}",
    }


def signer(name: str, role: str, at: str, opinion: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "role": role,
        "at": at,
        "certificate": _FINGERPRINT,
        "entry": f"sha256:{_HEX}",
        "opinion": opinion,
    }


CONTACTS = [
    {
        "role": "招标人",
        "name": "云州市城市水务发展有限公司",
        "address": "云州市澄江区清水路 18 号",
        "person": "林工",
        "phone": "0000-5550117",
    },
    {
        "role": "招标代理机构",
        "name": "云州正衡工程咨询有限公司",
        "address": "云州市澄江区科创大道 6 号 4 层",
        "person": "苏工",
        "phone": "0000-5550126",
        "email": "su@zhengheng.example",
    },
]
_MEDIA = ["中国招标投标公共服务平台", "云州省公共资源交易网"]
_BIDDERS = [
    "甲市政工程有限公司",
    "乙建设集团股份有限公司",
    "丙水务建设有限公司",
    "丁环境工程（云州）有限责任公司",
    "戊安装工程有限公司",
]
_PRICES = ["178260000.00", "181045300.50", "176842300.00", "179999999.99", "183500000"]


def _candidates() -> list[dict[str, Any]]:
    return [
        {
            "rank": i + 1,
            "bidder": _BIDDERS[n],
            "price": _PRICES[n],
            "score": score,
            "period": "540 日历天",
            "quality": "合格",
            "leader": leader,
            "leader_certificate": f"云1372026{1000 + n}",
            "qualifications": "市政公用工程施工总承包壹级；近五年类似业绩 3 项；信誉符合要求",
        }
        for i, (n, score, leader) in enumerate([(2, "93.46", "陈一鸣"), (0, "91.20", "周立"), (3, "88.75", "欧阳明远")])
    ]


def tender_plan() -> dict[str, Any]:
    return _common("云水招计〔2026〕003号", "2026-03-02T09:00:00+08:00") | {
        "lot_name": "",
        "lot_code": "",
        "procuring_entity": "云州市城市水务发展有限公司",
        "location": "云州市澄江区下游路以东、澄江以北",
        "scale": "扩建规模 8 万立方米/日，新建生物反应池、二沉池、深度处理车间及配套管网，出水执行一级 A 标准。",
        "funds": "财政资金 60%，企业自筹 40%",
        "investment": "326800000",
        "investment_code": "2601-370100-04-01-417263",
        "supervisor": "云州市住房和城乡建设局",
        "lots": [
            {
                "name": "一标段：土建及安装工程",
                "content": "构筑物、建筑物、工艺管道及设备安装",
                "method": "公开招标",
                "expected": "2026-04-02",
                "estimate": "186000000",
            },
            {
                "name": "二标段：监理",
                "content": "施工阶段及缺陷责任期监理服务",
                "method": "公开招标",
                "expected": "2026-04-10",
                "estimate": "3200000",
            },
        ],
        "contacts": CONTACTS,
    }


def tender_notice() -> dict[str, Any]:
    return _common("云水招告〔2026〕0417号", "2026-04-02T09:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "approval": "云发改投资〔2026〕12号",
        "approver": "云州市发展和改革委员会",
        "funds": "财政资金 60%，企业自筹 40%",
        "location": "云州市澄江区下游路以东、澄江以北",
        "scale": "扩建规模 8 万立方米/日",
        "quality": "符合国家现行工程施工质量验收规范，合格",
        "lots": [
            {
                "code": "A01370100202600000417001",
                "name": "一标段：土建及安装工程",
                "scope": "构筑物、建筑物、工艺管道、设备安装、电气与自控、厂区道路和绿化，详见工程量清单。",
                "period": "540 日历天",
                "ceiling": "186000000.00",
            }
        ],
        "qualifications": [
            "具有有效的企业法人营业执照和安全生产许可证，具备市政公用工程施工总承包贰级及以上资质。",
            "拟派项目负责人具有市政公用工程专业壹级注册建造师执业资格和有效的安全生产考核合格证，未担任其他在建工程的项目负责人。",
            "近五年内完成过至少一项日处理规模 4 万立方米及以上的污水处理厂工程。",
            "单位负责人为同一人或者存在控股、管理关系的不同单位，不得参加同一标段投标。",
        ],
        "method": "综合评估法",
        "documents_from": "2026-04-02T09:00:00+08:00",
        "documents_until": "2026-04-09T17:00:00+08:00",
        "documents_url": "https://ggzy.yunzhou.example/procedures/A01370100202600000417",
        "bid_deadline": "2026-04-24T09:30:00+08:00",
        "opening_at": "2026-04-24T09:30:00+08:00",
        "opening_place": "云州市公共资源交易中心不见面开标大厅（网上开标，投标人无须到场）",
        "deposit": "800000",
        "media": _MEDIA,
        "contacts": CONTACTS,
        "supervisor": "云州市住房和城乡建设局",
        "supervisor_phone": "0000-5550199",
        "remark": "投标人可在投标截止时间前随时进入模拟大厅检查证书、浏览器和网络。",
    }


def tender_document() -> dict[str, Any]:
    text = "承包人应按照合同约定、图纸、技术标准和监理人的指示完成全部工作，并对所有现场作业和施工方法的完备性和安全可靠性负责。"
    return _common("云水招文〔2026〕0417号", "2026-04-02T09:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "method": "综合评估法",
        "instructions": [
            {"number": f"{1 + i // 6}.{1 + i % 6}", "item": item, "content": content}
            for i, (item, content) in enumerate(
                [
                    ("招标人", "云州市城市水务发展有限公司"),
                    ("项目名称", "云州市第二污水处理厂扩建工程"),
                    ("建设地点", "云州市澄江区下游路以东、澄江以北"),
                    ("资金来源", "财政资金 60%，企业自筹 40%，资金已落实"),
                    ("招标范围", "构筑物、建筑物、工艺管道、设备安装、电气与自控、厂区道路和绿化"),
                    ("计划工期", "540 日历天，计划开工日期 2026年6月1日"),
                    ("质量要求", "合格"),
                    ("踏勘现场", "不组织，投标人可自行踏勘"),
                    ("提出问题的截止时间", "投标截止时间 10 日前"),
                    ("投标有效期", "90 日，自投标截止之日起算"),
                    ("投标保证金", "80 万元；银行转账、电子保函均可"),
                    ("投标文件", "电子投标文件，用数字证书签名并加密；不接收纸质投标文件"),
                    ("解密时间", "开标后 30 分钟内，由投标人用加密时的证书远程解密"),
                    ("评标委员会", "5 人，其中招标人代表 1 人，专家 4 人，从专家库随机抽取"),
                    ("履约担保", "合同价的 5%，银行保函"),
                ]
                * 2
            )
        ],
        "factors": [
            {
                "group": "初步评审",
                "name": "投标函签名",
                "weight": "通过/不通过",
                "standard": "有法定代表人或其授权人的电子签名",
            },
            {
                "group": "报价",
                "name": "投标报价",
                "weight": "60 分",
                "standard": "等于基准价得满分，每高 1% 扣 1 分，每低 1% 扣 0.5 分",
            },
            {
                "group": "技术",
                "name": "施工组织设计",
                "weight": "25 分",
                "standard": "完整、合理、针对性强得 20 至 25 分",
            },
            {
                "group": "商务",
                "name": "业绩与信誉",
                "weight": "15 分",
                "standard": "类似业绩每项 3 分，最多 9 分；信用评价最多 6 分",
            },
        ],
        "benchmark": "评标基准价＝有效投标报价的算术平均值×（1－下浮率）；下浮率在 2.0%、2.5%、3.0% 中于开标大厅当场随机抽取。",
        "chapters": [
            {
                "title": "合同条款",
                "sections": [
                    {"title": name, "paragraphs": [text, text]} for name in ("一般约定", "承包人义务", "计量与支付")
                ],
            },
            {"title": "技术标准和要求", "sections": [{"title": "总则", "paragraphs": [text] * 4}]},
        ],
        "opening_summary": ["投标报价（元）", "工期（日历天）", "质量目标", "项目负责人", "投标保证金形式"],
        "bid_deadline": "2026-04-24T09:30:00+08:00",
    }


def clarification() -> dict[str, Any]:
    return _common("云水招澄〔2026〕0417-1号", "2026-04-11T15:00:00+08:00") | {
        "number": 1,
        "procuring_entity": "云州市城市水务发展有限公司",
        "items": [
            {
                "question": "工程量清单第 3.2.7 项膜组件的数量与图纸 S-14 不一致，以哪个为准？",
                "answer": "以图纸为准，清单数量改为 1,248 支。",
            },
            {"question": "二沉池刮泥机是否属于甲供设备？", "answer": "不属于，由承包人采购，品牌不作限定。"},
        ],
        "changes": ["工程量清单第 3.2.7 项数量由 1,240 支改为 1,248 支。"],
        "old_deadline": "2026-04-24T09:30:00+08:00",
        "new_deadline": "2026-04-27T09:30:00+08:00",
        "reason": "修改内容可能影响投标文件编制，距原截止时间不足十五日。",
    }


def opening_record() -> dict[str, Any]:
    bids = [
        {
            "order": i + 1,
            "bidder": name,
            "outcome": "解密成功",
            "price": price,
            "period": "540 日历天",
            "quality": "合格",
            "leader": leader,
            "deposit": "电子保函" if i % 2 else "转账 80 万元",
        }
        for i, (name, price, leader) in enumerate(
            zip(_BIDDERS, _PRICES, ["周立", "吴思远", "陈一鸣", "欧阳明远", "郑海"], strict=True)
        )
    ]
    bids.append(
        {
            "order": 6,
            "bidder": "庚建筑安装有限公司",
            "outcome": "未解密",
            "remark": "投标人原因，视为撤销",
            "deposit": "电子保函",
        }
    )
    return _common("云水开标〔2026〕0417-01号", "2026-04-27T10:31:40+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "opened_at": "2026-04-27T09:30:00+08:00",
        "bid_deadline": "2026-04-27T09:30:00+08:00",
        "closed_at": "2026-04-27T10:31:40+08:00",
        "place": "不见面开标大厅（云州市公共资源交易中心）",
        "host": "苏工（云州正衡工程咨询有限公司）",
        "ceiling": "186000000.00",
        "bids": bids,
        "draws": [{"name": "下浮率", "value": "2.5%", "how": "备选 2.0%、2.5%、3.0%，由各投标人提交的随机数共同产生"}],
        "objections": [
            {
                "bidder": _BIDDERS[1],
                "content": "庚公司未解密是否影响基准价计算？",
                "answer": "不影响，未解密的投标不参与基准价计算。",
                "at": "2026-04-27T10:20:11+08:00",
            }
        ],
        "occurrences": ["10:02 至 10:04 直播画面中断 2 分钟，文字和数据未受影响。"],
        "confirmations": "甲市政工程有限公司等 5 家投标人已在线确认本记录；未表示意见的，自提示起 10 分钟后视为确认。",
        "signers": [
            signer("苏文", "主持人（招标代理机构）", "2026-04-27T10:30:02+08:00"),
            signer("林一舟", "招标人代表", "2026-04-27T10:30:40+08:00"),
            signer("见证 07 号", "见证人", "2026-04-27T10:31:12+08:00"),
        ],
    }


def evaluation_report() -> dict[str, Any]:
    scores = [
        ("24.1", "13.0", "56.36", "93.46"),
        ("23.2", "12.0", "56.00", "91.20"),
        ("22.0", "11.5", "55.25", "88.75"),
    ]
    members = [
        ("韩志明", "组长", "给排水"),
        ("唐小雨", "成员", "结构"),
        ("林一舟", "招标人代表", "项目管理"),
        ("沈工", "成员", "造价"),
        ("贺兰", "成员", "电气自控"),
    ]
    return _common("云水评标〔2026〕0417-01号", "2026-04-27T17:20:05+08:00") | {
        "issuer": "云州市第二污水处理厂扩建工程一标段评标委员会",
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "method": "综合评估法",
        "started_at": "2026-04-27T13:30:00+08:00",
        "ended_at": "2026-04-27T17:20:05+08:00",
        "place": "云州市公共资源交易中心 评标室 5",
        "received": 6,
        "members": [
            {"name": n, "role": r, "specialty": s, "site": f"主场席位 {i + 1}"} for i, (n, r, s) in enumerate(members)
        ],
        "score_parts": ["技术 25", "商务 15", "报价 60"],
        "scores": [
            {
                "bidder": _BIDDERS[n],
                "price": _PRICES[n],
                "parts": list(row[:3]),
                "total": row[3],
                "rank": i + 1,
            }
            for i, (n, row) in enumerate(zip([2, 0, 3], scores, strict=True))
        ],
        "benchmark": "有效投标报价 5 个，算术平均值 179,929,520.10 元，下浮率 2.5%，评标基准价 175,431,282.10 元。",
        "rejections": [
            {
                "bidder": _BIDDERS[4],
                "reason": "项目负责人注册专业与招标文件要求不符",
                "basis": "招标文件第二章 3.1；条例第五十一条",
            }
        ],
        "queries": [
            {"question": "请说明清单第 5.1.3 项单价的组成。", "answer": "该项单价含运输和安装，已附分析表，总价不变。"}
        ],
        "member_scores": [
            {"member": n, "scores": [f"{93 + i / 5:.1f}", f"{91 - i / 5:.1f}", f"{88 + i / 4:.2f}"]}
            for i, (n, _, _) in enumerate(members)
        ],
        "recommended": _candidates(),
        "signers": [signer(n, r, f"2026-04-27T17:1{i}:08+08:00", "同意") for i, (n, r, _) in enumerate(members)],
    }


def candidate_publicity() -> dict[str, Any]:
    return _common("云水公示〔2026〕0417-01号", "2026-04-28T09:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "opened_at": "2026-04-27T09:30:00+08:00",
        "publicity_from": "2026-04-28T09:00:00+08:00",
        "publicity_until": "2026-05-06T23:59:59+08:00",
        "method": "综合评估法",
        "candidates": _candidates(),
        "rejections": [
            {"bidder": _BIDDERS[4], "reason": "项目负责人注册专业与招标文件要求不符", "basis": "条例第五十一条"}
        ],
        "objection": CONTACTS[0] | {"role": "异议受理（招标人）"},
        "complaint": {"role": "投诉受理（监督部门）", "name": "云州市住房和城乡建设局", "phone": "0000-5550199"},
        "media": _MEDIA,
    }


def award_notice() -> dict[str, Any]:
    return _common("云水中标〔2026〕0417-01号", "2026-05-08T10:00:00+08:00") | {
        "bidder": _BIDDERS[2],
        "procuring_entity": "云州市城市水务发展有限公司",
        "opened_at": "2026-04-27T09:30:00+08:00",
        "price": "176842300.00",
        "scope": "一标段招标范围内的全部工程",
        "sign_before": "2026-06-07",
        "period": "540 日历天",
        "quality": "合格",
        "leader": "陈一鸣",
        "leader_certificate": "云13720261002",
        "performance_bond": "8842115.00",
        "signers": [signer("云州市城市水务发展有限公司", "招标人（电子印章）", "2026-05-08T09:58:31+08:00")],
    }


def result_notice() -> dict[str, Any]:
    return _common("云水结果〔2026〕0417-01-2号", "2026-05-08T10:00:00+08:00") | {
        "bidder": _BIDDERS[0],
        "procuring_entity": "云州市城市水务发展有限公司",
        "opened_at": "2026-04-27T09:30:00+08:00",
        "winner": _BIDDERS[2],
        "price": "176842300.00",
        "contact": CONTACTS[0],
        "signers": [signer("云州市城市水务发展有限公司", "招标人（电子印章）", "2026-05-08T09:58:31+08:00")],
    }


def result_announcement() -> dict[str, Any]:
    return _common("云水公告〔2026〕0417-01号", "2026-05-08T10:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "awarded_at": "2026-05-08T09:40:00+08:00",
        "winner": _BIDDERS[2],
        "price": "176842300.00",
        "scope": "一标段招标范围内的全部工程",
        "period": "540 日历天",
        "quality": "合格",
        "leader": "陈一鸣",
        "leader_certificate": "云13720261002",
        "contacts": CONTACTS,
        "media": _MEDIA,
    }


def contract() -> dict[str, Any]:
    return _common("云水合〔2026〕0417-01号", "2026-05-20T14:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "supplier": _BIDDERS[2],
        "price": "176842300.00",
        "scope": "一标段招标范围内的全部工程",
        "period": "540 日历天，自 2026年6月1日起",
        "quality": "合格",
        "signed_at": "2026-05-20T14:00:00+08:00",
        "performance_bond": "8842115.00",
        "leader": "陈一鸣（云13720261002）",
        "award_notice": "云水中标〔2026〕0417-01号",
        "terms": ["工程款按月计量支付，支付比例 85%。", "缺陷责任期 24 个月。"],
        "signers": [
            signer("云州市城市水务发展有限公司", "甲方（电子印章）", "2026-05-20T13:40:11+08:00"),
            signer(_BIDDERS[2], "乙方（电子印章）", "2026-05-20T13:58:47+08:00"),
        ],
    }


def termination_notice() -> dict[str, Any]:
    return _common("云水终止〔2026〕0417-01号", "2026-04-15T10:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "agency": "云州正衡工程咨询有限公司",
        "reason": "因规划调整，项目用地红线发生重大变化，原设计方案不能实施。",
        "basis": "《中华人民共和国招标投标法实施条例》第三十一条",
        "terminated_at": "2026-04-15T09:45:00+08:00",
        "stage": "招标公告已发布，投标截止时间前",
        "contacts": CONTACTS,
    }


def suspension_notice() -> dict[str, Any]:
    return _common("云水暂停〔2026〕0417-01号", "2026-04-20T10:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "reason": "有投诉正在处理，处理期间暂停招标投标活动。",
        "basis": "《中华人民共和国招标投标法实施条例》第六十二条",
        "suspended_at": "2026-04-20T09:30:00+08:00",
        "phase": "投标",
        "contacts": CONTACTS,
    }


def failure_notice() -> dict[str, Any]:
    return _common("云水失败〔2026〕0417-01号", "2026-04-27T10:00:00+08:00") | {
        "procuring_entity": "云州市城市水务发展有限公司",
        "reason": "至投标截止时间，递交投标文件的投标人少于三个，不予开标。",
        "basis": "《中华人民共和国招标投标法》第二十八条；《中华人民共和国招标投标法实施条例》第四十四条",
        "failed_at": "2026-04-27T09:30:00+08:00",
        "refunds": "已递交的投标文件不予打开；投标保证金及银行同期存款利息原路退还。",
        "contacts": CONTACTS,
    }


def archive_catalogue() -> dict[str, Any]:
    titles = [
        "招标计划",
        "项目登记表",
        "招标公告",
        "招标文件",
        "澄清通知（第 1 次）",
        "投标文件：丙水务建设有限公司",
        "开标记录",
        "评标报告",
    ]
    return _common("YZ-GC-2026-0417-01", "2026-05-26T16:00:00+08:00") | {
        "issuer": "云州市公共资源交易中心",
        "procuring_entity": "云州市城市水务发展有限公司",
        "keeper": "云州市公共资源交易中心档案室",
        "retention": "15 年（自评标结束之日起）",
        "closed_at": "2026-05-26T15:58:00+08:00",
        "closing_entry": f"sha256:{_HEX}",
        "manifest": f"sha256:{_HEX[::-1]}",
        "entries": 1284,
        "items": [
            {
                "number": i + 1,
                "title": titles[i % len(titles)],
                "document_number": f"云水〔2026〕0417-{i + 1:02d}号",
                "at": f"2026-04-{i % 28 + 1:02d}T09:00:00+08:00",
                "pages": i * 3 + 1,
                "digest": f"sha256:{_HEX}",
            }
            for i in range(42)
        ],
    }


def receipt() -> dict[str, Any]:
    return _common("HZ-2026-0417-01-000173", "2026-04-26T16:04:12+08:00") | {
        "issuer": "云州市公共资源交易中心",
        "bidder": _BIDDERS[2],
        "received_at": "2026-04-26T16:04:11+08:00",
        "bid_deadline": "2026-04-27T09:30:00+08:00",
        "size": 187_204_233,
        "files": 4,
        "digest": f"sha256:{_HEX}",
        "suite": "INTL-1（P-256 / SHA-256 / AES-256-GCM）",
        "bid": "7d0e5c1a-3b64-4d0e-9a57-0f5b2f6a9c11",
        "certificate": _FINGERPRINT,
        "promise": f"sha256:{_HEX[::-1]}",
    }


SAMPLES = {
    make.__name__: make
    for make in (
        tender_plan,
        tender_notice,
        tender_document,
        clarification,
        opening_record,
        evaluation_report,
        candidate_publicity,
        award_notice,
        result_notice,
        result_announcement,
        contract,
        termination_notice,
        suspension_notice,
        failure_notice,
        archive_catalogue,
        receipt,
    )
}
