"""The doctor sees what a real installation lacks, names the remedy, and keeps still about what is well."""

import os
import stat
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as present
from django.db import connection

from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.kernel import clock
from mingzheng.ledger import sequencing, vault
from mingzheng.site.doctor import (
    command,
    database_look,
    keys_look,
    ledger_look,
    outside_look,
    settings_look,
    state_look,
)
from mingzheng.site.doctor.finding import Finding


def by_name(found: Any) -> dict[str, Finding]:
    return {one.name: one for one in found}


def a_centre(**changes: Any) -> SimpleNamespace:
    well = {
        "MINGZHENG_MODE": "production", "MINGZHENG_ORIGIN": "log.qingshan.example", "MINGZHENG_CENTRE": "青山市公共资源交易中心",
        "MINGZHENG_COMPLAINT_PHONE": "0991-1", "MINGZHENG_COMPLAINT_MAILBOX": "a@qingshan.example",
        "MINGZHENG_ADDRESS": "https://qingshan.example", "ALLOWED_HOSTS": ["qingshan.example"], "MINGZHENG_LIMITS": 1.0,
        "MINGZHENG_TICK_SECONDS": 5.0,
    }  # fmt: skip
    return SimpleNamespace(**{**well, **changes})


def test_a_well_set_centre_has_nothing_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINGZHENG_FAULTS", raising=False)
    monkeypatch.delenv("MINGZHENG_BEHIND_TLS", raising=False)
    monkeypatch.setenv("MINGZHENG_OPERATOR_CODE", "91650100MA775AAA0X")
    assert {one.state for one in settings_look.look(a_centre())} == {"ok"}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("MINGZHENG_MODE", "demo"), ("MINGZHENG_ORIGIN", settings_look.EXAMPLE_ORIGIN), ("MINGZHENG_LIMITS", 0.0),
        ("MINGZHENG_ADDRESS", "http://qingshan.example"), ("MINGZHENG_ADDRESS", "https://other.example"),
        ("MINGZHENG_TICK_SECONDS", 30.0),
    ],
)  # fmt: skip
def test_what_is_left_of_the_demo_is_named_with_its_remedy(
    setting: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGZHENG_OPERATOR_CODE", "91650100MA775AAA0X")
    bad = [one for one in settings_look.look(a_centre(**{setting: value})) if one.state == "bad"]
    assert len(bad) == 1
    assert bad[0].remedy


def test_every_host_answered_to_is_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    found = by_name(settings_look.look(a_centre(ALLOWED_HOSTS=["*", "qingshan.example"])))
    assert found["MINGZHENG_HOSTS"].state == "bad"


def test_a_key_that_others_can_read_must_be_mended(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / "keys").mkdir(parents=True)
    for folder in (state, state / "keys"):
        folder.chmod(0o700)
    key = state / "keys" / "vault.key"
    key.write_bytes(b"k" * 32)
    key.chmod(0o600)
    (state / "keys" / "trusted").mkdir()
    for public in ("suite", "cosigners.txt", "trusted/licensed.pem"):
        (state / "keys" / public).write_text("for everybody")
    centre = SimpleNamespace(MINGZHENG_STATE=state, CHECKOUT=tmp_path / "elsewhere")
    assert by_name(state_look.look(centre))["key files"].state == "ok"
    key.chmod(0o644)
    found = by_name(state_look.look(centre))["key files"]
    assert (found.state, "keys/vault.key" in found.found) == ("bad", True)
    state.chmod(0o755)
    assert by_name(state_look.look(centre))["folder"].state == "bad"
    assert stat.S_IMODE(state.stat().st_mode) == 0o755, "the doctor only looks"


@pytest.mark.django_db
def test_the_database_of_the_tests_is_durable_and_migrated() -> None:
    found = by_name(database_look.look(connection))
    durable = ("version", "fsync", "full_page_writes", "encoding", "clock", "migrations")
    cared_for = ("autovacuum", "transactions", "server's log")
    assert {found[name].state for name in durable + cared_for} == {"ok"}


@pytest.mark.django_db
def test_a_worker_that_does_not_run_and_a_guard_that_was_taken_away_are_seen() -> None:
    centre = SimpleNamespace(
        MINGZHENG_TICK_SECONDS=5.0, MINGZHENG_COSIGNERS=[], MINGZHENG_SUITE=present.MINGZHENG_SUITE
    )
    assert by_name(ledger_look.look(connection, centre))["worker"].state == "bad"
    sequencing.step(tick=True)
    found = by_name(ledger_look.look(connection, centre))
    assert (found["worker"].state, found["append-only guards"].state, found["digest"].state) == ("ok", "ok", "ok")
    assert found["cosigners"].state == "bad", "nobody cosigns"
    with connection.cursor() as cursor:
        cursor.execute("alter table ledger_entry disable trigger entry_immutable")
        cursor.execute("update ledger_tree set ticked_at = %s", [time.time() - 3600])
        cursor.execute("update ledger_tree set seq = seq + 20000")
        cursor.execute(
            "insert into ledger_cursor (reader, seq) values ('portal', 1) on conflict (reader) do update set seq = 1"
        )
    found = by_name(ledger_look.look(connection, centre))
    assert (found["readers"].state, "portal" in found["readers"].found) == ("bad", True)
    assert found["append-only guards"].state == "bad"
    assert "entry_immutable" in found["append-only guards"].found
    assert found["worker"].state == "bad"


def a_folder(state: Path, **changes: Any) -> SimpleNamespace:
    (state / "keys" / "trusted").mkdir(parents=True)
    well = {"MINGZHENG_STATE": state, "MINGZHENG_SUITE": present.MINGZHENG_SUITE, "MINGZHENG_PAPER_SEAL": "off"}
    return SimpleNamespace(**{**well, **changes})


@pytest.mark.django_db
def test_keys_of_another_centre_are_seen_and_none_is_made(tmp_path: Path, settings: Any) -> None:
    sequencing.step(tick=True)
    folder = Path(settings.MINGZHENG_STATE) / "keys"
    (found,) = [one for one in keys_look.look(present, connection) if one.name == "log"]
    assert found.state == "ok"
    vault.hide(b"", "")  # the deployment's vault key is made at first use
    with connection.cursor() as cursor:
        stream, salted = "sealed:1", bytes(32) + b"{}"
        cursor.execute("insert into ledger_hidden values (%s, 1, %s)", [stream, vault.hide(salted, stream)])
    assert by_name(keys_look.look(present, connection))["vault"].state == "ok"
    with connection.cursor() as cursor:
        cursor.execute("update ledger_hidden set box = decode(repeat('00', 60), 'hex')")
    assert by_name(keys_look.look(present, connection))["vault"].state == "bad"
    assert folder.is_dir()
    elsewhere = a_folder(tmp_path / "elsewhere")
    said = by_name(keys_look.look(elsewhere, connection))
    assert said["suite of the folder"].found == "not yet begun"
    assert {said[name].state for name in ("authorities", "seal of papers")} == {"bad"}
    assert list((tmp_path / "elsewhere" / "keys").rglob("*.*")) == [], "the doctor makes no key"


@pytest.mark.django_db
def test_an_authority_that_tells_of_no_revocation_and_a_seal_without_its_files_are_seen(tmp_path: Path) -> None:
    centre = a_folder(tmp_path, MINGZHENG_PAPER_SEAL="files", MINGZHENG_TIMESTAMPS="")
    trusted = tmp_path / "keys" / "trusted"
    authority = DemoAuthority.open(tmp_path / "demo", clock.now(), present.MINGZHENG_SUITE)
    (trusted / "licensed.pem").write_text(authority.certificate)
    found = by_name(keys_look.look(centre, connection))
    assert (found["authorities"].state, found["authority's certificate"].state) == ("ok", "ok")
    assert found["revocations"].state == "warn"
    names = ("seal's files", "time-stamps", "issuers of seals", "issuers of time-stamps")
    assert {found[name].state for name in names} == {"bad"}
    (trusted / "authorities.toml").write_text(
        '[[authority]]\nfile = "licensed.pem"\ncrl = "http://crl.example/l.crl"\n'
    )
    assert by_name(keys_look.look(centre, connection))["revocations"].state == "bad", "no list came yet"
    (trusted / "authorities.toml").write_text('[[authority]]\nfile = "gone.pem"\n')
    assert by_name(keys_look.look(centre, connection))["authorities"].state == "bad"


@pytest.mark.django_db
def test_a_centre_without_bank_mail_scanner_or_administrators_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MINGZHENG_BANK", raising=False)
    centre = SimpleNamespace(MINGZHENG_STATE=tmp_path, MINGZHENG_SCANNER="", BASE=present.BASE)
    found = by_name(outside_look.look(centre, connection))
    assert {found[name].state for name in ("deposit bank", "mail server", "SMS gateway", "administrators")} == {"bad"}
    assert found["virus scanner"].state == "warn"
    assert found["fonts of papers"].state == "ok"
    (tmp_path / "messages.json").write_text('{"mail": {}, "sms": {}}')
    assert by_name(outside_look.look(centre, connection))["mail server"].state == "ok"
    silent = SimpleNamespace(MINGZHENG_STATE=tmp_path, MINGZHENG_SCANNER=str(tmp_path / "no.sock"), BASE=present.BASE)
    assert by_name(outside_look.look(silent, connection))["virus scanner"].state == "bad"


def test_the_command_looks_at_the_machine_and_says_when_that_was_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    status = command.run(SimpleNamespace(machine=False, json=False))  # type: ignore[arg-type]
    said = capsys.readouterr()
    assert status == 0
    assert "PostgreSQL" in said.out
    assert "only the machine was looked at" in said.err
    assert os.environ.get("DATABASE_URL") is None
