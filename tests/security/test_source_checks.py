"""The checks of dependencies and secrets find what they are for, and a missing network fails nobody."""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import check_dependencies
import check_secrets

WORD = "pass" + "word"  # so that this file is not itself a find


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("-----BEGIN EC PRIVATE " + "KEY-----\n" + "Ab3+" * 12 + "\n", "private key"),
        ("key = " + "AKIA" + "ABCDEFGHIJKLMNOP", "cloud key"),
        ("ghp" + "_" + "a1B2" * 9, "token"),
        ("postgresql://" + "mz:Tr0ub4dor@db/x", "password in an address"),
        (f"{WORD} = 'Tr0ub4dor&3'", "password beside its name"),
        ("vault_key = '" + "q8Zr1LxK0vYtWc7NnBd5Ps3UgHj6MeFa" + "'", "long random text"),
        ("SECRET: '" + "9f86d081884c7d659a2feaa0c55ad015" + "'", "long random text"),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_found(text, what):
    assert what in {found for _, found, _ in check_secrets.secrets_in(text)}


@pytest.mark.parametrize(
    "text",
    ["password = request.POST['password']", "postgresql:///mingzheng", "key = 'tendering.publish_clarification_of_documents'",
     "sha256:9f86d081884c7d659a2feaa0c55ad015", f"{WORD}='<yours>'"],
)  # fmt: skip
def test_what_only_speaks_of_secrets_is_not(text):
    assert list(check_secrets.secrets_in(text)) == []


def test_a_known_text_is_known_by_its_digest_and_reason_alone():
    assert all(len(digest) == 12 and len(reason) > 10 for digest, reason in check_secrets.KNOWN.items())


def test_an_old_version_is_named_with_its_advisory():
    floors = check_dependencies.KNOWN["python"]
    assert list(check_dependencies.too_old({"django": "5.2.1"}, floors)) == [
        f"django 5.2.1 is older than {floors['django']['least']}: {floors['django']['because']}"
    ]
    assert list(check_dependencies.too_old(check_dependencies.locked(), floors)) == []
    assert all(floor["because"] for part in ("python", "npm") for floor in check_dependencies.KNOWN[part].values())


def test_a_package_that_runs_something_or_has_no_digest_is_named():
    packages = {"a": {"version": "1", "integrity": "sha512-x"}, "b": {"version": "1", "integrity": "sha512-x", "hasInstallScript": True},
                "c": {"version": "1"}}  # fmt: skip
    found = list(check_dependencies.npm_sound(packages))
    assert [one.split(": ")[1].split()[0] for one in found] == ["b", "c"]


def test_a_fault_known_to_a_source_fails_and_a_source_that_is_not_reached_is_said(monkeypatch):
    fault = {"id": "GHSA-x", "fix_versions": ["2"]}
    told = {"dependencies": [{"name": "a", "version": "1", "vulns": [fault]}, {"name": "b", "skip_reason": "unknown"}]}
    monkeypatch.setattr(check_dependencies, "_asked", lambda call: told)
    assert list(check_dependencies.ask_osv()) == ["a 1: GHSA-x, mended in 2"]
    for nothing in (None, {"dependencies": [{"name": "a", "skip_reason": "not found"}]}, {"error": "405"}):
        monkeypatch.setattr(check_dependencies, "_asked", lambda call, nothing=nothing: nothing)
        assert all(one.startswith("note: ") for one in [*check_dependencies.ask_osv(), *check_dependencies.ask_npm()])


def test_an_accepted_advisory_has_an_end(monkeypatch):
    monkeypatch.setitem(check_dependencies.KNOWN, "accepted", {"GHSA-x": {"until": "2026-12-31", "why": "not reached"}})
    assert check_dependencies.accepted("GHSA-x", date(2026, 12, 31))
    assert not check_dependencies.accepted("GHSA-x", date(2027, 1, 1))
