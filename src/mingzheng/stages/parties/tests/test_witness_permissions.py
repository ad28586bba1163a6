"""A witness account can do exactly what a witness is for."""

from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.page import allowed
from mingzheng.kernel.refusal import REFUSALS, Refused
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.parties import queries
from mingzheng.stages.parties.tests.conftest import whose

pytestmark = pytest.mark.django_db
EXCLUDED = (
    "evaluation.",
    "award.",
    "bidding.",
    "deposits.",
    "tendering.",
)  # a witness decides and trades nothing there


def views(patterns=None):
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from views(one.url_patterns)


@pytest.mark.clause("ZB-4.4.1-a-1")
def test_a_witness_account_calls_its_functions_and_is_answered_403_by_every_other(people):
    """The witness is one role of the centre's staff; another account of the centre without it gets none of its acts."""
    centre = queries.person(whose("witness")).organisation
    only = Actor(whose("witness"), centre, frozenset({"witness", "member", "public"}), "system")
    other = Actor(whose("archivist"), centre, frozenset({"archivist", "member", "public"}), "system")
    assert "witness" in queries.roles_of(whose("witness"), centre)
    for act, command in COMMANDS.items():
        if not command.by & only.roles and "*" not in command.by:
            assert not may(act, only), act
        elif "witness" in command.by:
            assert may(act, only), act
            assert not act.startswith(EXCLUDED), act
            assert command.by & other.roles or not may(act, other), act
    for one in views():
        found = getattr(one.callback, "page", None)
        assert found is not None, one
        if not allowed(found.roles, only.roles):
            assert refused_page(one, only) == 403, found.name


def may(act: str, actor) -> bool:
    """Whether the role check lets the actor in; what then fails on made-up fields is not asked here."""
    command = COMMANDS[act]
    try:
        command.call(actor=actor, **{name: uuid4() for name in command.fields})
    except Refused as refused:
        return refused.code != "access.not-yours"
    except Exception:
        return True
    return True


def refused_page(pattern: URLPattern, actor) -> int:
    for method in ("get", "post"):
        request = getattr(RequestFactory(), method)("/")
        request.actor, request.session, request._dont_enforce_csrf_checks = actor, {}, True
        try:
            answer = pattern.callback(request, **dict.fromkeys(pattern.pattern.converters, "x"))
        except Refused as refused:
            return REFUSALS[refused.code].status
        if answer.status_code != 405:
            return answer.status_code
    return 0
