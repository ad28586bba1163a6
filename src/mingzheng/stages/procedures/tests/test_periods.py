"""The timetable of a works tender against the law's periods."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel.clock import UTC8
from mingzheng.stages.procedures import packs, periods

PACK = packs.load("cn-works")
MOMENTS = st.datetimes(datetime(2025, 1, 2), datetime(2026, 8, 31)).map(lambda m: m.replace(tzinfo=UTC8))


def at(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC8)


def test_twenty_days_for_preparing_bids_are_needed_and_one_second_less_is_too_few() -> None:
    enough = periods.bid_preparation(PACK, documents_from=at("2026-03-02 09:00"), bid_deadline=at("2026-03-23 00:00"))
    short = periods.bid_preparation(PACK, documents_from=at("2026-03-02 09:00"), bid_deadline=at("2026-03-22 23:59:59"))
    assert enough.ok and not short.ok
    assert short.needs_reason and not short.refuses
    assert short.rule == "ZB-12" and short.source == "招标投标法 24"
    assert short.earliest == at("2026-03-23 00:00") and short.proposal == at("2026-03-23 23:59:59")


def test_a_project_that_need_not_be_tendered_is_only_warned() -> None:
    short = periods.bid_preparation(
        PACK, documents_from=at("2026-03-02 09:00"), bid_deadline=at("2026-03-10 09:30"), mandatory=False
    )
    assert short.warns and not short.needs_reason


def test_documents_are_on_offer_for_five_days() -> None:
    start = at("2026-03-02 09:00")
    assert not periods.document_sale(PACK, documents_from=start, documents_until=at("2026-03-07 23:59")).ok
    assert periods.document_sale(PACK, documents_from=start, documents_until=at("2026-03-08 00:00")).ok


def test_a_late_clarification_proposes_a_deadline_that_keeps_the_fifteen_days() -> None:
    deadline = at("2026-03-31 09:30")
    assert periods.clarification(PACK, at=at("2026-03-15 23:59"), bid_deadline=deadline).ok
    late = periods.clarification(PACK, at=at("2026-03-16 08:00"), bid_deadline=deadline)
    assert late.refuses and late.proposal == at("2026-04-01 09:30")
    assert periods.clarification(PACK, at=at("2026-03-16 08:00"), bid_deadline=late.proposal).ok


def test_a_proposed_deadline_is_a_working_day() -> None:
    late = periods.clarification(PACK, at=at("2026-03-20 09:30"), bid_deadline=at("2026-03-31 09:30"))
    assert late.proposal == at("2026-04-07 09:30")  # 4-5 is Qingming Sunday, 4-6 its day off


def test_a_clarification_that_does_not_touch_bids_moves_nothing() -> None:
    finding = periods.clarification(
        PACK, at=at("2026-03-30 08:00"), bid_deadline=at("2026-03-31 09:30"), affects_bids=False
    )
    assert finding.ok and "无须顺延" in finding.explanation


def test_objections_to_documents_close_ten_days_before_the_deadline() -> None:
    deadline = at("2025-03-31 09:30")
    assert periods.objection_to_documents(PACK, at=at("2025-03-21 18:00"), bid_deadline=deadline).ok
    assert periods.objection_to_documents(PACK, at=at("2025-03-22 08:00"), bid_deadline=deadline).refuses
    early = periods.objection_to_prequalification(
        PACK, at=at("2026-03-10 08:00"), application_deadline=at("2026-03-13 17:00")
    )
    assert early.ok


def test_no_award_before_publicity_ends_at_24_00_of_a_working_day() -> None:
    published = at("2025-03-05 10:00")
    assert periods.publicity(PACK, published=published).ends == at("2025-03-11 00:00")
    early = periods.award_allowed(PACK, published=published, at=at("2025-03-10 23:59:59"))
    assert early.refuses and early.earliest == at("2025-03-11 00:00")
    assert periods.award_allowed(PACK, published=published, at=at("2025-03-11 00:00")).ok


def test_publicity_shorter_than_the_law_is_refused() -> None:
    published = at("2026-03-31 10:00")
    assert periods.publicity_length(PACK, published=published, ends=at("2026-04-03 17:00")).refuses
    assert periods.publicity_length(PACK, published=published, ends=at("2026-04-04 00:00")).ok


def test_in_a_year_not_announced_publicity_is_refused_only_where_it_cannot_have_ended() -> None:
    published = at("2031-03-03 10:00")
    surely_running = periods.award_allowed(PACK, published=published, at=at("2031-03-06 12:00"))
    unsure = periods.award_allowed(PACK, published=published, at=at("2031-03-06 12:00") + timedelta(days=30))
    perhaps = periods.award_allowed(PACK, published=at("2031-03-06 10:00"), at=at("2031-03-10 00:00"))
    assert surely_running.refuses and not surely_running.provisional
    assert perhaps.provisional and not perhaps.refuses and perhaps.warns
    assert unsure.ok and unsure.provisional


def test_objections_to_the_result_are_heard_while_candidates_are_published() -> None:
    published, ends = at("2026-03-31 10:00"), at("2026-04-04 00:00")
    inside = periods.objection_to_result(PACK, published=published, ends=ends, at=at("2026-04-03 23:59"))
    after = periods.objection_to_result(PACK, published=published, ends=ends, at=ends)
    assert inside.ok and after.refuses


def test_answers_reports_contracts_and_refunds_have_their_due_times() -> None:
    start = at("2026-03-02 10:00")
    assert periods.objection_answer(PACK, received=start, at=start).due == at("2026-03-06 00:00")
    assert periods.publicity_start(PACK, report_received=start, at=start).due == at("2026-03-06 00:00")
    assert periods.award_report(PACK, awarded=start, at=start).due == at("2026-03-18 00:00")
    assert periods.contract_signing(PACK, notice_issued=start, at=start).due == at("2026-04-02 00:00")
    assert periods.deposit_refund(PACK, contract_signed=start, at=start).due == at("2026-03-10 00:00")
    assert periods.deposit_refund_after_withdrawal(PACK, withdrawn=start, at=start).due == at("2026-03-10 00:00")
    late = periods.contract_signing(PACK, notice_issued=start, at=at("2026-04-02 00:00"))
    assert not late.ok and late.warns and "已超期" in late.explanation


@settings(deadline=None, derandomize=True)
@given(MOMENTS)
def test_the_shortest_timetable_keeps_every_rule_and_falls_on_working_days(start: datetime) -> None:
    table = periods.shortest(PACK, documents_from=start)
    facts = {"documents_from": start, "documents_until": table.documents_until, "bid_deadline": table.bid_deadline}
    facts |= {"questions_until": table.questions_until}
    assert all(finding.ok for finding in periods.publishing(PACK, facts))
    assert start < table.clarify_until < table.bid_deadline and table.objections_until < table.bid_deadline
    assert table.bid_deadline - start < timedelta(days=21 + 11)


@settings(deadline=None, derandomize=True)
@given(MOMENTS, st.integers(0, 30 * 24))
def test_whatever_the_clarification_the_proposed_deadline_is_lawful(deadline: datetime, hours: int) -> None:
    moment = deadline - timedelta(hours=hours)
    finding = periods.clarification(PACK, at=moment, bid_deadline=deadline)
    if not finding.ok:
        assert finding.proposal is not None and finding.proposal > deadline
        assert periods.clarification(PACK, at=moment, bid_deadline=finding.proposal).ok


def test_a_plan_published_the_day_before_the_notice_is_a_warning() -> None:
    facts = {
        "documents_from": at("2026-03-02 09:00"), "documents_until": at("2026-03-09 17:00"),
        "bid_deadline": at("2026-03-25 09:30"), "plan_published": at("2026-03-01 09:00"),
    }  # fmt: skip
    findings = {finding.rule: finding for finding in periods.publishing(PACK, facts)}
    assert findings["ZB-04"].warns and findings["ZB-12"].ok and findings["ZB-08"].ok


def test_a_moment_without_offset_is_refused() -> None:
    with pytest.raises((ValueError, TypeError)):
        periods.contract_signing(PACK, notice_issued=datetime(2026, 3, 2), at=at("2026-03-03 00:00"))
