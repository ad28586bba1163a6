"""Start a whole demo centre on this machine: database, cosigners, worker, web. Ctrl-C stops all of it."""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mingzheng.kernel import digest
from mingzheng.site.launch.checkout import checkout
from mingzheng.site.launch.deployment import Deployment, listen
from mingzheng.site.launch.postgres import DATABASE, Server, ensure_postgres
from mingzheng.site.launch.processes import die_with
from mingzheng.site.launch.supervisor import Supervisor
from mingzheng.site.suite import FIRST

REST_SECONDS = 100.0  # of the year, when the portal opens: with the lead of the opening less than three minutes
LOOK_FIRST = 8.0
TELL_EVERY = 15.0
MOST_ALONE = 900.0
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng demo`."""
    port = os.environ.get("PORT", "")
    parser.add_argument(
        "--port", type=int, default=int(port) if port.isdigit() else None, help="port (default: 8000 or the next free)"
    )
    suites = sorted(digest.SUITES)
    parser.add_argument(
        "--suite", choices=suites, default=os.environ.get("MINGZHENG_SUITE", FIRST),
        help=f"algorithms; each suite has a demo centre of its own (default {FIRST})",
    )  # fmt: skip


class Stopped(Exception):
    """Somebody asked the demo to end."""


class Progress:
    """Lines with the seconds since the start."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, line: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {line}", flush=True)


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop; 0 after a clean stop, 1 when a part cannot be kept running (the reason is printed)."""
    if "MAKELEVEL" in os.environ:  # should make itself be killed, nothing may stay behind
        die_with(os.getppid(), signal.SIGTERM)
    say = Progress()
    with stops_raise():
        server: Server | None = None
        supervisor = Supervisor(checkout() / ".data" / "logs", say)
        try:
            listener = listen(args.port)
            say("starting PostgreSQL")
            server = ensure_postgres(checkout())
            deployment = Deployment(
                state_of(args.suite),
                database_of(server, args.suite),
                "demo",
                listener,
                supervisor,
                {"MINGZHENG_SERVED_BY": "demo", "MINGZHENG_SUITE": args.suite},
            )
            start(deployment, say)
            print(invitation(deployment.url, deployment.told), flush=True)
            while True:
                time.sleep(0.3)
                supervisor.watch()
        except Stopped:
            say("stopping")
        finally:
            _ignore_signals()
            supervisor.stop()
            if server is not None:
                server.stop()
            say("stopped: no process of this demo is left")
    return 0


def state_of(suite: str) -> Path:
    """The state folder of this checkout's demo of a suite: keys, files, archives."""
    return checkout() / ".data" / ("state" if suite == FIRST else f"state-{suite.lower()}")


def database_of(server: Server, suite: str) -> str:
    """The database of that demo; a database named in DATABASE_URL is taken as it is."""
    if suite == FIRST or os.environ.get("DATABASE_URL"):
        return server.url
    return server.create_database(f"{DATABASE}_{suite.lower().replace('-', '')}")


def start(deployment: Deployment, say: Progress) -> None:
    """Bring the centre up step by step and wait until the portal answers."""
    say("migrating, loading the demo centre")
    deployment.prepare()
    say("starting the cosigners (supervisor, neighbour centre)")
    deployment.start_cosigners()
    say("starting worker and web")
    deployment.start_worker()
    loading = _loading(deployment.state) is not None
    deployment.start_story()
    if loading:
        _let_play(deployment, say)
    deployment.start_web()
    deployment.wait_for(deployment.url + "/", "web")
    say(
        "ready"
        + ("; the rest of the centre's past year is being played, then its next opening begins" if loading else "")
    )


def _let_play(deployment: Deployment, say: Progress) -> None:
    """Play the past year alone until the rest needs so little that the first visitor sees its opening within three minutes.

    On a quiet machine that is at once; on a busy one the portal would only make a long year longer.
    """
    began = told = time.monotonic()
    while (found := _loading(deployment.state)) is not None and time.monotonic() - began < MOST_ALONE:
        deployment.supervisor.watch()
        taken = time.monotonic() - began
        share = found.get("steps", 0) / (found.get("of_steps") or 1)
        needed = float(found.get("elapsed", 0)) / share if share else 0.0  # of all of it, earlier starts included
        if share and taken >= LOOK_FIRST and needed * (1 - share) <= REST_SECONDS:
            return
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            say(f"playing the centre's past year: {share:.0%} {str(found.get('at', ''))[:7]}".rstrip())
        time.sleep(0.3)


def _loading(state: Path) -> dict[str, Any] | None:
    """What the story has noted of its loading; None when the year has been played."""
    try:
        found = json.loads((state / "demo" / "progress.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("state") == "loading" else None


def invitation(url: str, told: Mapping[str, Any]) -> str:
    """The address and the cast, as the terminal shows them."""
    lines = ["", f"  Mingzheng 明证   {url}/", ""]
    cast = told.get("cast") or []
    if cast:
        files = Path(cast[0]["key_file"]).parent
        lines += ["  The cast. To act: choose the key file when logging in. To read only: password and authenticator."]
        lines += [f"    key files       {files}/<login>.mzkey", f"    password        {cast[0]['password']} (of all)"]
        lines += [f"    authenticators  {files.parent}/told.json", ""]
        for one in cast:
            lines.append(
                f"    {one['login']:<11}{_wide(one['name'], 8)}{_wide(one['organisation'], 30)}{', '.join(one['roles'])}"
            )
        lines.append("")
    lines += ["  Ctrl-C stops all of it.", ""]
    return "\n".join(lines)


def _wide(text: str, columns: int) -> str:
    """The text filled up with spaces to this many columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(1, columns - taken)


@contextmanager
def stops_raise() -> Iterator[None]:
    """Within the block the stopping signals raise `Stopped`."""

    def stop(number: int, frame: object) -> None:
        raise Stopped

    before = {kind: signal.signal(kind, stop) for kind in STOPPING}
    try:
        yield
    finally:
        for kind, action in before.items():
            signal.signal(kind, action)


def _ignore_signals() -> None:
    """A second Ctrl-C must not interrupt the cleaning up; that ends by itself within seconds."""
    for kind in STOPPING:
        signal.signal(kind, signal.SIG_IGN)
