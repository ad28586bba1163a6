"""The front end in a real browser: forms that never lose input, one act however often one clicks, one stream for all tabs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from little_centre import LittleCentre, done

from mingzheng.ledger import verify

pytestmark = pytest.mark.browser
Draw = Callable[..., str]


def until(page: Any, expression: str) -> None:
    """Wait until an expression is true (the content policy forbids the waiting that a page itself would do)."""
    for _ in range(250):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never true: {expression}")


LOT = str(UUID(int=7))

FORM = """{% extends "base.html" %}{% load mz %}
{% block main %}<section id="facts" data-live data-live-on="opening.*">{{ drawn }}</section>
{% actform "test.act" id="form" confirm=confirm %}
<input type="hidden" name="lot" value="00000000-0000-0000-0000-000000000007">
{% field "price" "报价" type="money" value="1,234.50" %}{% field "days" "工期" type="int" value="540" %}
{% field "at" "时间" type="datetime" value="2026-03-02T09:30" %}{% field "reason" "理由" type="textarea" %}
{% field "agreed" "同意" type="check" value="1" %}<input name="tag" value="a"><input name="tag" value="b">
<input name="scores.quality" data-type="decimal" value="7.5"><input name="scores.price" data-type="decimal" value="8">
{% button "递交" tone="main" %}{% endactform %}
{% button act %}
{% dialog "sure" "真的递交？" confirm="确认递交" %}{% enddialog %}{% endblock %}"""


@pytest.fixture
def form_page(centre: LittleCentre, draw: Draw, tab: Any) -> Callable[..., Any]:
    """Serve the form and open it."""

    def open_it(**context: Any) -> Any:
        refused = {"what": "还不能确认。", "todo": "请先解密。", "needs": [{"what": "已解密", "met": False}]}
        act = {"label": "确认记录", "why": refused}
        centre.pages["/form"] = lambda: draw(FORM, act=act, **context)
        tab.goto(f"{centre.address}/form")
        tab.wait_for_selector("html[data-ready]")
        return tab

    return open_it


def test_an_act_sends_typed_fields_and_its_nonce_once_for_a_double_click(form_page: Any, centre: LittleCentre) -> None:
    page = form_page()
    nonce = page.input_value('[name="_nonce"]')
    page.fill("#f-reason", "价格\n有误")
    page.dblclick("text=递交")
    page.wait_for_selector(".toast")
    assert len(centre.acts) == 1
    assert centre.acts[0]["path"] == "/act/test.act"
    assert centre.acts[0]["nonce"] == nonce
    assert centre.acts[0]["fields"] == {
        "lot": LOT, "price": "1234.50", "days": 540, "at": "2026-03-02T09:30:00+08:00", "reason": "价格\n有误",
        "agreed": True, "tag": ["a", "b"], "scores": {"quality": "7.5", "price": "8"},
    }  # fmt: skip
    assert page.input_value('[name="_nonce"]') != nonce


def test_a_refusal_is_shown_over_the_form_and_the_input_stays(form_page: Any, centre: LittleCentre) -> None:
    said = {
        "refused": "test.too-late",
        "what": "截止时间已过。",
        "todo": "请联系招标人。",
        "source": "条例 36",
        "needs": [{"what": "已签到", "met": True}],
    }
    centre.door = lambda act: (409, said)
    page = form_page()
    page.fill("#f-reason", "仍在这里")
    page.click("text=递交")
    dialog = page.wait_for_selector("dialog[open]")
    assert all(
        part in dialog.inner_text()
        for part in ("截止时间已过。", "请联系招标人。", "条例 36", "已签到", "test.too-late")
    )
    page.click("dialog[open] [data-close]:has-text('关闭')")
    assert page.input_value("#f-reason") == "仍在这里"
    assert page.query_selector("dialog[open]") is None


def test_a_wrong_field_is_marked_where_it_stands(form_page: Any, centre: LittleCentre) -> None:
    centre.door = lambda act: (
        422,
        {"refused": "input.not-understood", "what": "“days”填写有误：太短", "todo": "", "source": "", "needs": []},
    )
    page = form_page()
    page.click("text=递交")
    page.wait_for_selector('#f-days[aria-invalid="true"]')
    assert "太短" in page.inner_text("#f-days-x")


def test_text_that_is_no_number_never_leaves_the_page(form_page: Any, centre: LittleCentre) -> None:
    page = form_page()
    page.fill("#f-price", "一百万")
    page.click("text=递交")
    page.wait_for_selector('#f-price[aria-invalid="true"]')
    assert centre.acts == []


def test_a_lost_network_keeps_everything_and_a_retry_sends_the_same_nonce(form_page: Any, centre: LittleCentre) -> None:
    centre.door = lambda act: None
    page = form_page()
    page.fill("#f-reason", "写了很久")
    page.click("text=递交")
    page.wait_for_selector("[data-failed]")
    assert "已填内容都在" in page.inner_text("[data-failed]")
    assert page.input_value("#f-reason") == "写了很久"
    centre.door = lambda act: (200, done())
    page.click("[data-failed] button")
    page.wait_for_selector(".toast")
    assert len({act["nonce"] for act in centre.acts}) == 1


def test_input_survives_a_reload_until_the_act_is_done(form_page: Any, centre: LittleCentre) -> None:
    page = form_page()
    page.fill("#f-reason", "没写完")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.input_value("#f-reason") == "没写完"
    page.click("text=递交")
    page.wait_for_selector(".toast:has-text('已办理')")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.input_value("#f-reason") == ""


def test_an_act_with_consequences_is_asked_first(form_page: Any, centre: LittleCentre) -> None:
    page = form_page(confirm="sure")
    page.click("#form >> text=递交")
    page.click("#sure >> text=取消")
    page.wait_for_timeout(100)
    assert centre.acts == []
    page.click("#form >> text=递交")
    page.click("#sure >> text=确认递交")
    page.wait_for_selector(".toast")
    assert len(centre.acts) == 1


def test_why_not_opens_the_conditions(form_page: Any) -> None:
    page = form_page()
    page.click("text=为什么不能？")
    assert "已解密" in page.inner_text("dialog[open] .needs")
    page.keyboard.press("Escape")
    assert page.query_selector("dialog[open]") is None


def test_the_clock_goes_on_from_the_servers_time_and_names_the_drift(form_page: Any) -> None:
    page = form_page()
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<div data-clock><b data-clock-time></b><i data-clock-word></i></div>')"
    )
    until(page, "document.querySelector('[data-clock-time]').textContent.startsWith('09:00:0')")
    assert "请校时" in page.inner_text("[data-clock-word]")  # the test's clock stands in March 2026


def test_eight_tabs_share_one_stream_and_each_draws_itself_again(
    centre: LittleCentre, draw: Draw, chromium: Any
) -> None:
    count = {"drawn": 0}

    def page() -> str:
        return draw(FORM, act="按钮", drawn=f"第 {count['drawn']} 次", live_lots=[LOT], mz_position=41)

    centre.pages["/form"] = page
    context = chromium.new_context(locale="zh-CN")
    try:
        tabs = [context.new_page() for _ in range(8)]
        for one in tabs:
            one.goto(f"{centre.address}/form")
            one.wait_for_selector("html[data-ready]")
        tabs[0].wait_for_timeout(600)
        assert len(centre.streams) == 1
        assert any("after=41" in path for path in centre.asked if path.startswith("/live"))
        tabs[3].fill("#f-reason", "正在写")
        count["drawn"] = 1
        centre.happen("opening.list-published", LOT, 42)
        for one in tabs:
            one.wait_for_selector("#facts:has-text('第 1 次')")
        assert tabs[3].input_value("#f-reason") == "正在写"
        tabs[0].close()  # the tab that held the stream
        tabs[1].wait_for_timeout(800)
        count["drawn"] = 2
        assert len(centre.streams) == 1
        centre.happen("opening.list-published", LOT, 43)
        for one in tabs[1:]:
            one.wait_for_selector("#facts:has-text('第 2 次')")
        assert any("after=42" in path for path in centre.asked if path.startswith("/live"))
    finally:
        context.close()


def test_an_event_of_another_lot_or_kind_redraws_nothing(centre: LittleCentre, draw: Draw, tab: Any) -> None:
    centre.pages["/form"] = lambda: draw(FORM, act="按钮", drawn="一次", live_lots=[LOT], mz_position=1)
    tab.goto(f"{centre.address}/form")
    tab.wait_for_selector("html[data-ready]")
    tab.wait_for_timeout(300)
    centre.happen("opening.list-published", str(UUID(int=8)), 2)
    centre.happen("award.notice-sent", LOT, 3)
    tab.wait_for_timeout(500)
    assert [path for path in centre.asked if path.startswith("/form")] == ["/form"]


def test_a_lost_line_is_said_and_comes_back(centre: LittleCentre, draw: Draw, tab: Any) -> None:
    centre.pages["/form"] = lambda: draw(FORM, act="按钮", live_lots=[LOT], mz_position=1)
    tab.goto(f"{centre.address}/form")
    tab.wait_for_selector("html[data-ready]")
    tab.wait_for_timeout(300)
    tab.evaluate(
        "window.seen = false; new MutationObserver(() => { window.seen ||= !document.querySelector('[data-linestate]').hidden }).observe(document.querySelector('[data-linestate]'), {attributes: true})"
    )
    for stream in list(centre.streams):
        stream.put(None)
    until(tab, "window.seen")
    until(tab, "document.querySelector('[data-linestate]').hidden")
    assert len(centre.streams) == 1


VERIFY = """{% extends "base.html" %}{% block scripts %}<script type="module" src="/static/built/verify.js"></script>{% endblock %}
{% block main %}<label data-verify-drop data-verify-keys="/keys.txt"><input type="file"></label><div data-verify-verdict></div>{% endblock %}"""


@pytest.mark.parametrize(("brought", "spoilt", "verdict"), [
    (True, False, "真实，且没有被改动。"), (False, False, "前后一致，来源未证明。"), (True, True, "回执不成立。"),
])  # fmt: skip
def test_a_receipt_is_judged_in_the_browser(
    centre: LittleCentre, draw: Draw, tab: Any, tmp_path: Path, brought: bool, spoilt: bool, verdict: str
) -> None:
    vectors = json.loads((Path(verify.__file__).parent / "vectors" / "receipt.json").read_text("utf-8"))
    text = vectors["accepted"][0]
    file = tmp_path / "receipt.json"
    file.write_text(text.replace('"position":', '"position": ', 1) if spoilt else text, "utf-8")
    centre.pages["/verify"] = lambda: draw(VERIFY)
    if brought:
        centre.pages["/keys.txt"] = lambda: vectors["trust"]
    tab.goto(f"{centre.address}/verify")
    tab.wait_for_load_state()
    tab.set_input_files("input[type=file]", str(file))
    tab.wait_for_selector(f"[data-verify-verdict]:has-text('{verdict}')")


BARE = """{% extends "base.html" %}{% load mz %}
{% block main %}<section id="facts" data-live>{{ drawn }}</section><p id="outside">{{ drawn }}</p>
{% actform "test.act" id="form" %}{% button "递交" tone="main" %}{% endactform %}{% endblock %}"""


def test_an_act_whose_form_stands_outside_the_live_regions_shows_the_page_as_it_is_now(
    centre: LittleCentre, draw: Draw, tab: Any
) -> None:
    centre.pages["/bare"] = lambda: draw(BARE, drawn=f"已办 {len(centre.acts)} 件", live_lots=[LOT], mz_position=1)
    tab.goto(f"{centre.address}/bare")
    tab.wait_for_selector("html[data-ready]")
    assert tab.inner_text("#outside") == "已办 0 件"
    tab.click("text=递交")
    tab.wait_for_selector("#outside:has-text('已办 1 件')")
    tab.wait_for_selector(".toast")  # it is still said that the act was done


ASKING = """{% extends "base.html" %}{% load mz %}
{% block main %}<section id="deposit" data-live data-live-every="1"{% if secured %} class="panel"{% endif %}>{{ drawn }}</section>
{% if not secured %}<section id="transfer" data-live>转账</section>{% endif %}{% endblock %}"""


def test_a_region_fed_by_a_secret_stream_asks_by_itself_and_a_vanished_one_goes(
    centre: LittleCentre, draw: Draw, tab: Any
) -> None:
    facts = {"secured": False, "drawn": "未缴纳"}
    centre.pages["/asking"] = lambda: draw(ASKING, **facts)
    tab.goto(f"{centre.address}/asking")
    tab.wait_for_selector("html[data-ready]")
    assert tab.inner_text("#deposit") == "未缴纳"
    facts.update(secured=True, drawn="已到账")
    tab.wait_for_selector("#deposit.panel:has-text('已到账')")
    until(tab, "document.getElementById('transfer') === null")
