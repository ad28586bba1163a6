"""A centre of its own whose every process can be killed: PostgreSQL, two cosigners, a worker, the web."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from mingzheng.site.launch import faults, postgres
from mingzheng.site.launch.deployment import COSIGNERS, Deployment, listen
from mingzheng.site.launch.postgres import Server, ensure_postgres, home_of, stop_server
from mingzheng.site.launch.processes import PARENT, is_alive
from mingzheng.site.launch.supervisor import Part, Supervisor

ROOT = Path(__file__).parents[2]
SECONDS = 60
NOT_INHERITED = ("MINGZHENG_STATE", "MINGZHENG_MODE", "DATABASE_URL", "MINGZHENG_TEST_TEMPLATE")


def soon(what: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """The first true answer, asked again and again; AssertionError when none comes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := what():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds:.0f} s in vain")


@dataclass
class Centre:
    """Started by `centre`. Kinds of processes: web, worker, cosigner-supervisor, cosigner-neighbour, postgres."""

    folder: Path
    server: Server
    deployment: Deployment
    nursery: subprocess.Popen[str] | None = None
    pids: dict[str, int] = field(default_factory=dict)
    cosigners: dict[str, Part] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    small_disk: Path | None = None

    @property
    def url(self) -> str:
        return self.deployment.url

    @property
    def armed(self) -> Path:
        """The folder of ordered faults."""
        return self.folder / "armed"

    def open(self) -> None:
        """First contents, then every process."""
        self.deployment.prepare()
        self.deployment.start_cosigners()
        for child in self.deployment.supervisor.children:
            self.cosigners[child.part.name] = child.part
            self.pids[child.part.name] = child.process.pid
        number = self.deployment.listener.fileno()
        environment = {
            **self.deployment.environment(),
            PARENT: str(os.getpid()),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        with open(self.folder / "logs" / "nursery.log", "ab") as log:
            self.nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.nursery"], env=environment, pass_fds=(number,), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        assert self.nursery.stdout is not None and self.nursery.stdout.readline() == "ready\n"
        self.bear("worker")
        self.bear("web")
        self.deployment.wait_for(self.url + "/health", "web")

    def bear(self, kind: str) -> None:
        """Start one process of this kind."""
        self.down.discard(kind)
        if kind == "postgres":
            fresh = ensure_postgres(self.folder / "checkout", instead="")
            self.server.stop()
            self.server = fresh
            return
        assert self.nursery is not None and self.nursery.stdin and self.nursery.stdout
        arguments = f"serve --fd {self.deployment.listener.fileno()}" if kind == "web" else kind
        if kind in self.cosigners:
            self._take_over(kind)
            arguments = " ".join(self.cosigners[kind].arguments)
        self.nursery.stdin.write(f"{self.folder / 'logs' / kind}.log {arguments}\n")
        self.nursery.stdin.flush()
        self.pids[kind] = int(self.nursery.stdout.readline())

    def _take_over(self, cosigner: str) -> None:
        """From the supervisor, which started it first and would signal a number that another process may have by now."""
        children = self.deployment.supervisor.children
        for child in [one for one in children if one.part.name == cosigner]:
            child.process.wait()
            children.remove(child)

    def kill(self, kind: str) -> None:
        """SIGKILL; returns when it is gone. `backend` is one of PostgreSQL's processes: the server then starts anew by itself."""
        if kind == "backend":
            self._kill_backend()
            return
        pid = postgres._postmaster(home_of(self.folder / "checkout")) if kind == "postgres" else self.pids[kind]
        assert pid is not None
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        soon(lambda: not is_alive(pid))
        self.down.add(kind)

    def _kill_backend(self) -> None:
        with suppress(psycopg.OperationalError, ProcessLookupError), self.connected() as connection:
            found = connection.execute(
                "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
                "order by random() limit 1"
            ).fetchone()
            if found is not None:
                os.kill(found[0], signal.SIGKILL)

    def restart(self, kind: str) -> None:
        """Kill and start again; returns when the database can be asked."""
        self.kill(kind)
        if kind != "backend":
            self.bear(kind)
        if kind in ("backend", "postgres"):
            soon(self.answers, 3 * SECONDS)

    def all_up(self) -> None:
        """Start again whatever does not run."""
        for kind, pid in list(self.pids.items()):
            if not is_alive(pid):
                self.bear(kind)

    def answers(self) -> bool:
        """Whether the database answers."""
        with suppress(psycopg.OperationalError):
            return self.ask("select 1") == [(1,)]
        return False

    def struck(self, point: str, what: str, kind: str) -> Callable[[], None]:
        """Order a death at a point; the answer waits for it and starts the process again."""
        order, pid = faults.arm(self.armed, point, what), self.pids[kind]

        def wait() -> None:
            soon(lambda: not is_alive(pid))
            assert not order.exists()
            self.bear(kind)

        return wait

    def connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection to its database."""
        return psycopg.connect(self.deployment.database_url, autocommit=True, connect_timeout=5)

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of its database."""
        with self.connected() as connection:
            return connection.execute(question, values).fetchall()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the program in this centre's environment."""
        return subprocess.run(
            [sys.executable, *arguments], env={**self.deployment.environment(), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}, text=True,
            capture_output=True, check=False, timeout=600, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def close(self) -> None:
        """End everything; nothing is left."""
        mine = {child.part.name for child in self.deployment.supervisor.children}
        for kind in {*self.pids} - mine - self.down:
            with suppress(ProcessLookupError):
                os.kill(self.pids[kind], signal.SIGKILL)
        if self.nursery is not None:
            self.nursery.kill()
            self.nursery.wait()
            for pipe in (self.nursery.stdin, self.nursery.stdout):
                if pipe is not None:
                    pipe.close()
        self.deployment.supervisor.stop()
        self.deployment.listener.close()
        self.server.stop()
        stop_server(home_of(self.folder / "checkout"))
        shutil.rmtree(home_of(self.folder / "checkout"), ignore_errors=True)


@contextmanager
def centre(folder: Path, extra: Mapping[str, str] | None = None) -> Iterator[Centre]:
    """A centre in mode rehearsal with a PostgreSQL of its own; nothing of it is left afterwards."""
    (folder / "checkout").mkdir(parents=True)
    (folder / "logs").mkdir()
    server = ensure_postgres(folder / "checkout", instead="")
    more = {"MINGZHENG_TICK_SECONDS": "0.5", faults.VARIABLE: str(folder / "armed"), **(extra or {})}
    supervisor = Supervisor(folder / "logs", lambda line: None)
    deployment = Deployment(folder / "state", server.url, "rehearsal", listen(None, first=0), supervisor, more)
    made = Centre(folder, server, deployment)
    before = {name: os.environ.pop(name) for name in NOT_INHERITED if name in os.environ}
    try:
        made.open()
        yield made
    finally:
        os.environ.update(before)
        made.close()


__all__ = ["COSIGNERS", "Centre", "centre", "soon"]
