"""A web session is a login that is still alive: read afresh with every request, ended by time, logout or revocation."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from mingzheng.kernel import clock
from mingzheng.kernel.actor import PUBLIC, SYSTEM, Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import acting_as
from mingzheng.stages.parties import changes, commands, queries, rules

TOUCH = timedelta(seconds=60)  # how exactly "last seen" is kept


def actor_of(request: HttpRequest) -> Actor:
    """The actor of this request; PUBLIC, and the session gone, when the login has ended in any way."""
    try:
        login = queries.login(UUID(request.session["login"]))
    except (KeyError, ValueError):
        login = None
    if login is None or login.ended_at is not None:
        request.session.flush()
        return PUBLIC
    now = clock.real()
    why = rules.session_over(now, login.started, login.seen)
    if not why:
        try:
            found = queries.actor_for(
                login.person, login.organisation, login.strength, login.certificate, str(login.id)
            )
        except Refused:
            why = "revoked"
    if why:
        end(request, login.id, why)
        return PUBLIC
    if now - login.seen > TOUCH:
        with acting_as("parties.seen"):
            changes.seen(login.id, now)
    _watch(request, found)
    return found


def _watch(request: HttpRequest, actor: Actor) -> None:
    """Write the access log, and warn when staff takes packages away. What a page shows is no act and in no ledger."""
    if request.path.startswith(rules.NOT_LOGGED) or actor.person is None:
        return
    with acting_as("parties.access"):
        changes.note_access(
            clock.now(), actor.person, address_of(request), request.method or "", request.get_full_path()
        )
    if rules.leaks(actor.roles, request.path):
        facts = {"path": request.path[:200], "address": address_of(request)}
        commands.raise_warning(actor=SYSTEM, kind="leak_channel", person=actor.person, facts=facts)


def begin(request: HttpRequest, login: UUID, person: UUID) -> None:
    """Put a fresh login into the session under a fresh key (no session fixation)."""
    request.session.flush()
    request.session["login"] = str(login)
    request.session["person"] = str(person)
    request.session.cycle_key()


def end(request: HttpRequest, login: UUID, why: str) -> None:
    """End the login and forget the session."""
    commands.log_out(actor=SYSTEM, login=login, why=why)
    request.session.flush()


def address_of(request: HttpRequest) -> str:
    """Where the request came from, as the web server saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def safe_next(request: HttpRequest, wanted: object, otherwise: str = "/desk") -> str:
    """An address of this platform to go on to."""
    text = str(wanted or "")
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts={request.get_host()}) else otherwise
