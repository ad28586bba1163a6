"""Role x action x object: what is not declared is refused, for every page and every command there is."""

import dataclasses
import re
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import Http404
from django.test import RequestFactory
from tests.architecture.matrix import ROLES, Address, actor_in, addresses, fill
from tests.architecture.test_addresses import FORBIDDEN

from mingzheng.kernel.page import allowed
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.parties.rules import MEMBER
from mingzheng.stages.parties.rules import ROLES as REGISTERED
from mingzheng.stages.procedures import queries as procedures

ENDLESS = {"live"}
OFFLINE = {"verify-receipt.html"}  # one file on purpose, with a policy of its own


def ask(address: Address, actor: Any, known: dict[str, Any]) -> Any:
    """Call the view as this actor: the answer, or the refusal."""
    parts = fill(address.parts, known)
    last: Any = None
    for method in ("GET", "POST", "HEAD"):
        request = RequestFactory().generic(method, f"/{address.route}", HTTP_ACCEPT="text/html")
        request.actor, request.session = actor, SessionStore()
        request.COOKIES[settings.SESSION_COOKIE_NAME] = ""
        try:
            last = address.view(request, **parts)
        except (Refused, Http404) as refused:
            return refused
        if last.status_code != 405:
            return last
    return last


@pytest.fixture
def known(lot_at: Any) -> dict[str, Any]:
    """A lot that is announced, with its procedure and a public paper."""
    world = lot_at("announced")
    paper = next(one for one in procedures.documents(world.lot) if one.public)
    return {"lot": world.lot, "procedure": world.procedure, "document": paper.id, "world": world}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_the_declared_roles_only_and_brings_no_script_of_its_own(
    role: str, known: dict[str, Any]
) -> None:
    actor = actor_in(known["world"].cast, role)
    for address in addresses():
        if address.route in ENDLESS:
            continue
        answer = ask(address, actor, known)
        if not isinstance(answer, Refused | Http404):
            for close in answer._resource_closers:  # answer.close() would also close the test's own connection
                close()
        if allowed(address.page.roles, actor.roles):
            assert not (isinstance(answer, Refused) and answer.code == "access.login-first" and role != "public"), (
                address.route
            )
            assert isinstance(answer, Refused | Http404) or answer.status_code < 500, address.route
            _clean(address, answer, role)
        else:
            assert isinstance(answer, Refused), f"{role} was let into /{address.route}"
            assert answer.code == ("access.login-first" if role == "public" else "access.not-yours"), address.route


def _clean(address: Address, answer: Any, role: str) -> None:
    """No script, no style and no event attribute of its own in what was rendered."""
    if isinstance(answer, Refused | Http404) or answer.streaming or address.route in OFFLINE:
        return
    if "text/html" in answer.headers.get("Content-Type", ""):
        text = re.sub(r'value="[^"]*"', "", answer.content.decode())
        for what, pattern in FORBIDDEN.items():
            assert not pattern.search(text), f"{what} on /{address.route} as {role}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_a_command_is_refused_to_every_role_that_is_not_declared(role: str, cast: Any) -> None:
    actor = actor_in(cast, role)
    for name, command in COMMANDS.items():
        if role in command.by or "*" in command.by:
            continue
        fields = dict.fromkeys(command.fields, UUID(int=0))
        with pytest.raises(Refused) as caught:
            command.call(actor=actor, key="matrix", **fields)
        assert caught.value.code == "access.not-yours", f"{role} {name}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ROLES if role != "public"])
def test_a_password_login_cannot_do_what_binds(role: str, cast: Any) -> None:
    actor = dataclasses.replace(actor_in(cast, role), strength="password", certificate="")
    for command in COMMANDS.values():
        if not command.binds or not (role in command.by or "*" in command.by):
            continue
        with pytest.raises(Refused) as caught:
            command.call(actor=actor, key="matrix", **dict.fromkeys(command.fields, UUID(int=0)))
        assert caught.value.code == "access.needs-certificate", command.act


def test_every_role_of_a_command_is_a_role_of_the_register() -> None:
    unknown = {
        (name, role)
        for name, one in COMMANDS.items()
        for role in one.by - {"*", "system", "public", MEMBER}
        if role not in REGISTERED
    }
    assert unknown == set()
    assert set(REGISTERED) - {"host"} == set(ROLES) - {
        "public"
    }  # the host is one of the owner's people, named for a lot
