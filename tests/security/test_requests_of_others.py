"""Requests somebody else makes a browser send, sessions somebody else knows, and questions whether something exists."""

import json
import re
from uuid import UUID

import pytest
from django.test import Client
from tests.people import Player
from tests.played import played
from tests.security.addresses import everywhere, path_of
from tests.security.asking import OPEN
from tests.walls import looking

from mingzheng.kernel.ids import new_id, random_id
from mingzheng.ledger.writing import COMMANDS, acting_as
from mingzheng.site.live import views
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.models import Document

kept_submitted, submitted = played("submitted")
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
SHAPE = re.compile(
    r'[0-9a-f]{8}-[0-9a-f-]{27}|name="(csrfmiddlewaretoken|_nonce)" value="[^"]*"|content="[^"]{64}"|why-\w+'
)


# Cross-site requests


@pytest.mark.clause("GF-4.2.2-4")
@pytest.mark.django_db
@pytest.mark.parametrize("address", [pytest.param(one, id=one.route or "/") for one in everywhere()])
def test_no_address_changes_anything_without_the_token(address):
    """Every method that may change something, at every address there is: the token is asked before the view runs."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    path = path_of(address)
    for method in CHANGING:
        for kind in (
            "application/json",
            "application/x-www-form-urlencoded",
            "text/plain",
            "application/offset+octet-stream",
        ):
            assert client.generic(method, path, "{}", content_type=kind).status_code == 403, (method, path, kind)


@pytest.mark.parametrize("address", [pytest.param(one, id=one.route or "/") for one in everywhere()])
def test_no_view_is_exempt_from_the_token(address):
    assert not getattr(address.view, "csrf_exempt", False)


@pytest.mark.parametrize("act", sorted(OPEN))
def test_no_act_runs_without_the_token(db, act):
    client = Client(enforce_csrf_checks=True)
    body = json.dumps({"fields": {}, "nonce": "nonce-without-token"})
    assert client.post(f"/act/{act}", body, content_type="application/json").status_code == 403


def test_nothing_is_done_by_asking(db):
    """GET on a door for acts or on anything that only takes posts is not allowed."""
    for act in OPEN:
        assert Client().get(f"/act/{act}").status_code == 405


def test_what_only_the_system_does_has_no_door(submitted):
    """Asked by an administrator too: such an act is not there."""
    client = looking.visitor(submitted.cast.security_admin)
    for act, one in COMMANDS.items():
        if one.by <= {"system"}:
            body = json.dumps({"fields": {}, "nonce": "nonce-of-nobody"})
            answer = client.post(f"/act/{act}", body, content_type="application/json")
            assert (answer.status_code, answer.json()["refused"]) == (404, "access.not-found"), act


def test_nobody_is_sent_to_another_site(submitted):
    client = looking.visitor(submitted.cast.bidder)
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "https:evil.example",
    ):
        assert "evil" not in client.post("/language", {"language": "en", "_next": target})["Location"]
        page = Client().get("/login", {"next": target}).content.decode()
        assert 'value="/desk"' in page or "evil" not in page


# Sessions


def test_a_session_of_before_the_login_is_worth_nothing_after_it(cast):
    """Fixation: whoever planted the key of a session does not get the login."""
    from mingzheng.stages.parties.web import sessions

    client = Client()
    client.get("/login/challenge")
    planted = client.cookies["mz_session"].value
    jia = cast.bidder
    request = client.request().wsgi_request
    request.session = client.session
    request.session["planted"] = "by a stranger"
    request.session.save()
    sessions.begin(request, random_id(), jia.person)
    assert request.session.session_key != planted
    assert "planted" not in request.session
    assert not request.session.exists(planted)


def test_a_made_up_session_key_is_never_adopted(db):
    client = Client()
    client.cookies["mz_session"] = "a" * 32
    client.get("/login/challenge")
    assert client.cookies["mz_session"].value != "a" * 32


@pytest.mark.clause("ZB-4.4.2")
def test_whoever_is_put_out_is_out_with_the_next_click(submitted):
    """Role, membership or certificate withdrawn: the open session sees it at once, and so does a copied one."""
    cast = submitted.cast
    yi, staff, expert = cast.rival, cast.staff, cast.by_login("expert1")
    clients = {player.login: looking.visitor(player) for player in (yi, staff, expert)}
    assert clients["yi"].get("/bids").status_code == clients["staff"].get("/archives").status_code == 200
    cast.security_admin.do("parties.revoke_certificate", fingerprint=yi.fingerprint, reason="遗失")
    for person, role in ((staff, "centre_staff"), (expert, "member")):
        cast.security_admin.do(
            "parties.withdraw_role", person=person.person, organisation=person.organisation, role=role, reason="离岗"
        )
    assert clients["yi"].get("/bids").status_code == 302
    assert clients["staff"].get("/archives").status_code == 403
    assert clients["expert1"].get("/evaluations").status_code == 302
    body = json.dumps({"fields": {"lot": str(submitted.lot)}, "nonce": "nonce-of-the-revoked"})
    answer = clients["yi"].post("/act/deposits.open_account", body, content_type="application/json")
    assert answer.json()["refused"] == "access.login-first"


# Whether something exists


def _told(client, path):
    answer = client.get(path)
    text = answer.content.decode() if not answer.streaming else ""
    return answer.status_code, SHAPE.sub("", text)


@pytest.fixture
def unannounced(submitted):
    """A lot of the same owner before its notice: nobody but owner, centre and supervision knows of it."""
    from tests import journey

    known = (submitted.lot, submitted.procedure)
    journey.register(submitted, by=submitted.cast.owner, name="尚未公告的项目")
    hidden, procedure = submitted.lot, submitted.procedure
    submitted.lot, submitted.procedure = known
    return hidden, procedure


def test_a_lot_nobody_may_know_of_is_answered_like_one_that_does_not_exist(submitted, unannounced):
    hidden, procedure = unannounced
    papers = [one.id for one in procedures.documents(hidden)]
    people = [None, submitted.cast.bidder, submitted.cast.by_login("expert1"), submitted.cast.by_login("school")]
    for player in people:
        client, nobody = looking.visitor(player), new_id()
        for address in everywhere():
            if "lot" in address.converters:
                bid = random_id()
                there, nothing = (
                    _told(client, path_of(address, lot=one, bid=bid, number=7)) for one in (hidden, nobody)
                )
                assert there == nothing, (player and player.login, address.route)
            elif "procedure" in address.converters:
                there, nothing = (_told(client, path_of(address, procedure=one)) for one in (procedure, nobody))
                assert there == nothing, (player and player.login, address.route)
        for paper in papers:
            assert _told(client, f"/documents/{paper}.pdf") == _told(client, f"/documents/{nobody}.pdf")


def test_the_live_stream_is_silent_about_a_lot_nobody_may_know_of(submitted, unannounced, monkeypatch):
    hidden, _procedure = unannounced
    heard = []
    monkeypatch.setattr(views, "_stream", lambda streams, after: heard.append(streams))
    for player in (None, submitted.cast.bidder, submitted.cast.staff, submitted.cast.owner):
        looking.visitor(player).get("/live", {"lots": f"{hidden},{submitted.lot},{new_id()}", "after": "0"})
    stranger, own = [f"lot:{submitted.lot}"], [f"lot:{hidden}", f"lot:{submitted.lot}"]
    assert heard == [stranger, stranger, own, own]


def test_papers_inquiries_and_uploads_of_others_are_answered_like_none(submitted):
    world, client = submitted, looking.visitor(submitted.cast.stranger)
    secret = procedures.documents(world.lot)[0].id
    with acting_as("test"):
        Document.objects.filter(pk=secret).update(public=False)
    for ending in ("pdf", "sig"):
        assert _told(client, f"/documents/{secret}.{ending}") == _told(client, f"/documents/{new_id()}.{ending}")
        assert _told(client, f"/documents/{secret}.{ending}")[0] == 404
    assert looking.fetched(looking.visitor(world.cast.supervisor), f"/documents/{secret}.pdf")[0] in (200, 202)
    begun = looking.visitor(world.cast.bidder).post(
        "/upload", headers={"Upload-Length": "10", "Tus-Resumable": "1.0.0"}
    )
    theirs = begun.headers["Location"]
    for method in ("head", "patch", "delete"):
        ask = getattr(client, method)
        there, nothing = ask(theirs), ask(f"/upload/{UUID(int=5)}")
        assert (there.status_code, there.content) == (nothing.status_code, nothing.content) == (404, nothing.content)


def test_whether_a_receipt_of_another_exists_cannot_be_asked(submitted):
    """Receipts are asked for by their number in one's own stream: there is no address that names another's."""
    routes = [one.route for one in everywhere() if "receipt" in one.route]
    assert set(routes) <= {"receipts", "receipts/<int:number>.json", "verify-receipt.html"}
    wu = looking.visitor(submitted.cast.stranger)
    theirs = {one["entry"].digest for one in looking.visitor(submitted.cast.bidder).get("/receipts").context["rows"]}
    own = {one["entry"].digest for one in wu.get("/receipts").context["rows"]}
    assert theirs and not theirs & own
    assert wu.get(f"/receipts/{len(own) + 1}.json").status_code == wu.get("/receipts/99999.json").status_code == 404


def test_an_enrolled_certificate_and_a_strange_one_of_the_same_authority_get_the_same_refusal_without_the_key(cast):
    """A wrong signature tells nobody whether the certificate is known here."""
    from mingzheng.kernel import clock, ports

    strange = ports.get("certificates").authority.issue_with_key(
        subject_name="x", organisation_name="x", organisation_code=cast.bidder.member.house.code, person_id="", at=clock.now()
    )[1]  # fmt: skip
    answers = []
    for pem in (cast.bidder.certificate, strange):
        client = Client()
        client.get("/login/challenge")
        body = json.dumps({"certificate": pem, "signature": "AAAA"})
        answer = client.post(
            "/login/certificate", body, content_type="application/json", headers={"accept": "application/json"}
        )
        answers.append((answer.status_code, answer.content))
    assert answers[0] == answers[1]


def test_the_password_way_does_the_same_work_for_a_name_nobody_has(cast, monkeypatch):
    """One derivation of the password's key and three codes, whoever is asked for."""
    from mingzheng.stages.parties.queries import passwords

    work: list[str] = []
    derive = passwords._scrypt
    passwords.matches("x", "")
    monkeypatch.setattr(passwords, "_scrypt", lambda *given: work.append("key") or derive(*given))
    told = []
    for login in (cast.bidder.login, "nobody-here"):
        work.clear()
        answer = Client().post("/login/password", {"login": login, "password": "a wrong one", "code": "123456"})
        told.append((answer.status_code, SHAPE.sub("", answer.content.decode()).replace(login, ""), [*work]))
    assert told[0] == told[1]


def test_registering_a_known_code_tells_no_more_than_that_it_is_taken(cast):
    """That an organisation trades here is public; its people, certificates and contacts are not in the answer."""
    jia = cast.bidder
    body = {
        "name": "x",
        "code": jia.member.house.code,
        "kind": "bidder",
        "person_name": "x",
        "login": "nobody-here",
        "key_password": "a long one 1",
    }
    text = Client().post("/register", body).content.decode()
    for word in (jia.name, jia.organisation_name, jia.fingerprint, str(jia.person), str(jia.organisation)):
        assert word not in text


def test_a_person_learns_of_no_login_name_but_by_trying_to_register_it(cast):
    assert isinstance(cast.bidder, Player)
    routes = {one.route for one in everywhere() if one.page.roles == frozenset("*")}
    assert not [
        one
        for one in routes
        if "person" in one
        or ("login/" in one and one not in ("login/challenge", "login/certificate", "login/password"))
    ]
