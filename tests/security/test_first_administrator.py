"""The first security administrator comes from the machine, once; after that only from a security administrator."""

import argparse
import subprocess
import sys

import pytest
from tests.people import Player

from mingzheng.adapters.crypto.certificates import fingerprint
from mingzheng.kernel import clock, ports
from mingzheng.kernel.numbering import demo_uscc
from mingzheng.site.launch import administrator
from mingzheng.site.launch.programs import LaunchError
from mingzheng.stages.parties import queries

pytestmark = pytest.mark.django_db
CODE = demo_uscc("990100", "MA999001", authority="12")


def _certificate(code=CODE):
    return ports.get("certificates").authority.issue_with_key(
        subject_name="安全员", organisation_name="云州中心", organisation_code=code, person_id="", at=clock.now()
    )[1]


def _run(folder, pem, monkeypatch, **changes):
    monkeypatch.setattr(administrator, "set_up", lambda: None)
    place = folder / "person.pem"
    place.write_text(pem)
    given = {
        "code": CODE,
        "centre": "云州中心",
        "name": "安全员",
        "login": "first",
        "certificate": str(place),
    } | changes
    parser = argparse.ArgumentParser()
    administrator.add_arguments(parser)
    return administrator.run(
        parser.parse_args([word for name, value in given.items() for word in (f"--{name}", value)])
    )


def test_an_empty_centre_gets_its_first_security_administrator_and_no_second(tmp_path, monkeypatch, capsys):
    pem = _certificate()
    assert _run(tmp_path, pem, monkeypatch) == 0
    assert "/admin-security" in capsys.readouterr().out
    person = queries.person_by_login("first")
    assert queries.roles_of(person) == {"member", "security_admin"}
    assert [one.fingerprint for one in queries.certificates_of(person)] == [fingerprint(pem)]
    with pytest.raises(LaunchError, match="already"):
        _run(tmp_path, _certificate(), monkeypatch, login="second")
    assert queries.person_by_login("second") is None


def test_it_is_refused_where_the_cast_has_one(cast, tmp_path, monkeypatch):
    assert cast.security_admin
    with pytest.raises(LaunchError, match="already"):
        _run(tmp_path, _certificate(), monkeypatch)


def test_a_centre_that_is_registered_gets_the_person_added(tmp_path, monkeypatch):
    staff = Player("staff")
    code = staff.member.house.code
    _run(tmp_path, _certificate(code), monkeypatch, code=code)
    assert queries.person(queries.person_by_login("first")).organisation == staff.organisation


@pytest.mark.parametrize("wrong", ["another organisation's", "no certificate", "a foreign authority's"])
def test_a_certificate_that_is_not_the_centres_leaves_nothing_behind(tmp_path, monkeypatch, wrong):
    from mingzheng.adapters.crypto.ca import DemoAuthority

    pem = {"another organisation's": lambda: _certificate(demo_uscc("990100", "MA999002", authority="12")), "no certificate": lambda: "x"}.get(
        wrong, lambda: DemoAuthority.open(tmp_path, clock.now()).issue_with_key(
            subject_name="x", organisation_name="x", organisation_code=CODE, person_id="", at=clock.now())[1]
    )()  # fmt: skip
    with pytest.raises(LaunchError):
        _run(tmp_path, pem, monkeypatch)
    assert queries.person_by_login("first") is None
    assert queries.organisation_by_code(CODE) is None


def test_the_command_is_listed():
    listed = subprocess.run([sys.executable, "-m", "mingzheng", "--help"], capture_output=True, text=True, check=True)
    assert "administrator" in listed.stdout
