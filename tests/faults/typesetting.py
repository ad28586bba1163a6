"""A typesetter in a process of its own: its threads would not survive the forks of these tests.

`python -m tests.faults.typesetting SOCKET` waits for calls; each is answered by a fork that has never typeset before.
"""

import os
import pickle
import socket
import socketserver
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mingzheng.kernel import clock, ports
from mingzheng.site.launch.processes import PARENT

SECONDS = 60
ROOT = Path(__file__).parents[2]


class Elsewhere:
    """A port asked over a socket: any method of it. Papers are sealed."""

    active = True

    def __init__(self, address: Path, port: str) -> None:
        self._address, self._port = address, port

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(SECONDS)
                link.connect(str(self._address))
                link.sendall(pickle.dumps((clock.now(), self._port, name, args, named)))
                link.shutdown(socket.SHUT_WR)
                with link.makefile("rb") as told:
                    done, answer = pickle.loads(told.read())
            if not done:
                raise answer
            return answer

        return call


@contextmanager
def elsewhere(folder: Path, *names: str) -> Iterator[dict[str, Elsewhere]]:
    """Start it and wait until it listens; gone with the block."""
    address = folder / "typesetter"
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.typesetting", str(address)],
        env={
            **os.environ,
            "MINGZHENG_PAPER_SEAL": "demo",
            PARENT: str(os.getpid()),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        },
    )
    try:
        until = time.monotonic() + SECONDS
        while not address.exists() and server.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        yield {name: Elsewhere(address, name) for name in names}
    finally:
        server.kill()
        server.wait()


class _Answer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        moment, port, name, args, named = pickle.loads(self.rfile.read())
        clock.use(lambda: moment)
        try:
            answer = True, getattr(ports.get(port), name)(*args, **named)
        except Exception as fault:
            answer = False, fault
        self.wfile.write(pickle.dumps(answer))


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """A fork a call."""


if __name__ == "__main__":
    import django

    from mingzheng.site.launch.processes import hold_on_to_parent

    hold_on_to_parent()
    os.environ["DJANGO_SETTINGS_MODULE"] = "mingzheng.site.settings"
    django.setup()
    aside = f"{sys.argv[1]}.new"
    with _Server(aside, _Answer) as waiting:
        Path(aside).rename(sys.argv[1])
        waiting.serve_forever()
