"""The cast comes into the register: organisations, people, roles, key files with certificates, password logins."""

import os
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from mingzheng.adapters.crypto.keyfile import blocks, write_key_file
from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM, Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import vault
from mingzheng.site.demo.cast import CastMember, House, cast, others
from mingzheng.stages.parties import commands, queries

ROUNDS = 5_000  # of the key files' password derivation: this password is printed anyway
LOCK = 5_112_026


def load_parties() -> None:
    """Bring in whoever is missing; complete people are left alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        for one in cast():
            person = queries.person_by_login(one.login)
            if person is None:
                person = _enter(one)
            if not _has_key(one, person):
                _key(one, person)
            if not queries.has_password(person):
                _password(one, person)
        _authorise()


def load_others() -> None:
    """Bring in the rest of the market: keys and certificates, no password logins; their owners commission agencies."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        for one in others():
            person = queries.person_by_login(one.login)
            if person is None:
                person = _enter(one)
            if not _has_key(one, person):
                _key(one, person)
        for one in (_ for _ in others() if "procuring_entity" in _.roles):
            _commission(one.login, "mao" if one.login in ("roads", "hospital") else "agency")


def person_id(login: str) -> UUID:
    """The stable id of a cast member in this deployment."""
    return vault.hidden_uuid("cast person", login)


def organisation_id(key: str) -> UUID:
    """The stable id of a cast organisation in this deployment."""
    return vault.hidden_uuid("cast organisation", key)


def system_actor(login: str) -> Actor:
    """The cast member as the system acts for it: loads and tests need no signature."""
    person = queries.person(person_id(login))
    return queries.actor_for(person.id, person.organisation, "system")


def _enter(one: CastMember) -> UUID:
    """Register the person, and its organisation with the first of its people."""
    known = queries.organisation_by_code(one.house.code)
    person = person_id(one.login)
    contact = {"phone": one.house.phone, "email": f"{one.login}@demo.invalid"}
    if known is None:
        _register(one, person, one.house, contact)
        own = set(one.house.kinds) & set(one.roles)
        where = organisation_id(one.house.key)
    else:
        where, own = known.id, set()
        commands.add_person(
            actor=SYSTEM, organisation=where, name=one.name, login=one.login, person=person,
            profile=one.profile, roles=[], **contact,
        )  # fmt: skip
    for role in one.roles:
        if role not in own:
            commands.grant_role(actor=SYSTEM, person=person, organisation=where, role=role)
    return person


def _register(one: CastMember, person: UUID, house: House, contact: dict[str, str]) -> None:
    commands.register_organisation(
        actor=SYSTEM, organisation=organisation_id(house.key), person=person, name=house.name, code=house.code,
        kinds=list(house.kinds), person_name=one.name, login=one.login, address=house.address, region="990100",
        profile=one.profile, **contact,
    )  # fmt: skip


def _has_key(one: CastMember, person: UUID) -> bool:
    """Whether the key file is there and its certificate enrolled; one kept from an earlier database is enrolled again."""
    if not one.key_file.exists():
        return False
    pem = blocks(one.key_file.read_text("ascii"))[1]
    if pem is None:
        return False
    if ports.get("certificates").facts(pem).fingerprint not in {c.fingerprint for c in queries.certificates_of(person)}:
        try:
            _enrol(pem, person)
        except Refused:  # expired, or of an authority that is no longer there
            return False
    return True


def _enrol(pem: str, person: UUID) -> None:
    where = queries.person(person).organisation
    commands.enrol_certificate(actor=SYSTEM, certificate=pem, person=person, organisation=where)


def _key(one: CastMember, person: UUID) -> None:
    """A key file with a certificate of the demo authority, readable by its owner alone."""
    private, pem = ports.get("certificates").authority.issue_with_key(
        subject_name=one.name, organisation_name=one.house.name, organisation_code=one.house.code,
        person_id=str(person), at=clock.now(),
    )  # fmt: skip
    _enrol(pem, person)
    one.key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = one.key_file.with_suffix(".fresh")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(write_key_file(private, pem, one.password, rounds=ROUNDS))
    fresh.replace(one.key_file)


def _password(one: CastMember, person: UUID) -> None:
    commands.set_password(actor=SYSTEM, person=person, password=one.password)
    commands.begin_totp(actor=SYSTEM, person=person, secret=one.totp_secret)
    commands.confirm_totp(actor=SYSTEM, person=person)


def _authorise() -> None:
    """The water company has commissioned the agency."""
    _commission("water", "agency")


def _commission(owner: str, agency: str) -> None:
    """An owner lets an agency act for it, for two years."""
    principal = system_actor(owner)
    assert principal.organisation is not None
    if not queries.authorisations(principal=principal.organisation):
        commands.authorise_agency(
            actor=principal, agency=organisation_id(agency), valid_until=clock.now() + timedelta(days=730)
        )
