"""No child survives: not a stop, not the death of the one who watches, not a crash left unreported."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mingzheng.site.launch.processes import is_alive
from mingzheng.site.launch.programs import LaunchError
from mingzheng.site.launch.supervisor import Part, Supervisor

PYTHON = (sys.executable, "-c")
STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {grandchild.pid}")
time.sleep(60)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr("mingzheng.site.launch.supervisor.STOP_SECONDS", 0.5)
    made = Supervisor(tmp_path / "logs", said.append)
    yield made
    made.stop()


def soon(what: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.02)
    return what()


def written_by(file: Path) -> list[int]:
    assert soon(lambda: file.exists() and bool(file.read_text()))
    return [int(word) for word in file.read_text().split()]


def test_stopping_ends_children_and_grandchildren_that_will_not_listen(supervisor: Supervisor, tmp_path: Path) -> None:
    file = tmp_path / "pids"
    supervisor.start(Part("stubborn", [STUBBORN, str(file)], dict(os.environ), program=PYTHON))
    pids = written_by(file)
    assert all(map(is_alive, pids))
    supervisor.stop()
    assert soon(lambda: not any(map(is_alive, pids)))


def test_a_crashed_child_is_reported_and_started_again(supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    file = tmp_path / "runs"
    once = f"import pathlib, time; p = pathlib.Path({str(file)!r}); n = p.exists(); p.touch(); time.sleep(60) if n else 1 / 0"
    supervisor.start(Part("once", [once], dict(os.environ), program=PYTHON))

    def back() -> bool:
        supervisor.watch()
        return bool(said) and supervisor.children[0].process.poll() is None

    assert soon(back)
    assert "once ended (status 1)" in said[0]
    assert "ZeroDivisionError" in supervisor.tail("once")


def test_a_child_that_keeps_crashing_is_given_up_with_its_last_words(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mingzheng.site.launch.supervisor.MOST_CRASHES", 2)
    supervisor.start(Part("broken", ["raise SystemExit('no state folder')"], dict(os.environ), program=PYTHON))

    def watch_for_ever() -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            supervisor.watch()
            time.sleep(0.02)

    with pytest.raises(LaunchError, match="no state folder"):
        watch_for_ever()


def test_children_die_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    child = (
        "import os, pathlib, sys, time; from mingzheng.site.launch.processes import hold_on_to_parent;"
        "hold_on_to_parent(); pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
    )
    watching = (
        "import os, pathlib, sys, time; from mingzheng.site.launch.supervisor import Part, Supervisor;"
        "supervisor = Supervisor(pathlib.Path(sys.argv[1]), print);"
        "part = Part('child', [sys.argv[2], sys.argv[3]], dict(os.environ), program=(sys.executable, '-c'));"
        "supervisor.start(part); time.sleep(60)"
    )
    file = tmp_path / "pid"
    watcher = subprocess.Popen([sys.executable, "-c", watching, str(tmp_path / "logs"), child, str(file)])
    pids = written_by(file)
    watcher.send_signal(signal.SIGKILL)
    watcher.wait()
    assert soon(lambda: not any(map(is_alive, pids)))
