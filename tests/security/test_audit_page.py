"""The audit page: names instead of codes, filters an auditor needs, a page at a time, and nobody listed who must not be."""

import pytest
from tests import journey
from tests.walls import looking

from mingzheng.ledger import reading, sequencing
from mingzheng.site.audit import views
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures

pytestmark = pytest.mark.django_db


def settle():
    """The reader has drawn everything."""
    sequencing.settle()
    while reading.advance(reading.READERS["trail"]):
        pass


@pytest.fixture
def played(world):
    """A registration by an owner, completed by the centre; and a day later something of staff alone."""
    cast = world.cast
    cast.bidder.do("parties.begin_totp")
    journey.register(world)
    world.kept["number"] = procedures.procedure(world.procedure).number
    world.clock.forward(days=1)
    cast.staff.do("parties.begin_totp")
    cast.staff.refused(
        "parties.grant_role", person=cast.witness.person, organisation=cast.witness.organisation, role="x"
    )
    settle()
    return world


def seen(world, address=""):
    return looking.visitor(world.cast.audit_admin).get(f"/admin-audit{address}")


def told(page):
    return [(line["who"][1], line["what"][0]) for line in page.context["lines"]]


def test_without_a_filter_the_newest_of_everybody_who_may_be_listed_come_first_in_words(played):
    page = seen(played)
    lines = told(page)
    assert ("water", "提交项目登记") in lines
    assert ("staff", "项目登记完成") in lines
    assert not [who for who, _ in lines if who in ("jia", "expert1")]
    times = [line["at"] for line in page.context["lines"]]
    assert times == sorted(times, reverse=True)
    text = page.content.decode()
    assert "procedures.registration-submitted" not in text.replace('value="procedures.registration-submitted"', "")
    assert played.kept["number"] in text
    english = looking.visitor(played.cast.audit_admin)
    english.post("/language", {"language": "en"})
    assert "提交项目登记" not in english.get("/admin-audit").content.decode()


def test_it_is_narrowed_by_person_kind_day_and_procedure(played):
    day = f"{played.clock():%Y-%m-%d}"
    assert {who for who, _ in told(seen(played, "?q=staff"))} == {"staff"}
    assert set(told(seen(played, "?kind=parties.totp-begun"))) == {("staff", "开始设置动态码")}
    assert ("jia", "开始设置动态码") in told(seen(played, "?q=jia&kind=parties.totp-begun"))
    today = told(seen(played, f"?q=staff&since={day}"))
    assert ("staff", "开始设置动态码") in today
    assert ("staff", "项目登记完成") not in today
    assert ("staff", "项目登记完成") in told(seen(played, f"?q=staff&until={played.clock().replace(day=2):%Y-%m-%d}"))
    number = played.kept["number"]
    project = told(seen(played, f"?procedure={number}"))
    assert {"提交项目登记", "项目登记完成"} <= {what for _, what in project}
    assert "开始设置动态码" not in {what for _, what in project}
    section = procedures.lot(played.lot).section_code
    assert told(seen(played, f"?procedure={section}")) == project


def test_a_refused_act_is_found_as_such_with_the_act_and_why(played):
    (line,) = seen(played, "?q=staff&kind=refused").context["lines"]
    assert line["what"] == ("操作被拒", "parties.grant_role")
    assert line["outcome"][1] == "warn"


def test_what_does_not_exist_is_said_and_broken_filters_narrow_nothing(played):
    assert seen(played, "?q=nobody").context["unknown"]
    assert seen(played, "?procedure=DJ-1999-1").context["missing"]
    assert told(seen(played, "?since=x&until=31.2.&before=-1")) == told(seen(played))


def test_older_lines_come_page_by_page_without_gap_or_doubling(played, monkeypatch):
    whole = [line["number"] for line in seen(played, "?q=staff").context["lines"]]
    monkeypatch.setattr(views, "LINES", 2)
    found, address = [], "?q=staff"
    for _ in range(len(whole)):
        page = seen(played, address)
        found += [line["number"] for line in page.context["lines"]]
        address = page.context["older"]
        if not address:
            break
    assert found == whole
    assert "回到最新" in page.content.decode()


def test_a_search_that_looked_through_enough_goes_on_where_it_stopped(played, monkeypatch):
    from mingzheng.stages.parties.queries import trails

    monkeypatch.setattr(trails, "MOST_LOOKED_THROUGH", 1)
    sought, found = parties.Sought(kind="procedures.registration-submitted"), []
    for _ in range(200):
        page = parties.seek(sought, 50)
        found += page.lines
        if page.older is None:
            break
        sought = parties.Sought(kind=sought.kind, before=page.older)
    assert [one.what for one in found] == ["procedures.registration-submitted"]


def test_a_bidder_somebody_else_acted_upon_is_not_named_either(played):
    cast = played.cast
    cast.security_admin.do("parties.revoke_certificate", fingerprint=cast.bidder.fingerprint, reason="密钥遗失")
    settle()
    (line,) = seen(played, "?kind=parties.certificate-revoked").context["lines"]
    assert line["object"] == ("投标人或专家（不列名）", "")
    assert cast.bidder.name not in seen(played).content.decode()
    assert seen(played, "?q=jia").context["person"].name == cast.bidder.name


def test_whoever_was_a_bidder_or_an_expert_once_is_in_no_list(played):
    cast = played.cast
    cast.security_admin.do(
        "parties.withdraw_role", person=cast.bidder.person, organisation=cast.bidder.organisation, role="bidder",
        reason="离职",
    )  # fmt: skip
    settle()
    assert "jia" not in {who for who, _ in told(seen(played))}
