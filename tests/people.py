"""The cast as tests play it: everybody of the demo centre, each with a real certificate and really signed acts."""

import dataclasses
import secrets
from typing import Any
from uuid import UUID

import pytest

from mingzheng.adapters.crypto.acts import sign_text
from mingzheng.adapters.crypto.certificates import fingerprint
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM, Actor, SignedAct
from mingzheng.kernel.event import to_json
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import COMMANDS, Happened
from mingzheng.site.acts.fields import arguments
from mingzheng.site.demo import parties as demo_parties
from mingzheng.site.demo.cast import member as cast_member
from mingzheng.site.deployment_clock import START
from mingzheng.stages.parties import commands, queries

PARTS = {
    "procuringentity": "water", "owner": "water", "agency": "agency", "bidder": "jia", "rival": "yi", "third": "bing",
    "fourth": "ding", "stranger": "wu", "staff": "staff", "witness": "witness", "supervisor": "supervisor",
    "archivist": "archivist", "operator": "operator", "systemadmin": "sysadmin", "securityadmin": "secadmin",
    "auditadmin": "auditor",
}  # fmt: skip
_KEYS: dict[tuple[str, int], tuple[Secret, str]] = {}


class Player:
    """One person of the cast. `do` signs with the person's own key, checks as the door does, and runs the command."""

    def __init__(self, login: str) -> None:
        self.member = cast_member(login)
        if queries.person_by_login(login) is None:
            demo_parties._enter(self.member)
        self.person: UUID = demo_parties.person_id(login)
        facts = queries.person(self.person)
        self.organisation: UUID = facts.organisation
        self.name, self.organisation_name, self.login = facts.name, facts.organisation_name, login
        self.private, self.certificate = self._key()
        self.fingerprint = fingerprint(self.certificate)

    def _key(self) -> tuple[Secret, str]:
        year = clock.now().year  # whoever comes later in one test must not have a key too young for the next
        if (self.login, year) not in _KEYS:
            _KEYS[self.login, year] = ports.get("certificates").authority.issue_with_key(
                subject_name=self.member.name, organisation_name=self.member.house.name,
                organisation_code=self.member.house.code, person_id=str(self.person),
                at=START if year == START.year else clock.now(),
            )  # fmt: skip
        private, pem = _KEYS[self.login, year]
        if fingerprint(pem) not in {one.fingerprint for one in queries.certificates_of(self.person)}:
            commands.enrol_certificate(
                actor=SYSTEM, certificate=pem, person=self.person, organisation=self.organisation
            )
        return private, pem

    @property
    def actor(self) -> Actor:
        """Logged in with the certificate, with the roles of this moment."""
        return queries.actor_for(self.person, self.organisation, "certificate", self.fingerprint)

    @property
    def reader(self) -> Actor:
        """Logged in with password and authenticator: reading and drafts only."""
        return queries.actor_for(self.person, self.organisation, "password")

    def signed(self, act: str, fields: dict[str, Any], nonce: str) -> Actor:
        """The actor with the act's signature, verified as the door verifies it."""
        certificates = ports.get("certificates")
        text = certificates.act_text(act, fields, nonce)
        signature = sign_text(self.private.reveal(), text)
        certificates.verify_act(self.fingerprint, text, signature, clock.now())
        return dataclasses.replace(self.actor, signed=SignedAct(act, nonce, text, signature, self.fingerprint))

    def do(self, act: str, *, nonce: str = "", **fields: Any) -> Happened:
        """Run one act as the door would: fields as JSON, signed when the act binds."""
        command, posted, nonce = COMMANDS[act], to_json(fields), nonce or secrets.token_hex(16)
        told = {name: value for name, value in posted.items() if name not in command.facts.get("secrets", ())}
        actor = self.signed(act, told, nonce) if command.binds else self.actor
        return command.call(actor=actor, key=nonce, **arguments(command, posted))

    def refused(self, act: str, **fields: Any) -> Refused:
        """The refusal an act meets; fails the test when it is done instead."""
        with pytest.raises(Refused) as caught:
            self.do(act, **fields)
        return caught.value


class Cast:
    """Players by part (`cast.bidder`, `cast.Rival`, `cast.ProcuringEntity`), entered into the register on first use."""

    def __init__(self) -> None:
        self._players: dict[str, Player] = {}

    def by_login(self, login: str) -> Player:
        if login not in self._players:
            self._players[login] = Player(login)
        return self._players[login]

    def __getattr__(self, name: str) -> Player:
        part = name.replace("_", "").lower()
        if part not in PARTS:
            raise AttributeError(name)
        player = self.by_login(PARTS[part])
        if part == "agency":
            self.owner  # noqa: B018 - the agency acts for somebody
            demo_parties._authorise()
        return player

    @property
    def bidders(self) -> list[Player]:
        """Five bidders; the first three play the usual tender."""
        return [self.by_login(login) for login in ("jia", "yi", "bing", "ding", "wu")]

    @property
    def experts(self) -> list[Player]:
        return [self.by_login(f"expert{n}") for n in range(1, 8)]

    @property
    def Experts(self) -> list[Player]:
        return self.experts
