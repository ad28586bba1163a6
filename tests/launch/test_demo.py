"""The demo as a person meets it: it answers, its checkpoints are cosigned, and Ctrl-C leaves nothing running."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mingzheng.site.launch import postgres
from mingzheng.site.launch.postgres import home_of, stop_server
from mingzheng.site.launch.processes import is_alive
from mingzheng.site.launch.sandbox import sandbox

pytestmark = pytest.mark.xdist_group("launch")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A checkout of its own, so that a demo somebody runs in the real one is not disturbed."""
    yield tmp_path
    for pid in members(f"MINGZHENG_CHECKOUT={tmp_path}"):
        os.kill(pid, signal.SIGKILL)
    stop_server(home_of(tmp_path))
    shutil.rmtree(home_of(tmp_path), ignore_errors=True)


def members(mark: str) -> list[int]:
    """The live processes whose environment contains the mark."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes() and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def start_demo(elsewhere: Path) -> tuple[subprocess.Popen[str], str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "MAKELEVEL")}
    demo = subprocess.Popen(
        [sys.executable, "-m", "mingzheng", "demo"],
        env={"MINGZHENG_DEMO_STORY": "short", **environment, "MINGZHENG_CHECKOUT": str(elsewhere)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout is not None
    told = ""
    for line in demo.stdout:
        told += line
        if found := re.search(r"(http://127\.0\.0\.1:\d+/)", line):
            return demo, found.group(1)
    demo.stdout.close()
    demo.wait()
    raise AssertionError(told)


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_every_process_of_the_demo_and_its_database(elsewhere: Path, kind: signal.Signals) -> None:
    demo, address = start_demo(elsewhere)
    with urllib.request.urlopen(address) as reply:
        assert reply.status == 200
    assert len(members(f"MINGZHENG_CHECKOUT={elsewhere}")) >= 6  # demo, two cosigners, worker, web, story
    demo.send_signal(kind)
    rest, _ = demo.communicate(timeout=30)
    assert demo.returncode == 0, rest
    assert members(f"MINGZHENG_CHECKOUT={elsewhere}") == []
    assert postgres._postmaster(home_of(elsewhere)) is None


def test_a_killed_demo_leaves_no_python_behind_and_the_next_takes_its_database_over(elsewhere: Path) -> None:
    demo, _ = start_demo(elsewhere)
    demo.kill()
    demo.communicate()
    until = time.monotonic() + 5
    while members(f"MINGZHENG_CHECKOUT={elsewhere}") and time.monotonic() < until:
        time.sleep(0.05)
    assert members(f"MINGZHENG_CHECKOUT={elsewhere}") == []
    left = postgres._postmaster(home_of(elsewhere))
    assert left is not None
    demo, _ = start_demo(elsewhere)
    assert postgres._postmaster(home_of(elsewhere)) == left
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=30)


def test_a_sandbox_serves_is_cosigned_and_is_gone_afterwards() -> None:
    with sandbox() as centre:
        with urllib.request.urlopen(centre.url + "/health") as reply:
            assert reply.status == 200
        cosigned: list[str] = []
        until = time.monotonic() + 20
        while len(cosigned) < 2 and time.monotonic() < until:
            time.sleep(0.2)
            with psycopg.connect(centre.database_url) as connection:
                rows = connection.execute("select cosigned from ledger_checkpoint order by size").fetchall()
            cosigned = max((row[0] for row in rows), key=len, default=[])
        assert sorted(cosigned) == ["neighbour", "supervisor"]
        pids = members(f"MINGZHENG_STATE={centre.state_folder}")
        assert len(pids) >= 4
    assert not any(map(is_alive, pids))
    assert not centre.state_folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(centre.database_url).close()
