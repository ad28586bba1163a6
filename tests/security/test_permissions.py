"""Role x action x object: the program answers as the reviewed table says, and nothing stands beside the table."""

import os

import pytest
from tests import journey
from tests.architecture.matrix import addresses
from tests.played import played
from tests.security import permissions
from tests.security.asking import OPEN

REVIEW = os.environ.get("MINGZHENG_REVIEW") == "1"
kept_submitted, submitted = played("submitted")
kept_opened, opened = played("opened")


@pytest.fixture
def scoring(opened):
    journey.committee(opened)
    for player in journey.members(opened)[:2]:
        journey.score(opened, player)
    opened.settle()
    return opened


@pytest.mark.clause("GF-4.2.2-4", "ZB-4.4.2")
@pytest.mark.parametrize("moment", permissions.MOMENTS)
def test_every_page_and_every_command_answers_everybody_as_the_reviewed_table_says(db, moment, request):
    world = request.getfixturevalue(moment)
    asked = permissions.pages(world), permissions.commands(world)
    if REVIEW:
        permissions.write(moment, *asked)
        permissions.DOCS.write_text(permissions.drawn(), "utf-8")
    kept = permissions.table()
    for kind, found in zip(("pages", "commands"), asked, strict=True):
        for name, answers in found.items():
            assert kept[kind][name].get(moment) == answers, (moment, name)


def test_no_address_and_no_command_is_missing_from_the_table_or_has_other_roles():
    if REVIEW:  # enough for a page without objects
        permissions.write("", {}, {})
        permissions.DOCS.write_text(permissions.drawn(), "utf-8")
    kept = permissions.table()
    assert {one.route: sorted(one.page.roles) for one in addresses()} == {
        route: row["roles"] for route, row in kept["pages"].items()
    }
    assert {act: (sorted(one.by), one.binds) for act, one in OPEN.items()} == {
        act: (row["by"], row["binds"]) for act, row in kept["commands"].items()
    }
    assert all(one.by for one in OPEN.values())


def test_whoever_has_none_of_the_roles_is_turned_away_everywhere_in_the_table():
    for act, row in permissions.table()["commands"].items():
        for moment in permissions.MOMENTS:
            turned_away = {*row[moment].get("access.not-yours", ()), *row[moment].get("access.login-first", ())}
            if not {"*", "public"} & set(row["by"]):
                assert "public" in turned_away, act
            if not {"*", "public", "member"} & set(row["by"]):
                for login, role in ROLES.items():
                    assert (role & set(row["by"])) or login in turned_away, (act, login)


ROLES = {
    "water": {"procuring_entity"}, "school": {"procuring_entity"}, "agency": {"agency"}, "mao": {"agency"}, "jia": {"bidder"},
    "yi": {"bidder"}, "wu": {"bidder"}, "expert1": {"expert"}, "expert7": {"expert"}, "staff": {"centre_staff"},
    "witness": {"centre_staff", "witness"}, "supervisor": {"supervisor"}, "archivist": {"archivist"}, "operator": {"operator"},
    "sysadmin": {"system_admin"}, "secadmin": {"security_admin"}, "auditor": {"audit_admin"},
}  # fmt: skip
OUTSIDERS = ("public", "school", "mao", "wu", "expert7")
FOR_STRANGERS = {  # what somebody who has no part in this lot may do at all
    "consulting.ask", "archiving.file_inquiry", "parties.set_password", "parties.begin_totp", "parties.add_person",
}  # fmt: skip


def test_nobody_without_a_part_in_the_lot_gets_anything_done_in_it():
    for act, row in permissions.table()["commands"].items():
        for moment in permissions.MOMENTS:
            done = set(row[moment].get("done", ())) & set(OUTSIDERS)
            assert not done or act in FOR_STRANGERS | ENTERING, (act, moment, done)


ENTERING = {
    "tendering.enrol",
    "tendering.download_document",
    "procedures.publish_tender_plan",
    "procedures.submit_registration",
}


def test_the_page_of_permissions_is_drawn_from_the_table():
    assert permissions.DOCS.read_text("utf-8") == permissions.drawn()
