"""Nobody takes the name of a house that has not registered yet."""

import json

import pytest
from django.test import Client

from mingzheng.kernel import clock, ports
from mingzheng.kernel.numbering import demo_uscc
from mingzheng.stages.parties import queries

pytestmark = pytest.mark.django_db
CODE, OTHER = demo_uscc("990100", "MC000071"), demo_uscc("990100", "MC000072")


def _register(certificate=""):
    fields = {
        "name": "x",
        "code": CODE,
        "kinds": ["bidder"],
        "person_name": "x",
        "login": "squatter",
        "certificate": certificate,
    }
    body = json.dumps({"fields": fields, "nonce": "nonce-of-a-squatter"})
    return Client().post("/act/parties.register_organisation", body, content_type="application/json").json()


def _certificate(code):
    return ports.get("certificates").authority.issue_with_key(
        subject_name="x", organisation_name="x", organisation_code=code, person_id="", at=clock.now()
    )[1]


def test_without_a_certificate_of_that_very_credit_code_nobody_registers_it():
    assert _register()["refused"] == "input.not-understood"
    for code in (OTHER, ""):
        assert _register(_certificate(code))["refused"] == "parties.certificate-of-another", code
    assert queries.organisation_by_code(CODE) is None
    assert "refused" not in _register(_certificate(CODE))
