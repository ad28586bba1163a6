"""One running centre: its processes, in the order in which they need one another.

database -> migrations and first contents -> two cosigners -> worker -> web. The demo and the sandbox start the same set.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingzheng.site.launch.processes import PARENT
from mingzheng.site.launch.programs import LaunchError
from mingzheng.site.launch.supervisor import Part, Supervisor

COSIGNERS = ("supervisor", "neighbour")
READY_SECONDS = 90
FAULTY_SECONDS = 20  # one that answers, but with an error, will not mend itself
HOST = "127.0.0.1"


@dataclass
class Deployment:
    """What makes one centre another than the next: state folder, database, mode; `extra` is more environment."""

    state: Path
    database_url: str
    mode: str
    listener: socket.socket
    supervisor: Supervisor
    extra: Mapping[str, str] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the centre is served."""
        return f"http://{HOST}:{self.listener.getsockname()[1]}"

    def environment(self) -> dict[str, str]:
        """What every process of this centre is told."""
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings",
            "DATABASE_URL": self.database_url,
            "MINGZHENG_STATE": str(self.state),
            "MINGZHENG_MODE": self.mode,
            "MINGZHENG_URL": self.url,
            **self.extra,
        }

    def prepare(self) -> None:
        """Bring the database to this version and put the first contents in; remembers what the centre tells about itself."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        answer = self.state / "told.json"
        done = subprocess.run(
            [sys.executable, "-m", "mingzheng", "migrate", "--contents", "--tell", str(answer)],
            env={**self.environment(), PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LaunchError(f"The database could not be prepared.\n{(done.stdout + done.stderr).strip()[-4000:]}")
        self.told = json.loads(answer.read_text("utf-8"))

    def start_cosigners(self) -> None:
        """Two cosigners with keys of their own; the worker and the pages are told their addresses and keys."""
        addresses = {}
        for name in COSIGNERS:
            port = _free_port()
            state = self.state / "cosigners" / name
            arguments = ["cosign", "--name", name, "--state", str(state), "--port", str(port)]
            arguments += ["--log-vkey", self.told["log_vkey"], "--trust-time-header"]
            arguments += ["--suite", self.environment().get("MINGZHENG_SUITE", "INTL-1")]
            self.supervisor.start(Part(f"cosigner-{name}", arguments, self.environment()))
            addresses[f"cosigner-{name}"] = f"http://{HOST}:{port}"
        keys = {url: self.wait_for(f"{url}/vkey", part).strip() for part, url in addresses.items()}
        # The ports change with every start: the pinned keys are written anew, so that no old port vouches for the other.
        pinned = self.state / "keys" / "cosigners.txt"
        pinned.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        pinned.write_text("".join(f"{url} {key}\n" for url, key in keys.items()), "utf-8")
        self.extra = {**self.extra, "MINGZHENG_COSIGNERS": ",".join(keys)}

    def start_worker(self) -> None:
        """Sequencer, readers, reactions, timers."""
        self.supervisor.start(Part("worker", ["worker"], self.environment()))

    def start_web(self) -> None:
        """The web process, on the socket this process keeps open, so that a restart loses no connection."""
        number = self.listener.fileno()
        self.supervisor.start(Part("web", ["serve", "--fd", str(number)], self.environment(), (number,)))

    def start_story(self) -> None:
        """A demo's past year and its bidders."""
        self.supervisor.start(Part("story", ["story"], self.environment()))

    def wait_for(self, address: str, part: str) -> str:
        """The text at the address as soon as it answers 200. LaunchError with the part's last words when it does not."""
        began = time.monotonic()
        seen = ""
        while time.monotonic() - began < (FAULTY_SECONDS if seen else READY_SECONDS):
            self.supervisor.watch()
            try:
                with urllib.request.urlopen(address, timeout=3) as reply:
                    if reply.status == 200:
                        return str(reply.read().decode("utf-8", "replace"))
            except urllib.error.HTTPError as error:
                seen = f"It answers {error.code}."
                error.close()
            except OSError:
                pass
            time.sleep(0.1)
        raise LaunchError(
            f"{address} is not ready after {time.monotonic() - began:.0f} s. {seen}\n{self.supervisor.tail(part)}"
        )


def listen(wanted: int | None, first: int = 8000) -> socket.socket:
    """A listening socket on 127.0.0.1: exactly the wanted port, or the first free one from `first` on (0: any)."""
    following = range(first, first + 50) if first else ()
    for port in [wanted] if wanted else [*following, 0]:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            listener.bind((HOST, port))
            listener.listen(512)
            return listener
        listener.close()
    raise LaunchError(
        f"Port {wanted} of {HOST} is taken. Name another: make demo PORT=8123, or none to take a free one."
    )


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])
