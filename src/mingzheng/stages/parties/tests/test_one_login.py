"""One login for everything; the key is asked for only where somebody signs, seals or decrypts."""

import pytest

from mingzheng.site.navigation import nav_for
from mingzheng.stages.parties import queries
from mingzheng.stages.parties.tests.conftest import do, enter, whose

pytestmark = pytest.mark.django_db


@pytest.mark.clause("SD-3.4.2-5")
@pytest.mark.parametrize("login", ["water", "agency", "jia", "expert1"])
def test_after_one_login_every_module_opens_and_only_a_binding_act_asks_for_the_key(people, login):
    client = enter(login)
    actor = client.get("/account").context["actor"]
    for item in nav_for(actor, "/"):
        answer = client.get(item.href)
        assert answer.status_code == 200, item.href
    logins = [line for line in queries.login_history(whose(login)) if line.what == "parties.logged-in"]
    assert len(logins) == 1
    plain = do(client, "parties.begin_totp", {})
    assert plain.status_code == 200


@pytest.mark.clause("SD-3.4.2-5")
def test_a_binding_act_without_the_key_is_refused_and_with_it_done_in_the_same_session(people):
    client = enter("water")
    given = queries.authorisations(principal=queries.person(whose("water")).organisation)[0]
    fields = {"authorisation": str(given.id), "reason": "合同终止"}
    assert do(client, "parties.revoke_authorisation", fields).json()["refused"] == "access.bad-signature"
    assert do(client, "parties.revoke_authorisation", fields, "water").status_code == 200
