"""The next deadline of any running lot: where the button of a demo's clock jumps to. Never asked in production."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as label

from mingzheng.stages.procedures.models import Clock

LABELS = {
    "documents_until": label("招标文件获取截止"),
    "question_deadline": label("提问截止"),
    "objection_deadline": label("异议截止"),
    "bid_deadline": label("投标截止"),
    "decryption_ends": label("解密截止"),
    "confirmation_ends": label("确认开标记录截止"),
    "publicity_ends": label("公示期满"),
    "contract_due": label("签订合同截止"),
    "refund_due": label("退还保证金截止"),
}
SHORTLY_AFTER = timedelta(seconds=1)  # so that what the deadline brings about is due when the page comes back


def next_deadline(now: datetime) -> dict[str, Any] | None:
    """The earliest due time after `now` (label, at), over all running lots; None when there is none."""
    row = Clock.objects.filter(state="running", due__gt=now, lot__standing="running").order_by("due").first()
    if row is None:
        return None
    return {"label": _(LABELS.get(row.name, "时限")), "at": row.due + SHORTLY_AFTER}
