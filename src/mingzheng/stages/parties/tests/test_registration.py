"""Trading parties register themselves."""

import base64

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from mingzheng.adapters.crypto.keyfile import PersonKey, open_key_file
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite
from mingzheng.kernel.numbering import demo_uscc
from mingzheng.stages.parties import queries
from mingzheng.stages.parties.tests.conftest import enter, post, proof

pytestmark = pytest.mark.django_db
CODE = demo_uscc("990100", "MC000001")
NEW = {
    "name": "癸市政建设有限公司", "code": CODE, "kind": "bidder", "person_name": "癸新", "login": "gui",
    "phone": "13900000000", "email": "gui@demo.invalid",
}  # fmt: skip


def test_a_bidder_registers_with_a_key_made_in_its_browser_and_logs_in(db):
    algorithms = suite(settings.MINGZHENG_SUITE)
    private = algorithms.new_private_key()
    public = base64.b64encode(algorithms.public_key(private)).decode()
    said = post(Client(), "/register", NEW | {"public_key": public})
    assert said.status_code == 200, said.content
    client = Client()
    key = PersonKey(Secret(private), said.json()["certificate"])
    assert post(client, "/login/certificate", proof(client, key)).status_code == 200
    assert "bidder" in client.get("/account").context["actor"].roles


def test_a_form_downloads_a_key_file_that_logs_in(db):
    answer = Client().post("/register", NEW | {"key_password": "a password of mine"})
    assert answer["Content-Disposition"] == 'attachment; filename="gui.mzkey"'
    client = Client()
    key = open_key_file(answer.content.decode(), "a password of mine")
    assert post(client, "/login/certificate", proof(client, key)).status_code == 200


def test_a_wrong_credit_code_is_refused_and_the_form_keeps_what_was_typed(db):
    wrong = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
    answer = Client().post("/register", NEW | {"code": wrong, "key_password": "a password of mine"})
    assert answer.status_code == 422
    assert answer.context["refused"].code == "parties.credit-code-wrong"
    assert NEW["name"] in answer.content.decode()
    assert queries.organisation_by_code(wrong) is None


def test_the_same_credit_code_or_login_name_registers_once(people):
    body = NEW | {"key_password": "a password of mine"}
    assert Client().post("/register", body).status_code == 200
    assert Client().post("/register", body | {"login": "gui2"}).context["refused"].code == "parties.credit-code-taken"
    taken = body | {"login": "jia", "code": demo_uscc("990100", "MC000002")}
    assert Client().post("/register", taken).context["refused"].code == "parties.login-taken"


def test_nobody_registers_itself_as_a_centre_or_a_supervisor(db):
    before = queries.organisations()
    for kind in ("centre", "supervision", "expert_pool"):
        answer = Client().post("/register", NEW | {"kind": kind, "key_password": "a password of mine"})
        assert answer.context["refused"].code == "parties.kind-not-open"
    assert queries.organisations() == before


@pytest.mark.clause("ZB-4.4.2", "GF-9.7-4")
def test_a_dump_of_the_tables_names_nobody(people):
    Client().post("/register", NEW | {"key_password": "a password of mine"})
    enter("jia")
    stored = ""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t')
            stored += "".join(row[0] for row in cursor.fetchall())
    hidden = [NEW["name"], NEW["person_name"], NEW["phone"], NEW["email"], CODE]
    hidden += [one.name for one in people.values()] + [one.organisation for one in people.values()]
    for word in hidden:
        assert word not in stored
        assert word.encode().hex() not in stored
