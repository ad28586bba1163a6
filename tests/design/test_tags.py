"""What the template tags write, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from mingzheng.kernel.clock import UTC8
from mingzheng.kernel.refusal import Need, refusal
from mingzheng.site.design import samples, wording

Draw = Callable[..., str]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC8)
TOO_LATE = refusal(
    "design.too-late",
    what="截止时间 {deadline} 已过。",
    todo="请联系招标人。",
    source="招标投标法实施条例 36",
    evidence=False,
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (90061, "1 天 1 小时"),
        (3660, "1 小时 1 分"),
        (2262, "37 分 42 秒"),
        (59, "0 分 59 秒"),
        (0, "已到"),
        (-5, "已到"),
    ],
)
def test_time_left_is_said_in_its_two_largest_units(seconds: int, said: str) -> None:
    with translation.override("zh-hans"):
        assert wording.span(seconds) == said


def test_a_countdown_turns_ochre_under_30_minutes_and_red_under_5() -> None:
    assert [wording.urgency(s) for s in (1800, 1799, 300, 299, 0)] == ["", "warn", "warn", "bad", ""]


def test_a_deadline_at_midnight_is_written_as_24_oclock_of_the_day_before() -> None:
    midnight = datetime(2026, 12, 1, tzinfo=UTC8)
    assert wording.moment(midnight, "until") == "2026-11-30 24:00"
    assert wording.moment(midnight) == "2026-12-01 00:00"


def test_times_are_shown_in_chinas_zone_whatever_zone_they_come_in() -> None:
    assert wording.moment(datetime.fromisoformat("2026-03-01T17:30:00+00:00")) == "2026-03-02 01:30"


def test_money_is_grouped_with_two_places_and_has_a_capital_form(draw: Draw) -> None:
    source = "{% load mz %}{% money amount %} {{ amount|money }} {% capital amount %} {% money None %}"
    said = re.sub(r"<[^>]+>", "", draw(source, amount=Decimal("1234567.5")))
    assert said == "1,234,567.50 元 1,234,567.50 壹佰贰拾叁万肆仟伍佰陆拾柒元伍角整 —"


def test_an_evidence_badge_links_to_its_proof_and_waits_without_a_position(draw: Draw) -> None:
    said = draw("{% load mz %}{% ev 48213907 %}{% ev None %}")
    assert 'href="/proof/48213907"' in said
    assert "48,213,907" in said
    assert "入账中" in said


def test_a_button_that_cannot_act_says_why_and_what_each_condition_needs(draw: Draw) -> None:
    refused = TOO_LATE(
        needs=(Need("贵单位已签到", True), Need("开标尚未开始", False, "由主持人完成", "10:04 前")), deadline="09:30"
    )
    said = draw("{% load mz %}{% button act %}", act={"label": "递交", "why": refused})
    assert 'aria-disabled="true"' in said
    assert "为什么不能？" in said
    assert "截止时间 09:30 已过。" in said
    assert said.count('data-state="met"') == 1
    assert said.count('data-state="open"') == 1
    assert "由主持人完成" in said
    assert "招标投标法实施条例 36" in said
    assert "design.too-late" in said
    assert '<button type="submit"' not in said


def test_a_refusal_with_a_missing_fact_still_shows(draw: Draw) -> None:
    assert "截止时间 — 已过。" in draw("{% load mz %}{% refusal refused %}", refused=TOO_LATE())


def test_a_time_in_a_refusal_is_the_centres_not_a_raw_one(draw: Draw) -> None:
    refused = TOO_LATE(deadline=datetime(2026, 3, 26, 16, tzinfo=UTC))
    assert "截止时间 2026-03-27 00:00:00 已过。" in draw(
        "{% load mz %}{% button act %}", act={"label": "递交", "why": refused}
    )


def test_each_rendering_of_a_form_has_its_own_nonce_and_only_one(draw: Draw) -> None:
    source = (
        '{% load mz %}{% actform "bidding.withdraw_bid" binds=True next="/bids" %}{% button "撤回" %}{% endactform %}'
    )
    nonces = [re.findall(r'name="_nonce" value="([0-9a-f]{32})"', draw(source)) for _ in range(2)]
    assert [len(n) for n in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    assert 'action="/act/bidding.withdraw_bid" data-act="bidding.withdraw_bid" data-binds' in draw(source)


def test_a_field_keeps_its_value_and_shows_its_error(draw: Draw) -> None:
    said = draw('{% load mz %}{% field "price" "报价" type="money" value=typed error="太高" %}', typed="1<2")
    assert 'value="1&lt;2"' in said
    assert 'aria-invalid="true"' in said
    assert "太高" in said


def test_what_people_typed_is_never_markup(draw: Draw) -> None:
    evil = "<img src=x onerror=alert(1)>"
    source = """{% load mz %}{% chip t %}{% note "warn" t t %}{% kv rows %}{% timeline items %}{% table columns lines %}
        {% empty t t %}{% sealed t t t %}{% banner t t %}{% copyable t %}{% panel t hint=t foot=t %}{{ t }}{% endpanel %}
        {% button t %}{% refusal t %}{% field "n" t value=t hint=t error=t %}{% tabs links %}{% idbar procedure %}"""
    said = draw(
        source, t=evil, rows=[(evil, evil, evil)], items=[{"at": NOW, "title": evil, "text": evil}], links=[(evil, evil)],
        columns=["a:甲:name", "b:乙:status", "c:丙:text"], lines=[{"a": (evil, evil), "b": evil, "c": evil}],
        procedure={"name": evil, "code": evil, "kind": evil, "facts": [evil], "lots": [{"number": evil, "name": evil}]},
    )  # fmt: skip
    assert "<img" not in said
    assert "&lt;img" in said


def test_a_sealed_surface_says_who_sees_it_when_and_nothing_else(draw: Draw) -> None:
    said = draw('{% load mz %}{% sealed "唱标时公布。" "尚未公布" %}')
    assert re.sub(r"<[^>]+>", "", said).strip() == "尚未公布唱标时公布。"


@pytest.mark.parametrize(
    ("state", "shown"), [("loading", "skel"), ("partial", "只有一半"), ("error", "只有一半"), ("", "还没有")]
)
def test_a_table_shows_its_state(draw: Draw, state: str, shown: str) -> None:
    source = '{% load mz %}{% table columns rows state=state error="只有一半" empty="还没有" %}'
    assert shown in draw(source, columns=["a:甲"], rows=[{"a": 1}] if state == "partial" else [], state=state)


def test_an_unknown_tone_is_a_mistake_of_the_page(draw: Draw) -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        draw('{% load mz %}{% chip "x" "red" %}')


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gallery_draws_every_component_in_both_languages(draw: Draw, language: str) -> None:
    with translation.override(language):
        context: dict[str, Any] = samples.samples(NOW)
    said = draw("design.html", language, **context)
    assert f'<html lang="{"zh-CN" if language == "zh-hans" else "en"}"' in said
    for part in (
        "idbar",
        "rail",
        "phases",
        "steps",
        "clock",
        "chip",
        "ev",
        "kv",
        "timeline",
        "note",
        "banner",
        "empty",
        "sealedbox",
        "table",
        "dialog",
        "needs",
    ):
        assert re.search(rf'class="[^"]*\b{part}\b', said), part


def test_the_sealed_countdown_of_the_gallery_runs_towards_its_moment(draw: Draw) -> None:
    said = draw('{% load mz %}{% left at "还剩" %}', at=NOW + timedelta(minutes=4))
    assert 'data-tone="bad"' in said
    assert "4 分 0 秒" in said
