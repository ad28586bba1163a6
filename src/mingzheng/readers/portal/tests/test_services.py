"""What the centre publishes about its services: complete, dated, with a way in, and three entrances."""

import re
import tomllib
from pathlib import Path

import pytest
from tests.journey import REGISTRATION, register

from mingzheng.kernel.actor import PUBLIC
from mingzheng.kernel.refusal import Refused
from mingzheng.readers.portal import service_items
from mingzheng.readers.portal.service_items import BadServiceItem, catalogue
from mingzheng.readers.portal.web import service_pages as pages
from mingzheng.stages.archiving.web import views as archive_pages
from mingzheng.stages.procedures.web import views as procedure_pages

pytestmark = pytest.mark.django_db
LOT = {"name": "土建及安装", "estimate": "186000000", "content": "构筑物"}


@pytest.fixture
def read(rf):
    """`read(view, player, query, **arguments)`: the page's text as that person (None: the public) reads it."""
    from django.contrib.sessions.backends.base import SessionBase

    def shown(view, player=None, query="", **arguments):
        request = rf.get(f"/{query}")
        request.session, request.actor = SessionBase(), player.actor if player else PUBLIC
        response = view(request, **arguments)
        assert response.status_code == 200
        return response.content.decode()

    return shown


def entry(client, name):
    """Where the public catalogue says a service starts."""
    page = client.get("/guide").content.decode()
    found = re.search(rf'<a[^>]+href="([^"]+)"[^>]*data-service="{name}"', page)
    assert found, name
    assert catalogue().item(name).zh in page
    return found.group(1)


@pytest.mark.clause("GF-4.1.3-1", "GF-10.2-1")
def test_every_service_has_a_public_guide_that_says_everything_and_none_without_a_promise_is_published(client):
    for one in catalogue().items:
        page = client.get(f"/guide/{one.id}").content.decode()
        for part in ("conditions", "materials", "promise", "contact", "version"):
            text = re.search(rf'id="{part}">([^<]+)<', page).group(1)
            assert text.strip(), (one.id, part)
        assert one.promise in page
        assert len(re.findall(r"<li", re.search(r'<ol[^>]+id="steps".*?</ol>', page, re.S).group(0))) == len(one.steps)
        assert re.search(r"20\d\d-\d\d-\d\d", page)
    content = tomllib.loads((Path(service_items.__file__).parent / "catalogue.toml").read_text("utf-8"))
    del content["item"][1]["promise"]
    with pytest.raises(BadServiceItem, match="registration: no promise"):
        service_items.build(content)


@pytest.mark.clause("GF-4.1.2-2")
def test_a_service_page_shows_ordered_steps_with_who_does_them_and_my_case_stands_at_its_state(cast, read):
    item = catalogue().item("registration")
    plain = read(pages.item, name="registration")
    steps = re.findall(r"<li>([^<]+) <span class=\"sub\">([^<]+)</span></li>", plain)
    assert [(what, who) for what, who in steps] == [(one.what, one.who) for one in item.steps]
    done = cast.owner.do("procedures.submit_registration", content=REGISTRATION, lots=[LOT]).event
    query = f"?procedure={done.procedure}"

    def current():
        return re.search(
            r'<li aria-current="step">([^<]+) <', read(pages.item, cast.owner, query, name="registration")
        ).group(1)

    assert f"/guide/registration{query}" in read(procedure_pages.procedure, cast.owner, procedure=done.procedure)
    assert current() == item.steps[0].what
    cast.staff.do("procedures.return_registration", procedure=done.procedure, items=["资金证明"])
    assert current() == item.steps[1].what
    cast.owner.do("procedures.supplement_registration", procedure=done.procedure, supplied={"资金证明": "已补"})
    assert current() == item.steps[2].what
    cast.staff.do("procedures.complete_registration", procedure=done.procedure, service_responsible=cast.staff.person)
    assert current() == item.steps[3].what
    with pytest.raises(Refused):
        read(pages.item, cast.stranger, query, name="registration")


@pytest.mark.clause("GF-10.3")
def test_services_processes_standards_and_fees_are_public_with_the_date_they_apply_from(client):
    for address, word in (
        ("/guide", "项目登记"),
        ("/services/process", "完成登记"),
        ("/services/standards", "一次性告知"),
        ("/services/fees", "免费"),
    ):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert word in page
        assert "2026-01-01" in page


@pytest.mark.clause("GF-5.2")
def test_the_catalogue_lists_registration_and_its_entry_opens_the_form(cast, client, read):
    assert entry(client, "registration") == "/procedures/new"
    assert 'data-act="procedures.submit_registration"' in read(procedure_pages.new_registration, cast.owner)


@pytest.mark.clause("GF-5.4")
def test_the_catalogue_lists_publication_and_its_entry_lists_notices_by_type_and_date_without_login(lot_at, client):
    world = lot_at("announced")
    world.settle("none")
    href = entry(client, "publication")
    page = client.get(href).content.decode()
    assert world.facts.procedure_name in page
    assert "招标公告" in page and "03-02" in page
    assert world.facts.procedure_name in client.get(f"{href}?kind=tender_notice").content.decode()
    other = client.get(f"{href}?kind=result_announcement").content.decode()
    assert f'href="/lots/{world.lot}"' not in other


@pytest.mark.clause("GF-4.2.4-1")
def test_the_front_page_begins_with_links_to_content_process_norms_and_supervision_and_each_opens(client):
    page = client.get("/").content.decode()
    first = re.search(r"<nav[^>]*data-first-screen.*?</nav>", page, re.S).group(0)
    assert page.index("data-first-screen") < page.index('id="openings"')
    links = {label: href for href, label in re.findall(r'<a href="([^"]+)">([^<]+)</a>', first)}
    for label in ("服务内容", "服务流程", "服务规范", "监督渠道"):
        answer = client.get(links[label].replace("&amp;", "&"))
        assert answer.status_code == 200
        assert len(re.sub(r"<[^>]+>|\s", "", re.search(r"<main.*</main>", answer.content.decode(), re.S).group(0))) > 60


@pytest.mark.clause("GF-3.2")
def test_there_are_three_entrances_each_with_its_services_and_only_the_public_one_needs_no_role(cast, client, read):
    front = client.get("/").content.decode()
    entrances = {
        "public": (pages.entrance_public, None), "parties": (pages.entrance_parties, cast.owner),
        "supervision": (pages.entrance_supervision, cast.supervisor),
    }  # fmt: skip
    for name, (view, player) in entrances.items():
        assert f'href="/enter/{name}"' in front
        page = read(view, player)
        listed = catalogue().for_audience(name)
        assert listed
        for one in listed:
            assert one.zh in page and one.entry in page
    assert client.get("/enter/public").status_code == 200
    for name in ("parties", "supervision"):
        assert client.get(f"/enter/{name}", headers={"accept": "application/json"}).status_code == 401
    for view, wrong in ((pages.entrance_parties, cast.supervisor), (pages.entrance_supervision, cast.owner)):
        with pytest.raises(Refused) as refused:
            read(view, wrong)
        assert refused.value.kind.status == 403


@pytest.mark.clause("GF-6.1.3.2")
def test_the_guide_of_bidders_in_construction_has_process_guide_cautions_and_its_version(client):
    page = client.get("/guide/bidder/construction").content.decode()
    for part in ("process", "guide", "cautions"):
        found = re.search(rf'<[ou]l[^>]+id="{part}">(.*?)</[ou]l>', page, re.S).group(1)
        assert len(re.findall(r"<li>[^<]+</li>", found)) >= 2
    assert re.search(r'id="version">2026\.1，\d{4}-\d\d-\d\d<', page)


@pytest.mark.clause("GF-5.6")
def test_the_catalogue_lists_filing_and_the_archivist_sees_lots_past_their_date_with_what_is_missing(
    world, client, read
):
    assert entry(client, "filing") == "/archives"
    keeper = world.cast.archivist
    register(world)
    world.cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    world.clock.forward(days=91)
    page = read(archive_pages.archives, keeper)
    row = re.search(rf'<tr><td class="name two"><a href="/lots/{world.lot}/file">.*?</tr>', page, re.S).group(0)
    assert "已超期" in row
    assert re.search(r'<td class="num"[^>]*>\d+</td>', row)


@pytest.mark.clause("GF-5.8")
def test_the_catalogue_lists_inquiry_and_filing_one_gives_a_number_on_the_archivists_list(world, client, read):
    assert entry(client, "inquiry") == "/archives/inquiries"
    register(world)
    keeper = world.cast.archivist
    world.cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    keeper.do("archiving.close_file", lot=world.lot)
    filed = world.cast.owner.do("archiving.file_inquiry", lot=world.lot, items=[1], purpose="审计").event
    assert re.fullmatch(r"CX-2026-\d{5}", filed.number)
    page = read(archive_pages.inquiries, keeper)
    assert filed.number in page and "待批准" in page
    assert 'data-act="archiving.decide_inquiry"' in page
