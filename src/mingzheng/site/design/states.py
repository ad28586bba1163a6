"""Facts for the second half of the gallery: the states that are rarely seen, very long names, a proof, a sealed column."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mingzheng.kernel.refusal import Refused
from mingzheng.site.design.tags.library import icon

LONG_NAME = "云州市中心城区地下综合管廊及配套市政道路排水防涝能力提升改造工程（二期）勘察设计施工总承包"
LONG_ENGLISH = (
    "Design-build contract for the second phase of the Yunzhou utility tunnel, its roads and its flood protection"
)


def states(now: datetime) -> dict[str, Any]:
    """What design/states.html shows beside the samples."""
    return {
        "tones": [("", _("等待")), ("info", _("进行中")), ("ok", _("已签章")), ("warn", _("已暂停")), ("bad", _("中断")), ("mute", _("计划"))],
        "long_name": LONG_NAME, "long_english": LONG_ENGLISH, "suspended": _suspended(now), "begun": _begun(),
        "ended": [(label, "", "done") for label in (_("计划"), _("公告"), _("开标"), _("评标"), _("结果"), _("合同"))],
        "barely_refused": Refused("opening.not-read-out"), "long_why": LONG_ENGLISH,
        "price_columns": [f"number:{_('名次')}:num", f"bidder:{_('投标人')}:name", {"key": "at", "label": _("时间"), "kind": "when", "sort": "at"},
                          f"price:{_('报价（元）')}:money", f"state:{_('状态')}:status", f"proof:{_('存证')}:ev:hide"],
        "price_rows": _prices(now),
        "many_facts": [(_("投标人"), LONG_NAME), (_("投标报价"), None), (_("证明"), "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")],
        "reader_states": ["empty", "loading", "failed", "damaged", "locked", "other"],
        "reader_contents": [{"title": "第四章 进度计划", "page": 128}, {"title": "4.3 人员配备", "page": 136, "now": True}, {"title": LONG_NAME, "page": 158}],
        "work": [("done", _("生成一次性内容密钥"), "0.1 s"), ("now", _("封装"), "67%"), ("next", _("上传"), "")],
        "proof": {"position": 48_213_907, "at": now, "stream": "lot:9f86d081-884c-7d65-9a2f-eaa0c55ad015"},
    }  # fmt: skip


def _suspended(now: datetime) -> dict[str, Any]:
    """A procedure with a very long name that stands still."""
    return {
        "name": LONG_ENGLISH, "code": "YZGC-2026-0417-SUPPLEMENT-0002", "kind_label": _("邀请招标"),
        "lots": [{"id": "01", "number": "01", "name": LONG_NAME[:16], "href": "#"}], "state": (_("已暂停"), "warn"),
        "deadline": now + timedelta(days=3, hours=4), "stages": _begun(),
        "hold": {"title": _("已暂停"), "text": _("因投诉处理，全部时限停止计算；恢复后顺延。"), "href": "#"},
    }  # fmt: skip


def _begun() -> list[tuple[str, str, str]]:
    """Stages of which the first has just begun."""
    first, *rest = (_("计划"), _("公告"), _("开标"), _("评标"), _("结果"), _("合同"))
    return [(first, "", "now"), *((label, "", "next") for label in rest)]


def _prices(now: datetime) -> list[dict[str, Any]]:
    """Prices read out, a sealed one, and a bid that was left out."""
    return [
        {"number": 1, "bidder": ("丙水务建设有限公司", ""), "href": "#", "at": now, "price": Decimal("176842300.00"),
         "state": (_("已解密"), "ok"), "proof": 48_213_907, "mine": True},
        {"number": 2, "bidder": (LONG_NAME[:30], LONG_ENGLISH), "href": "#", "at": now, "price": _sealed(), "state": (_("已封存"), "info"), "proof": None},
        {"number": 3, "bidder": ("辛基础设施集团", ""), "at": None, "price": None, "state": (_("视为撤销"), "bad"), "proof": None},
    ]  # fmt: skip


def _sealed() -> SafeString:
    """A cell whose value nobody has yet."""
    return format_html('<span class="hint nowrap">{} {}</span>', icon("lock"), _("唱标时公布"))
