"""The platform takes what a hardware key signs like what a key file signs: a login, then an act through its door."""

import json
from typing import Any

import pytest
from agent_page import agent_for
from django.test import Client
from soft_token import SoftTokens

from mingzheng.adapters.crypto.acts import act_text, login_text
from mingzheng.adapters.crypto.certificates import fingerprint
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.site.demo.parties import organisation_id, person_id
from mingzheng.stages.parties import commands, queries

pytestmark = pytest.mark.django_db
ORIGIN = "http://testserver"


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", headers={"accept": "application/json"})


def enrolled(tokens: SoftTokens, label: str, login: str) -> str:
    """A certificate of the platform's authority for the token's key, entered for a person of the register."""
    house = queries.organisation(queries.person(person_id(login)).organisation)
    certificate = ports.get("certificates").authority.issue(
        subject_name=login,
        organisation_name=house.name,
        organisation_code=house.code,
        person_id=str(person_id(login)),
        public_key=tokens.public_key(label),
        at=kernel_clock.now(),
    )
    organisation = organisation_id(login)
    commands.enrol_certificate(
        actor=SYSTEM, certificate=certificate, person=person_id(login), organisation=organisation
    )
    return str(certificate)


def test_a_person_whose_key_is_in_a_token_logs_in_and_acts(cast: Any, tokens: SoftTokens) -> None:
    assert cast.procuring_entity and cast.agency
    label = tokens.plug_in(certified=False)
    certificate = enrolled(tokens, label, "water")
    signer, client = tokens.open(label, certificate=certificate), Client()
    with agent_for(signer, ORIGIN) as page:
        page.pair()
        challenge = client.get("/login/challenge").json()["challenge"]
        signature = page.sign(login_text(challenge, ORIGIN))[1]["signature"]
        answer = post(client, "/login/certificate", {"certificate": certificate, "signature": signature})
        assert answer.status_code == 200, answer.content
        assert client.get("/account").context["actor"].strength == "certificate"
        act, fields = (
            "parties.authorise_agency",
            {"agency": str(organisation_id("agency")), "valid_until": "2027-01-01"},
        )
        signature = page.sign(act_text(act, fields, "nonce-0001"))[1]["signature"]
        signed = {"certificate": fingerprint(certificate), "signature": signature}
        answer = post(client, f"/act/{act}", {"fields": fields, "nonce": "nonce-0001", "signature": signed})
        assert answer.status_code == 200, answer.content
    signer.close()
