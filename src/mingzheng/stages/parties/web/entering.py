"""The two ways in. Whatever fails is written down and then refused; a certificate is never locked out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.parties import commands, queries, rules
from mingzheng.stages.parties.web import sessions

FOREIGN = "certificate.unknown-authority"


def new_challenge(request: HttpRequest) -> str:
    """A challenge that is good once, in this session, for five minutes of real time."""
    challenge = get_random_string(43)
    request.session["challenge"] = [challenge, clock.real().isoformat()]
    return challenge


def _take_challenge(request: HttpRequest) -> str:
    challenge, made = request.session.pop("challenge", ("", ""))
    if not challenge or clock.real() - datetime.fromisoformat(made) > rules.CHALLENGE_LASTS:
        raise rules.CHALLENGE_GONE()
    return str(challenge)


def by_certificate(request: HttpRequest, pem: str, signature: str) -> None:
    """Log in with a signed challenge. Refused for a certificate that is foreign, expired, revoked or not this party's."""
    said: Any = None
    known: queries.CertificateFacts | None = None
    try:
        challenge = _take_challenge(request)
        port = ports.get("certificates")
        said = port.facts(pem)
        try:
            known = queries.certificate(said.fingerprint)
        except Refused:
            known = None
        text = port.login_text(challenge, f"{request.scheme}://{request.get_host()}")
        port.verify_text(pem, text, signature, clock.now())
        if known is None:
            raise rules.CERTIFICATE_UNKNOWN()
        queries.require_good(known, clock.now())
        queries.actor_for(known.person, known.organisation, "certificate", known.fingerprint)
    except Refused as refused:
        commands.refuse_login(
            actor=SYSTEM, way="certificate", code=refused.code, address=sessions.address_of(request),
            person=known.person if known else None, claimed=said.fingerprint if said else "",
            issuer=said.issuer if said and refused.code != FOREIGN else "",
        )  # fmt: skip
        raise
    _enter(request, known.person, known.organisation, "certificate", certificate=known.fingerprint)


def by_password(request: HttpRequest, name: str, password: str, code: str) -> bool:
    """Log in with password and authenticator: reading and drafts only. True when an organisation is still to choose.

    Five failures in fifteen minutes close this way for the typed name, whether anybody has it or not, for fifteen.
    """
    address = sessions.address_of(request)
    whose, person, step = queries.password_opens(name, password, code)
    refused: Refused | None = None
    if queries.locked(name):
        refused = rules.LOGIN_LOCKED()
    elif person is None:
        refused = rules.LOGIN_FAILED()
    if refused is not None:
        commands.refuse_login(actor=SYSTEM, way="password", code=refused.code, address=address, person=whose, name=name)
        raise refused
    assert person is not None
    houses = queries.organisations_of(person)
    if not houses:
        raise rules.NOT_MEMBER()
    _enter(request, person, houses[0].id, "password", step=step)
    return len(houses) > 1


def _enter(
    request: HttpRequest, person: UUID, organisation: UUID, way: str, *, certificate: str = "", step: int = 0
) -> None:
    earlier = request.session.get("login")
    happened = commands.log_in(
        actor=SYSTEM, person=person, organisation=organisation, way=way, address=sessions.address_of(request),
        certificate=certificate, step=step,
    )  # fmt: skip
    if earlier:
        commands.log_out(actor=SYSTEM, login=UUID(earlier), why="replaced")
    sessions.begin(request, happened.event.login, person)
