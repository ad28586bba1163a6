"""Sign with a hardware key: a small service for the browser of this machine, over a PKCS#11 module.

Start it, type the PIN here, and type the pairing code it shows into the centre's page. Everything the page wants signed is
shown here in plain words first. It answers that one centre alone, on 127.0.0.1; stop it with Ctrl-C.

`mingzheng agent request` writes a certificate request for a key in the token instead, with --make for a fresh one.
"""

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from mingzheng.adapters.agent import request
from mingzheng.adapters.agent.door import LOOPBACK, Agent, Door
from mingzheng.adapters.agent.pairing import Pairing
from mingzheng.adapters.agent.pkcs11_signer import TokenSigner, open_token
from mingzheng.adapters.agent.refusals import ORIGIN_UNSUITABLE
from mingzheng.adapters.crypto import terminal
from mingzheng.adapters.crypto.certificates import facts

PORT = 18737


def add_arguments(parser: ArgumentParser) -> None:
    """`agent --module ... --token ... --origin ...`, `agent request --module ... --token ... --name ... --out ...`."""
    parser.add_argument(
        "what", nargs="?", choices=("serve", "request"), default="serve", help="serve (default) or request"
    )
    parser.add_argument("--module", required=True, help="the device's PKCS#11 module, such as libsofthsm2.so")
    parser.add_argument("--token", required=True, help="the token's label")
    parser.add_argument("--origin", default="", help="address of the centre's pages, such as https://centre.example")
    parser.add_argument("--port", type=int, default=PORT, help=f"port on 127.0.0.1 (default {PORT})")
    parser.add_argument("--key", default="", help="label of the private key, where the token has several")
    parser.add_argument("--certificate", type=Path, help="the certificate (PEM), where the token holds none")
    request.add_arguments(parser)
    pin = parser.add_mutually_exclusive_group()
    pin.add_argument("--pin-file", type=Path, help="first line is the PIN (default: asked here)")
    pin.add_argument("--pin-fd", type=int, help="file descriptor the PIN is read from")
    parser.add_argument("--yes", action="store_true", help="agree to everything this centre's page asks; for tests")


def run(args: Namespace) -> int:
    """0 when stopped or the request is written, 1 when refused, 2 when called wrongly."""
    needed = ("name", "out") if args.what == "request" else ("origin",)
    missing = [name for name in needed if not getattr(args, name)]
    if missing:
        print("Also needed: " + ", ".join(f"--{name}" for name in missing), file=sys.stderr)
        return 2
    if args.what == "request":
        return terminal.answer(lambda: _request(args))
    return terminal.answer(lambda: _serve(args))


def _request(args: Namespace) -> int:
    request.write(args, _pin(args))
    print(f"{args.out}: send it to the certificate authority; put the certificate it issues into the token, or start")
    print("the agent with --certificate FILE.pem, and enrol it on the centre's page of certificates.")
    return 0


def _serve(args: Namespace) -> int:
    origin = checked_origin(args.origin)
    certificate = args.certificate.read_text("utf-8") if args.certificate else None
    signer = open_token(args.module, args.token, _pin(args), certificate=certificate, key=args.key)
    try:
        return _answer(signer, Terminal(always=args.yes), origin, args.port)
    finally:
        signer.close()


def _answer(signer: TokenSigner, person: "Terminal", origin: str, port: int) -> int:
    found = facts(signer.certificate)
    holder = " ".join(one for one in (found.person_name, found.organisation_name) if one)
    pairing = Pairing(lambda code: person.tell([f"配对码 / pairing code: {code}"]))
    with Door(Agent(signer, person, pairing, origin), port) as door:
        person.tell(
            [
                f"硬件钥匙 / token: {signer.label}, {holder}, {signer.suite}",
                f"只应答 / answers only: {origin}",
                f"http://{LOOPBACK}:{door.server_address[1]}  (Ctrl-C)",
            ]
        )
        with suppress(KeyboardInterrupt):
            door.serve_forever()
    return 0


class Terminal:
    """The person at this terminal. With `always` everything is shown and nothing is asked."""

    def __init__(self, *, always: bool) -> None:
        self._always = always

    def tell(self, lines: list[str]) -> None:
        """Print at once."""
        print(*lines, sep="\n", flush=True)

    def agrees(self, lines: list[str]) -> bool:
        """True for y alone; no terminal to answer at means no."""
        self.tell(["", *lines])
        if self._always:
            return True
        _forget_typed()  # what was typed before the question is no answer to it
        print("同意吗？/ agree? [y/N] ", end="", flush=True)
        return os.read(sys.stdin.fileno(), 64).strip().lower() in (b"y", b"yes")


def _forget_typed() -> None:
    if sys.platform != "win32" and sys.stdin.isatty():
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def checked_origin(text: str) -> str:
    """The origin a browser would send for this address. Refused `agent.unsuitable-origin`."""
    parts = urlsplit(text.rstrip("/"))
    local = parts.hostname in (LOOPBACK, "localhost")
    try:
        port = parts.port
    except ValueError:
        raise ORIGIN_UNSUITABLE(origin=text) from None
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    if not parts.hostname or not plain or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ORIGIN_UNSUITABLE(origin=text)
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port not in (None, usual) else "")


def _pin(args: Namespace) -> str:
    if args.pin_file:
        return str(args.pin_file.read_text("utf-8").splitlines()[0])
    if args.pin_fd is not None:
        with os.fdopen(args.pin_fd, encoding="utf-8") as given:
            return given.readline().rstrip("\n")
    return getpass.getpass("PIN: ", stream=sys.stderr)
