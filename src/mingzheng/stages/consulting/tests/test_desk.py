"""The consultation desk: every channel, every kind of question, one person responsible, answers that can be found."""

import re
from datetime import timedelta

import pytest
from tests.journey import register

from mingzheng.kernel.actor import PUBLIC
from mingzheng.stages.consulting import commands, queries, rules
from mingzheng.stages.consulting.web import views
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures.web import views as procedure_views

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(rf):
    """`read(view, player, **query)`: the page's text as that person (None: the public) reads it."""
    from django.contrib.sessions.backends.base import SessionBase

    def shown(view, player=None, query="", **arguments):
        request = rf.get(f"/{query}")
        request.session, request.actor = SessionBase(), player.actor if player else PUBLIC
        response = view(request, **arguments)
        assert response.status_code == 200
        return response.content.decode()

    return shown


def public_ask(cast, **fields):
    """A visitor without login asks."""
    cast.staff  # noqa: B018 - somebody of the desk is in the register
    return commands.ask(actor=PUBLIC, key="visitor-0001", **fields).event


@pytest.mark.clause("GF-6.1.1-1", "RG-6.2-1")
def test_a_visitor_asks_online_for_a_number_and_with_it_reads_answer_handler_and_time(cast, clock, read):
    asked = public_ask(cast, category="policy", text="没有本地业绩能不能投标？")
    number = queries.question(asked.question).number
    assert re.fullmatch(r"ZX-2026-00001-[0-9A-Z]{5}", number)
    assert "办理中" in read(views.consult, query=f"?number={number}")
    clock.forward(hours=3)
    cast.staff.do(
        "consulting.answer", question=asked.question, text="可以，不得以本地业绩限制投标。", citations=["招标投标法"]
    )
    page = read(views.consult, query=f"?number={number}")
    assert "不得以本地业绩限制投标" in page
    assert cast.staff.name in page
    assert "2026-03-02 12:00" in page
    kept = queries.by_number(number)
    assert kept.answered_at == clock()
    for words in (number, "本地业绩", "不得以"):
        assert [one.id for one in queries.register(words)] == [asked.question]
    assert asked.number in read(views.consultations, cast.staff, query="?q=本地业绩")


@pytest.mark.clause("GF-5.1")
def test_the_service_catalogue_lists_consultation_and_its_entry_opens_the_form_that_gives_a_number(cast, client):
    page = client.get("/guide").content.decode()
    (href,) = set(re.findall(r'<a[^>]+href="([^"]+)"[^>]*data-service="consultation"', page))
    form = client.get(href).content.decode()
    assert 'data-act="consulting.ask"' in form
    assert public_ask(cast, category="other", text="几点上班？").number.startswith("ZX-2026-")


@pytest.mark.clause("RG-7.1-1", "RG-7.1-2")
def test_questions_on_approval_and_fair_competition_are_kept_whole_and_linked_from_the_project(
    world, cast, clock, read
):
    register(world)
    page = read(views.consult, cast.owner)
    for key, label in (("approval", "项目审批咨询"), ("competition", "公平竞争审查咨询")):
        assert f'<option value="{key}"' in page and label in page
        asked = cast.owner.do(
            "consulting.ask", category=key, text=f"{label}：需要哪些材料？", procedure=world.procedure
        ).event
        begun = clock()
        clock.forward(hours=1)
        cast.staff.do("consulting.answer", question=asked.question, text="审批文件和自查表。")
        kept = queries.question(asked.question)
        assert (kept.category_name, kept.text, kept.answer) == (label, f"{label}：需要哪些材料？", "审批文件和自查表。")
        assert (kept.handler, kept.asked_at, kept.answered_at) == (cast.staff.person, begun, clock())
    linked = read(procedure_views.procedure, cast.staff, procedure=world.procedure)
    (href,) = re.findall(r'href="(/consultations\?procedure=[^"]+)"', linked)
    found = read(views.consultations, cast.staff, query=href.removeprefix("/consultations"))
    assert "公平竞争审查咨询：需要哪些材料？" in found
    assert len(queries.of_procedure(world.procedure)) == 2


@pytest.mark.clause("RG-7.1-3")
def test_an_answer_on_policy_cites_a_law_that_opens_by_its_link(cast, read):
    assert "政策法规咨询" in read(views.consult)
    asked = public_ask(cast, category="policy", text="等标期多久？")
    refused = cast.staff.refused("consulting.answer", question=asked.question, text="二十日。")
    assert refused.code == "consulting.citation-needed"
    assert (
        cast.staff.refused("consulting.answer", question=asked.question, text="x", citations=["没有这部法"]).code
        == "consulting.incomplete"
    )
    cast.staff.do(
        "consulting.answer", question=asked.question, text="不少于二十日。", citations=["招标投标法"], publish=True
    )
    assert queries.question(asked.question).citations == ("招标投标法",)
    page = read(views.consult)
    href = re.search(r'href="/laws(\?law=[^"]+)"', page).group(1)
    assert "中华人民共和国招标投标法" in read(views.laws, query=href)


@pytest.mark.clause("RG-7.1-4")
def test_the_answer_on_entering_the_venue_reaches_the_askers_workspace_with_times_of_answer_and_reading(
    cast, clock, read
):
    staff = cast.staff
    assert "进场交易事项咨询" in read(views.consult, cast.owner)
    asked = cast.owner.do("consulting.ask", category="trading", text="进场要预约吗？").event
    clock.forward(hours=1)
    staff.do("consulting.answer", question=asked.question, text="登记时即预约。")
    assert [one.topic for one in notifying.inbox(cast.owner.person)].count("answer") == 1
    page = read(views.consult, cast.owner)
    assert "登记时即预约。" in page and "2026-03-02 10:00" in page
    assert queries.question(asked.question).read_at is None
    clock.forward(hours=1)
    cast.owner.do("consulting.read_answer", question=asked.question)
    assert queries.question(asked.question).read_at == clock()
    assert "2026-03-02 11:00" in read(views.consult, cast.owner)
    assert cast.agency.refused("consulting.read_answer", question=asked.question).code == "consulting.not-open"


@pytest.mark.clause("GF-6.1.1-2", "GF-6.1.1-3")
def test_what_comes_by_telephone_and_at_the_counter_stands_in_the_register_and_in_the_counts(cast, clock, read):
    public_ask(cast, category="other", text="网上问的")
    phoned = cast.staff.do(
        "consulting.ask", category="trading", text="保证金退了吗？", channel="phone", caller="李先生 0990-1234567"
    ).event
    cast.staff.do("consulting.answer", question=phoned.question, text="已退。")
    kept = queries.question(phoned.question)
    assert (kept.caller, kept.text, kept.answer, kept.asked_at) == (
        "李先生 0990-1234567",
        "保证金退了吗？",
        "已退。",
        clock(),
    )
    cast.staff.do("consulting.ask", category="other", text="在哪里办证书？", channel="onsite", counter="3号")
    assert queries.count_by_channel() == {"online": 1, "phone": 1, "onsite": 1}
    page = read(views.consultations, cast.staff)
    assert "李先生" in page and "3号" in page
    assert "电话 1" in page and "现场 1" in page
    assert (
        cast.staff.refused("consulting.ask", category="other", text="x", channel="onsite").code
        == "consulting.incomplete"
    )
    assert (
        cast.owner.refused("consulting.ask", category="other", text="x", channel="phone", caller="y").code
        == "consulting.staff-only"
    )


@pytest.mark.clause("GF-6.1.2-1")
def test_who_was_asked_first_stays_responsible_after_forwarding_and_finds_it_in_the_own_overdue_list(cast, clock, read):
    asked = cast.staff.do("consulting.ask", category="trading", text="怎么预约？", channel="phone", caller="王").event
    assert asked.first_responsible == cast.staff.person
    cast.staff.do("consulting.forward", question=asked.question, to=cast.witness.person)
    kept = queries.question(asked.question)
    assert (kept.first_responsible, kept.handler) == (cast.staff.person, cast.witness.person)
    clock.set(rules.promised(kept.asked_at) - timedelta(seconds=1))
    assert queries.overdue(cast.staff.person, clock()) == []
    clock.forward(seconds=1)
    assert [one.id for one in queries.overdue(cast.staff.person, clock())] == [asked.question]
    assert queries.overdue(cast.witness.person, clock()) == []
    assert "我负责的已超期" in read(views.consultations, cast.staff)


@pytest.mark.clause("GF-6.1.3.4")
def test_any_other_question_is_taken_numbered_and_put_into_the_duty_desks_queue(cast, read):
    asked = public_ask(cast, category="other", text="停车场在哪里？")
    assert asked.number
    assert [one.id for one in queries.register(queue="duty")] == [asked.question]
    assert "停车场在哪里？" in read(views.consultations, cast.staff, query="?queue=duty")


@pytest.mark.clause("GF-6.1.4")
def test_what_is_outside_the_centres_competence_is_not_closed_without_explanation_and_referral(cast):
    asked = public_ask(cast, category="other", text="怎么报警？")
    for given in ({"explanation": "", "referral": "110"}, {"explanation": "不归我们管", "referral": ""}):
        assert (
            cast.staff.refused("consulting.refer", question=asked.question, **given).code
            == "consulting.explanation-needed"
        )
    assert queries.question(asked.question).state == "open"
    cast.staff.do(
        "consulting.refer", question=asked.question, explanation="交易中心不受理治安案件。", referral="公安机关，110"
    )
    kept = queries.question(asked.question)
    assert (kept.state, kept.answer, kept.referral) == ("referred", "交易中心不受理治安案件。", "公安机关，110")


@pytest.mark.clause("GF-10.4-2")
def test_the_portal_tells_phone_and_mailbox_for_complaints_and_a_complaint_from_the_page_is_registered(
    cast, client, settings
):
    cast.staff  # noqa: B018 - somebody of the desk is in the register
    settings.MINGZHENG_COMPLAINT_PHONE, settings.MINGZHENG_COMPLAINT_MAILBOX = "0990-12300", "box@centre.example"
    page = client.get("/consult?category=complaint").content.decode()
    assert "0990-12300" in page and "box@centre.example" in page
    nonce = re.search(r'name="_nonce" value="([^"]+)"', page).group(1)
    answer = client.post(
        "/act/consulting.ask", {"category": "complaint", "text": "窗口无人", "_nonce": nonce, "_next": "/consult"}
    )
    assert answer.status_code == 302
    (kept,) = queries.register(category="complaint")
    assert (kept.text, kept.state) == ("窗口无人", "open")


@pytest.mark.clause("GF-4.1.3-3")
def test_the_public_follows_a_lot_without_its_secrets_and_can_leave_a_message_to_supervision(lot_at, client):
    world = lot_at("submitted")
    world.settle()
    page = client.get(f"/lots/{world.lot}").content.decode()
    assert "招标公告发布" in page and "项目登记完成" in page
    for bidder in world.cast.bidders[:3]:
        assert bidder.organisation_name not in page
        assert str(bidder.organisation) not in page
    world.cast.staff  # noqa: B018 - somebody of the desk is in the register
    form = client.get("/consult?category=supervision").content.decode()
    nonce = re.search(r'name="_nonce" value="([^"]+)"', form).group(1)
    client.post(
        "/act/consulting.ask", {"category": "supervision", "text": "请核查公告", "_nonce": nonce, "_next": "/consult"}
    )
    assert [one.text for one in queries.register(category="supervision")] == ["请核查公告"]


@pytest.mark.clause("GF-6.1.3.1")
def test_full_text_search_finds_an_article_first_with_number_title_date_and_link(client):
    page = client.get("/laws?q=最低投标限价").content.decode()
    first = re.search(r'<ol[^>]*id="articles"><li><a href="([^"]+)">([^<]+)</a>([^<]+)<span class="sub">([^<]+)', page)
    href, title, text, facts = first.groups()
    assert "中华人民共和国招标投标法实施条例" in title
    assert re.search(r"\d", title), "the number of the article"
    assert "最低投标限价" in text
    assert re.search(r"20\d\d-\d\d-\d\d", facts)
    opened = client.get(href.replace("&amp;", "&")).content.decode()
    assert "最低投标限价" in opened


def test_before_it_is_published_nobody_else_finds_a_question(cast, read):
    asked = public_ask(cast, category="other", text="我们公司想投这个标")
    cast.staff.do("consulting.answer", question=asked.question, text="请按公告办理。")
    assert "我们公司想投" not in read(views.consult)
    assert "我们公司想投" not in read(views.consult, cast.rival, query="?q=投")
    assert queries.published("投") == []
