"""Invented facts for the component gallery. Names follow the heavenly stems; none is a real company."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mingzheng.kernel.refusal import Need, Refused
from mingzheng.site.design.states import states


def samples(now: datetime) -> dict[str, Any]:
    """Everything design.html shows; times are relative to `now`, so that the countdowns run."""
    return {
        "procedure": _procedure(now),
        "lot": {"id": "01", "state": (_("公示中"), "ok"), "deadline": now + timedelta(hours=18, minutes=17)},
        "phases_now": [
            (_("签到"), _("10 家已签到"), "done"), (_("公布名单"), "09:32:10", "done"), (_("解密"), _("6 / 10 已完成"), "now"),
            (_("参数抽取"), "", "next"), (_("唱标"), "", "next"), (_("异议"), "", "next"), (_("确认"), "", "next"), (_("结束"), "", "next"),
        ],
        "steps_now": [
            (_("选择文件"), "done"), (_("开标一览表"), "done"), (_("签章"), "done"), (_("封装"), "now"), (_("上传"), "next"), (_("领取回执"), "next"),
        ],
        "soon": now + timedelta(minutes=29, seconds=10), "very_soon": now + timedelta(minutes=4, seconds=52),
        "far": now + timedelta(days=3, hours=4), "past": now - timedelta(hours=1), "now_at": now,
        "position": 48_213_907, "amount": Decimal("176842300.00"),
        "facts": [
            {"label": _("投标报价"), "value": "176,842,300.00 元", "sub": "壹亿柒仟陆佰捌拾肆万贰仟叁佰元整"},
            {"label": _("工期"), "value": _("540 日历天")},
            {"label": _("保证金"), "value": _("电子保函 800,000.00 元"), "position": 48_209_114},
        ],
        "happened": _timeline(now),
        "refused": _refused(), "needs_rows": _consequences(),
        "act_possible": {"label": _("提出异议"), "icon": "flag", "href": "#"},
        "act_refused": {"label": _("确认开标记录"), "why": _refused()},
        "columns": [
            f"what:{_('事项')}:first", f"project:{_('项目与标段')}:name", {"key": "at", "label": _("时间"), "kind": "when", "sort": "at"},
            f"amount:{_('金额（元）')}:money", f"state:{_('状态')}:status", f"proof:{_('存证')}:ev", f"go:{_('操作')}:acts",
        ],
        "rows": _rows(now),
        "tabs_items": [(_("概览"), "#", True), (_("公告与文件"), "#", False, 6), (_("澄清答疑"), "#", False, 7), (_("开标"), "#"), (_("评标结果"), "#")],
        "seg_items": [(_("今天"), "#", True), (_("明天"), "#"), (_("本周"), "#")],
        **states(now),
        "kinds": [("open", _("公开招标")), ("invited", _("邀请招标"))],
    }  # fmt: skip


def _procedure(now: datetime) -> dict[str, Any]:
    labels = [
        _("计划"),
        _("登记"),
        _("场地"),
        _("公告"),
        _("抽取"),
        _("开标"),
        _("评标"),
        _("结果"),
        _("合同"),
        _("归档"),
    ]
    stages = [
        {
            "label": label,
            "at": now - timedelta(days=70 - 9 * index) if index < 7 else None,
            "state": "done" if index < 7 else "next",
        }
        for index, label in enumerate(labels)
    ]
    stages[7] = {"label": labels[7], "at": _("公示至 {d}").format(d=f"{now + timedelta(days=4):%m-%d}"), "state": "now"}
    return {
        "name": "云州市第二污水处理厂扩建工程", "code": "YZGC-2026-0417", "kind_label": _("施工招标"), "stages": stages,
        "lots": [{"id": "01", "number": "01 标段", "name": "土建", "href": "#"}, {"id": "02", "number": "02 标段", "name": "设备安装", "href": "#"}],
        "deadline_label": _("公示期满"),
        "hold": {"title": _("02 标段已暂停"), "text": _("自 2026-02-18 10:20，因投诉处理，全部时限停止计算。01 标段照常进行。"), "href": "#"},
    }  # fmt: skip


def _timeline(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": now + timedelta(days=4),
            "title": _("公示期满"),
            "text": _("公示 3 日，末日为周六，顺延至下一个工作日。"),
            "state": "next",
        },
        {
            "at": now - timedelta(hours=3),
            "title": _("中标候选人公示"),
            "text": _("公示中。第一名丙水务建设有限公司。"),
            "state": "now",
            "position": 48_215_660,
        },
        {
            "at": now - timedelta(days=1),
            "title": _("评标报告会签完成"),
            "text": _("5 人全部签名，无不同意见。"),
            "position": 48_214_702,
        },
        {
            "at": now - timedelta(days=6),
            "title": _("02 标段暂停"),
            "text": _("收到投诉，监督部门书面通知。"),
            "state": "halt",
            "position": 48_209_733,
        },
    ]


def _refused() -> Refused:
    return Refused(
        "opening.not-read-out",
        needs=(
            Need("贵单位已签到", True, until="09:14:33"),
            Need("贵单位的投标文件已解密", False, "由您完成。还剩 22 分 33 秒。", "10:04:00"),
            Need("抽取评标参数并唱标", False, "由主持人完成，预计 10:05 开始。", "10:05"),
        ),
    )


def _consequences() -> list[tuple[str, bool]]:
    return [
        (_("撤回后，本标段没有贵单位的投标文件"), False),
        (_("截止前可以重新递交，还剩 18 小时 17 分"), True),
        (_("保证金不受影响；撤回会写入账本，给您回执"), True),
    ]


def _rows(now: datetime) -> list[dict[str, Any]]:
    return [
        {"what": _("投标截止"), "project": ("云州市第二污水处理厂扩建工程", "01 标段 土建"), "href": "#", "at": now + timedelta(minutes=37),
         "amount": Decimal("800000"), "state": (_("已递交"), "ok"), "proof": 48_213_907, "go": (_("进入大厅"), "#"), "mine": True},
        {"what": _("异议答复"), "project": ("北岭水库除险加固工程", "02 标段"), "href": "#", "at": now + timedelta(days=1),
         "amount": Decimal("300000"), "state": _("招标人答复中"), "proof": 48_212_640, "go": (_("查看"), "#")},
        {"what": _("保证金到账"), "project": ("东屏区第三小学迁建工程", "01 标段"), "href": "#", "at": now + timedelta(days=24),
         "amount": None, "state": (_("未缴纳"), "warn"), "proof": None, "go": (_("缴纳或提交保函"), "#")},
    ]  # fmt: skip
