"""A centre of its own for a while: the demo's processes on a fresh database and state folder, removed at the end."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.deployment import Deployment, listen
from mingzheng.site.launch.leftovers import own_folder, sweep_databases
from mingzheng.site.launch.postgres import ensure_postgres
from mingzheng.site.launch.programs import LaunchError
from mingzheng.site.launch.supervisor import Supervisor

PREFIX = "mz_sandbox_"


@dataclass(frozen=True)
class Sandbox:
    """Where the temporary centre is served, its files, its database, and what it tells about itself (cast, keys)."""

    url: str
    state_folder: Path
    database_url: str
    told: Mapping[str, Any]


@contextlib.contextmanager
def sandbox(mode: str = "rehearsal", extra: Mapping[str, str] | None = None) -> Iterator[Sandbox]:
    """Start a centre and give it to the block. `mode` is demo, rehearsal or test; `extra` is more environment.

    Nothing of it is left afterwards, also when the block fails. Raises LaunchError when it cannot be started.
    """
    # Within a test run DATABASE_URL names the run's own database; what it stands on is told in this variable.
    server = ensure_postgres(checkout(), instead=os.environ.get("MINGZHENG_TEST_SERVER"))
    sweep_databases(server, [PREFIX])
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    folder = own_folder("mingzheng-sandbox-")
    supervisor = Supervisor(folder / "logs", lambda line: print(f"sandbox: {line}", file=sys.stderr, flush=True))
    ended = threading.Event()
    listener = listen(None, first=0)
    try:
        url = server.create_database(name)
        deployment = Deployment(folder / "state", url, mode, listener, supervisor, dict(extra or {}))
        deployment.prepare()
        deployment.start_cosigners()
        deployment.start_worker()
        deployment.start_web()
        deployment.wait_for(deployment.url + "/health", "web")
        watcher = threading.Thread(target=_watch, args=(supervisor, ended), name="sandbox", daemon=True)
        watcher.start()
        yield Sandbox(deployment.url, deployment.state, url, deployment.told)
        ended.set()
        watcher.join()
    finally:
        ended.set()
        supervisor.stop()
        listener.close()
        server.drop_database(name)
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _watch(supervisor: Supervisor, ended: threading.Event) -> None:
    try:
        while not ended.wait(0.3):
            supervisor.watch()
    except LaunchError as error:
        supervisor.say(str(error))
