"""The opening summary: what is read aloud at the opening, sealed as the first part of a bid."""

import re
from collections.abc import Mapping
from typing import Any

from mingzheng.adapters.crypto.refusals import SUMMARY_INVALID

PRICE = re.compile(r"(0|[1-9]\d{0,13})\.\d{2}")
MOST_FIELDS = 40
LONGEST = 2_000  # characters


def check_summary(summary: Mapping[str, Any]) -> None:
    """Refused `seal.summary-invalid` naming the field.

    `price` is required: yuan with two decimals, as text ("12345678.90"). `period_days` is a whole number of days.
    Any other field (`quality`, `project_manager`, …) is short text or a whole number.
    """
    if len(summary) > MOST_FIELDS:
        raise SUMMARY_INVALID(field="…", problem="栏目太多")
    price = summary.get("price")
    if not isinstance(price, str) or not PRICE.fullmatch(price):
        raise SUMMARY_INVALID(field="price", problem="应为以元为单位、两位小数的文字，如 12345678.90")
    days = summary.get("period_days")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or not 0 < days < 100_000):
        raise SUMMARY_INVALID(field="period_days", problem="应为天数（整数）")
    for name, value in summary.items():
        whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
        if not whole and not (isinstance(value, str) and len(value) <= LONGEST):
            raise SUMMARY_INVALID(field=name, problem="应为文字或整数")
