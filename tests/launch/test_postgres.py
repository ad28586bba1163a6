"""The embedded database: own to each checkout, shared within it, surviving what kills a run, and closed to others."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mingzheng.site.launch import postgres
from mingzheng.site.launch.postgres import Server, ensure_postgres, home_of, stop_server
from mingzheng.site.launch.programs import LaunchError, find_programs


@pytest.fixture
def checkouts(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two checkouts without a server; whatever was started for them is gone afterwards."""
    pair = tmp_path / "one", tmp_path / "two"
    for checkout in pair:
        checkout.mkdir()
    yield pair
    for checkout in pair:
        stop_server(home_of(checkout))
        shutil.rmtree(home_of(checkout), ignore_errors=True)


def started(checkout: Path) -> Server:
    return ensure_postgres(checkout, instead="")


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return row[0]


def postmaster(checkout: Path) -> int | None:
    return postgres._postmaster(home_of(checkout))


def test_two_checkouts_have_two_servers_and_stopping_one_leaves_the_other(checkouts: tuple[Path, Path]) -> None:
    one, two = started(checkouts[0]), started(checkouts[1])
    assert one.url != two.url
    one.create_database("only_here")
    assert one.databases("only_here") == ["only_here"]
    assert two.databases("only_here") == []
    one.stop()
    assert postmaster(checkouts[0]) is None
    assert ask(two.url, "select 1") == 1
    two.stop()


def test_a_server_left_by_a_killed_run_is_taken_over(checkouts: tuple[Path, Path]) -> None:
    killed = (
        "import os, pathlib, signal, sys; from mingzheng.site.launch.postgres import ensure_postgres;"
        "ensure_postgres(pathlib.Path(sys.argv[1]), instead=''); os.kill(os.getpid(), signal.SIGKILL)"
    )
    run = subprocess.run([sys.executable, "-c", killed, str(checkouts[0])], check=False)
    assert run.returncode == -9
    left = postmaster(checkouts[0])
    assert left is not None
    server = started(checkouts[0])
    assert not server.started_here
    assert postmaster(checkouts[0]) == left
    server.stop()
    assert postmaster(checkouts[0]) is None


def test_only_the_last_user_of_a_checkout_stops_its_server(checkouts: tuple[Path, Path]) -> None:
    first, second = started(checkouts[0]), started(checkouts[0])
    assert (first.started_here, second.started_here) == (True, False)
    first.stop()
    first.stop()
    assert ask(second.url, "select 1") == 1
    second.stop()
    assert postmaster(checkouts[0]) is None


def test_the_server_is_durable_unicode_and_listens_on_no_network(checkouts: tuple[Path, Path]) -> None:
    server = started(checkouts[0])
    assert ask(server.administrator_url, "show fsync") == "on"
    assert ask(server.url, "show synchronous_commit") == "on"
    assert ask(server.url, "show listen_addresses") == ""
    assert ask(server.url, "show max_connections") == "200"
    assert ask(server.url, "show server_encoding") == "UTF8"
    assert ask(server.url, "select upper('é') || lower('Ж')") == "Éж"
    assert ask(server.url, "select rolsuper from pg_roles where rolname = current_user") is False
    server.stop()


def test_nothing_but_the_own_folder_is_opened_or_closed(checkouts: tuple[Path, Path]) -> None:
    around = [path for checkout in checkouts for path in (checkout, *checkout.parents)]
    around += [path for path in (Path("/var"), Path("/var/lib"), Path.home()) if path.exists()]
    before = {path: path.stat().st_mode for path in around}
    server = started(checkouts[0])
    assert {path: path.stat().st_mode for path in around} == before
    home = home_of(checkouts[0])
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        assert list(checkouts[0].iterdir()) == []
        assert home.owner() == "mingzheng-db"
    server.stop()


def test_a_pid_file_whose_number_belongs_to_another_process_means_nobody(checkouts: tuple[Path, Path]) -> None:
    started(checkouts[0]).stop()
    data = next(home_of(checkouts[0]).glob("data-*"))
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n0\n5432\n{data.parent}\n", "utf-8")
    server = started(checkouts[0])
    assert server.started_here
    assert ask(server.url, "select 1") == 1
    server.stop()


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder_and_keeps_it(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100) / ".data" / "postgres"
    deep.mkdir(parents=True)
    folder = Path(postgres._socket_folder(deep, find_programs()))
    try:
        assert len(str(folder / postgres.SOCKET_NAME)) <= postgres.LONGEST_SOCKET_PATH
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert postgres._socket_folder(deep, find_programs()) == str(folder)
        folder.chmod(0o755)  # somebody else's by now: it is not trusted
        other = Path(postgres._socket_folder(deep, find_programs()))
        assert other != folder
        other.rmdir()
    finally:
        folder.rmdir()


def test_a_given_address_goes_before_everything_and_is_never_stopped(
    checkouts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = started(checkouts[0])
    monkeypatch.setenv("DATABASE_URL", own.url)
    given = ensure_postgres(checkouts[1])
    assert (given.url, given.started_here) == (own.url, False)
    assert ask(given.create_database("beside"), "select current_database()") == "beside"
    given.stop()
    assert ask(own.url, "select 1") == 1
    assert not home_of(checkouts[1]).exists()
    own.stop()


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINGZHENG_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(LaunchError, match="apt-get install postgresql"):
        find_programs()


@pytest.mark.skipif(not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="no Debian PostgreSQL 15 here")
def test_the_systems_own_postgresql_serves_as_well(
    checkouts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGZHENG_POSTGRES_BIN", "/usr/lib/postgresql/15/bin")
    server = started(checkouts[0])
    assert str(ask(server.url, "show server_version")).startswith("15")
    server.stop()


def test_a_server_killed_with_its_connections_open_starts_again_at_once_with_everything_acknowledged(
    checkouts: tuple[Path, Path],
) -> None:
    server = started(checkouts[0])
    with psycopg.connect(server.url, autocommit=True) as open_connection:
        open_connection.execute("create table kept as select 7 as seven")
        killed = postmaster(checkouts[0])
        assert killed is not None
        os.kill(killed, 9)
        again = started(checkouts[0])
        assert again.started_here
        assert ask(again.url, "select seven from kept") == 7
        assert postmaster(checkouts[0]) != killed
    server.stop()
    again.stop()
    assert postmaster(checkouts[0]) is None


def test_whoever_held_the_address_of_a_killed_server_finds_the_next_one_there(
    checkouts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LONGEST_SOCKET_PATH", 8)  # as in a checkout deep inside other folders
    server = started(checkouts[0])
    killed = postmaster(checkouts[0])
    assert killed is not None
    os.kill(killed, 9)
    again = started(checkouts[0])
    assert ask(server.url, "select 1") == 1
    server.stop()
    again.stop()
