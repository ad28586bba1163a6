"""What a rule record means: check types, the facts each takes, and the finding they give.

Facts by check type:
  min_period       start, end          the end leaves at least the value after the start (T-06)
  publicity        start, end          as min_period, but a last day off work moves on (T-02)
  max_period       start, at           done at `at` (or not done yet at `at`) within the value after the start
  backward_period  deadline, at        `at` leaves at least the value before the deadline (T-07)
  ratio_cap        amount, of          amount is at most value times `of`
  cap              amount[, category]  amount is at most the value (by category where the value is a table)
  ratio_min        amount, of          amount is at least value times `of`
  count_min        count               at least that many
  count_max        count               at most that many
  odd_min          count               odd, and at least that many
  fraction_min     count, of           count is at least that fraction of `of`
  fraction_over    count, of           more than that fraction of `of` sets the rule off: ok means not set off
  threshold        amount, category    reaching the value triggers the rule: ok means not reached
  one_of           given               the thing given is in the list
  checklist        present             every item of the list is there
  retention        start[, at]         kept until the value has passed; ok while it is kept
  guard            holds               a condition the caller has established
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from mingzheng.kernel import calendar, money
from mingzheng.kernel.clock import UTC8
from mingzheng.stages.procedures.pack_rules import UNIT_ZH, Finding, Rule

#: What the facts of a timetable are called in an explanation.
FACTS_ZH = {
    "plan_published": "招标计划发布", "notice_published": "招标公告发布", "notice_sent": "公告送达媒介",
    "documents_from": "招标文件开始发出", "prequalification_documents_until": "资格预审文件停止发售",
    "bid_withdrawn": "书面撤回投标", "certificate_expired": "证书失效", "report_received": "收到评标报告",
    "candidates_published": "公示", "objection_received": "收到异议", "awarded": "确定中标人",
    "award_notice_issued": "中标通知书发出", "contract_signed": "合同签订", "known": "知道或应当知道",
    "complaint_received": "收到投诉", "complaint_accepted": "受理投诉", "evaluation_ended": "评标结束",
    "file_closed": "交易结束", "bid_deadline": "投标截止", "application_deadline": "资格预审申请截止",
    "disclosed": "信息披露", "listed": "挂牌开始", "approved": "批准", "notice_issued": "通知书发出",
    "intent_published": "采购意向公开", "objection_known": "知道权益受损", "auction_ended": "活动结束",
    "contract_price_due": "合同生效", "drawn": "专家抽取", "paused": "暂停", "question_received": "收到询问", "answer_due": "答复期满", "publicity_ended": "公示期满", "display_from": "展示开始", "result_published": "结果公告", "evaluation": "评审", "procurement_ended": "采购活动结束",
}  # fmt: skip


def run(rule: Rule, *, mandatory: bool, facts: Mapping[str, Any]) -> Finding:
    """Check facts against one rule. Raises TypeError when facts of the check type are missing or unknown."""
    severity = rule.severity if mandatory or not rule.when.get("mandatory") else rule.otherwise
    result = _CHECKS[rule.check.type](rule, **facts)
    told = f"{rule.id} {rule.zh}：{result.pop('told')}"
    return Finding(rule=rule.id, severity=severity, explanation=told, source=rule.source, **result)


def validate(rule: Rule) -> None:
    """Refuse a record whose check type, value and unit do not fit together (ValueError)."""
    kind, value = rule.check.type, rule.value
    if kind not in _CHECKS:
        raise ValueError(f"unknown check type {kind!r}")
    if rule.check.mode not in ("strict", "lenient"):
        raise ValueError(f"unknown mode {rule.check.mode!r}")
    if kind in ("min_period", "publicity", "backward_period") and rule.unit not in ("calendar_day", "working_day"):
        raise ValueError(f"{kind} is counted in days")
    if kind in ("checklist", "one_of") and not (rule.check.items if kind == "checklist" else value):
        raise ValueError(f"{kind} needs its list")
    if kind not in ("guard", "checklist") and value is None:
        raise ValueError(f"{kind} needs a value")
    if not rule.sources:
        raise ValueError("a rule needs a source")


def propose(earliest: datetime, like: datetime | None = None) -> datetime:
    """A working day at or after `earliest`, at the clock time of `like` (09:30 without), for people to accept."""
    hour = like.astimezone(UTC8).timetz() if like else time(9, 30, tzinfo=UTC8)
    day = earliest.date()
    while True:
        day, _ = calendar.next_working_day(day)
        moment = datetime.combine(day, hour)
        if moment >= earliest:
            return moment
        day += timedelta(days=1)


def _min_period(rule: Rule, *, start: date | datetime, end: datetime) -> dict[str, Any]:
    bound = calendar.earliest_after(start, rule.value, _unit(rule), rule.check.mode, label=_label(rule))
    ok = bound.met(end)
    told = f"{bound.explanation}；现定 {end.astimezone(UTC8):%Y-%m-%d %H:%M}，{'符合' if ok else '不足'}"
    return {"ok": ok, "told": told, "earliest": bound.moment, "provisional": not bound.certain,
            "proposal": None if ok else propose(bound.moment, end)}  # fmt: skip


def _publicity(rule: Rule, *, start: date | datetime, end: datetime) -> dict[str, Any]:
    period = span(rule, start)
    ok = end >= period.ends
    surely = end < period.surely_until
    told = f"{period.explanation}；现定 {end.astimezone(UTC8):%Y-%m-%d %H:%M}，{'符合' if ok else '未满'}"
    return {"ok": ok, "told": told, "earliest": period.ends, "days": period.days, "proposal": period.ends,
            "provisional": period.provisional and not surely}  # fmt: skip


def _max_period(rule: Rule, *, start: date | datetime, at: datetime) -> dict[str, Any]:
    period = span(rule, start)
    late = at >= period.ends
    told = f"{period.explanation}；{at.astimezone(UTC8):%Y-%m-%d %H:%M} {'已超期' if late else '在期限内'}"
    return {"ok": not late, "told": told, "due": period.ends, "latest": period.ends, "days": period.days,
            "provisional": period.provisional}  # fmt: skip


def _backward_period(rule: Rule, *, deadline: datetime, at: datetime) -> dict[str, Any]:
    label = FACTS_ZH.get(rule.check.end, "截止")
    bound = calendar.latest_before(deadline, rule.value, _unit(rule), rule.check.mode, label=label)
    ok = bound.met(at)
    then = calendar.earliest_after(at, rule.value, _unit(rule), rule.check.mode)
    told = f"{bound.explanation}；{at.astimezone(UTC8):%Y-%m-%d %H:%M} {'未逾期' if ok else '已逾期'}"
    return {"ok": ok, "told": told, "latest": bound.moment, "provisional": not bound.certain,
            "proposal": None if ok else propose(then.moment, deadline)}  # fmt: skip


def _retention(rule: Rule, *, start: date | datetime, at: datetime | None = None) -> dict[str, Any]:
    period = span(rule, start)
    return {"ok": at is None or at < period.ends, "told": period.explanation, "due": period.ends}


def _ratio(rule: Rule, *, amount: Decimal, of: Decimal, most: bool = True) -> dict[str, Any]:
    limit = money.yuan(money.yuan(of) * rule.value)
    given = money.yuan(amount)
    ok = given <= limit if most else given >= limit
    told = f"{money.text(of)} 元的 {rule.told_value} 为 {money.text(limit)} 元，现为 {money.text(given)} 元"
    return {"ok": ok, "told": told + _verdict(ok)}


def _ratio_min(rule: Rule, *, amount: Decimal, of: Decimal) -> dict[str, Any]:
    return _ratio(rule, amount=amount, of=of, most=False)


def _cap(rule: Rule, *, amount: Decimal, category: str | None = None) -> dict[str, Any]:
    limit = rule.value[category] if isinstance(rule.value, Mapping) else rule.value
    ok = Decimal(amount) <= limit
    return {"ok": ok, "told": f"上限 {_told(rule, limit)}，现为 {_told(rule, amount)}{_verdict(ok)}"}


def _threshold(rule: Rule, *, amount: Decimal, category: str | None = None) -> dict[str, Any]:
    limit = rule.value[category] if isinstance(rule.value, Mapping) else rule.value
    reached = Decimal(amount) >= limit
    told = f"标准 {_told(rule, limit)}，现为 {_told(rule, amount)}，{'达到标准' if reached else '未达标准'}"
    return {"ok": not reached, "told": told}


def _count_min(rule: Rule, *, count: int) -> dict[str, Any]:
    ok = count >= rule.value
    return {"ok": ok, "told": f"至少 {rule.value}，现为 {count}{_verdict(ok)}"}


def _count_max(rule: Rule, *, count: int) -> dict[str, Any]:
    ok = count <= rule.value
    return {"ok": ok, "told": f"至多 {rule.value}，现为 {count}{_verdict(ok)}"}


def _odd_min(rule: Rule, *, count: int) -> dict[str, Any]:
    ok = count >= rule.value and count % 2 == 1
    return {"ok": ok, "told": f"须为单数且至少 {rule.value}，现为 {count}{_verdict(ok)}"}


def _fraction_min(rule: Rule, *, count: int, of: int) -> dict[str, Any]:
    ok = count >= rule.value * of
    need = -(-rule.value.numerator * of // rule.value.denominator)
    return {"ok": ok, "told": f"{of} 人中至少 {need} 人，现为 {count} 人{_verdict(ok)}"}


def _fraction_over(rule: Rule, *, count: int, of: int) -> dict[str, Any]:
    over = count > rule.value * of
    return {"ok": not over, "told": f"{of} 人中 {count} 人，{'超过' if over else '未超过'} {rule.value}"}


def _one_of(rule: Rule, *, given: str) -> dict[str, Any]:
    ok = given in rule.value
    return {"ok": ok, "told": f"须为 {'、'.join(rule.value)} 之一，现为 {given}{_verdict(ok)}"}


def _checklist(rule: Rule, *, present: Iterable[str]) -> dict[str, Any]:
    there = set(present)
    lacking = [item for item in rule.check.items if item["id"] not in there]
    told = f"缺少 {'、'.join(item['zh'] for item in lacking)}" if lacking else "内容齐全"
    return {"ok": not lacking, "told": told, "missing": tuple(item["id"] for item in lacking)}


def _guard(rule: Rule, *, holds: bool, told: str = "") -> dict[str, Any]:
    return {"ok": bool(holds), "told": told or ("符合" if holds else "不符合")}


def span(rule: Rule, start: date | datetime) -> calendar.Period:
    """The period a rule's value makes from `start` (days, working days, hours, months, years)."""
    label = _label(rule)
    if rule.unit == "calendar_day":
        return calendar.add_calendar_days(start, rule.value, label=label)
    if rule.unit == "working_day":
        return calendar.add_working_days(start, rule.value, label=label)
    if rule.unit in ("month", "year"):
        return calendar.add_months(start, rule.value * (12 if rule.unit == "year" else 1), label=label)
    if rule.unit == "hour" and isinstance(start, datetime):
        return calendar.add_hours(start, rule.value, label=label)
    raise TypeError(f"{rule.id} makes no period from {start!r}")


def _label(rule: Rule) -> str:
    return FACTS_ZH.get(rule.check.start, "起算事件")


def _unit(rule: Rule) -> calendar.Unit:
    return "working_day" if rule.unit == "working_day" else "calendar_day"


def _told(rule: Rule, amount: Any) -> str:
    return f"{money.text(money.yuan(amount))} 元" if rule.unit == "yuan" else f"{amount}{UNIT_ZH.get(rule.unit, '')}"


def _verdict(ok: bool) -> str:
    return "，符合" if ok else "，不符合"


_CHECKS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "min_period": _min_period, "publicity": _publicity, "max_period": _max_period, "ratio_cap": _ratio, "cap": _cap,
    "backward_period": _backward_period, "ratio_min": _ratio_min, "count_min": _count_min, "count_max": _count_max,
    "odd_min": _odd_min, "fraction_min": _fraction_min, "fraction_over": _fraction_over, "threshold": _threshold, "one_of": _one_of,
    "checklist": _checklist, "retention": _retention, "guard": _guard,
}  # fmt: skip
