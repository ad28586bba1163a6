"""A centre is begun under one suite and keeps it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mingzheng.adapters.crypto import suite as suites
from mingzheng.kernel import digest, sm2
from mingzheng.site import suite
from mingzheng.site.launch.demo import database_of, state_of
from mingzheng.site.launch.programs import LaunchError


@pytest.fixture
def centre(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """Settings of a centre with an empty state folder; the algorithm of the run is set back."""
    settings.MINGZHENG_STATE = tmp_path
    with digest.under(digest.current()):
        yield settings


@pytest.mark.parametrize(("name", "algorithm"), [("INTL-1", "sha256"), ("GM-1", "sm3")])
def test_a_new_centre_takes_its_suite_and_writes_it_down(
    centre: Any, tmp_path: Path, name: str, algorithm: str
) -> None:
    centre.MINGZHENG_SUITE = name
    assert suite.of_folder(tmp_path) is None
    suite.begin()
    assert digest.of(b"").startswith(f"{algorithm}:")
    assert suite.of_folder(tmp_path) == name
    suite.begin()


def test_a_folder_of_the_other_suite_is_refused_with_the_way_out(centre: Any, tmp_path: Path) -> None:
    centre.MINGZHENG_SUITE = "GM-1"
    suite.begin()
    centre.MINGZHENG_SUITE = "INTL-1"
    with pytest.raises(LaunchError, match=r"belongs to a centre of suite GM-1.*MINGZHENG_SUITE=GM-1") as refused:
        suite.begin()
    assert "DATABASE_URL" in str(refused.value)
    assert digest.current() == "sm3"


def test_a_folder_from_before_there_was_a_choice_is_of_the_first_suite(centre: Any, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "vault.key").write_bytes(bytes(32))
    assert suite.of_folder(tmp_path) == "INTL-1"
    centre.MINGZHENG_SUITE = "GM-1"
    with pytest.raises(LaunchError, match="INTL-1"):
        suite.begin()


def test_an_unknown_suite_and_a_machine_without_sm2_are_said_before_anything_is_made(
    centre: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.MINGZHENG_SUITE = "GM-9"
    with pytest.raises(LaunchError, match="there are GM-1, INTL-1"):
        suite.begin()
    monkeypatch.setitem(suites._ABSENT, "GM-1", sm2.Missing("this libcrypto has no SM2"))
    centre.MINGZHENG_SUITE = "GM-1"
    with pytest.raises(LaunchError, match="cannot be used here"):
        suite.begin()
    assert list(tmp_path.iterdir()) == []


def test_a_process_of_the_other_suite_ends_with_one_sentence(centre: Any, tmp_path: Path) -> None:
    centre.MINGZHENG_SUITE = "INTL-1"
    suite.begin()
    told = {**os.environ, "MINGZHENG_STATE": str(tmp_path), "MINGZHENG_SUITE": "GM-1"}
    done = subprocess.run(
        [sys.executable, "-m", "mingzheng", "ledger"], env=told, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert done.stderr.startswith("mingzheng: ")
    assert "Traceback" not in done.stderr


def test_each_suite_s_demo_has_a_folder_and_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made:
        url = "postgresql:///mingzheng"

        def create_database(self, name: str) -> str:
            return f"postgresql:///{name}"

    server: Any = Made()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert state_of("INTL-1").name == "state"
    assert state_of("GM-1").name == "state-gm-1"
    assert database_of(server, "INTL-1") == server.url
    assert database_of(server, "GM-1") == "postgresql:///mingzheng_gm1"
    monkeypatch.setenv("DATABASE_URL", server.url)
    assert database_of(server, "GM-1") == server.url
