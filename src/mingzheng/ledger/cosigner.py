"""A cosigner: an own program with an own key that lets a log only grow (C2SP tlog-witness, `add-checkpoint`).

It remembers the newest checkpoint it cosigned in its own folder and signs another only with a proof that the new tree
contains the old one. Two histories can therefore not both carry its signature.
"""

import argparse
import base64
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mingzheng.kernel import clock, digest
from mingzheng.ledger import notes, tree
from mingzheng.ledger.cosigner_state import CosignerKeys, KnownLogs, write_durably

MOST_BYTES = 65_536
MOST_PROOF_LINES = 63
TIME_HEADER = "X-Deployment-Time"
DOORS = ("/add-checkpoint", "/add-rotation")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, text, content type."""

    status: int
    text: str
    content_type: str = "text/plain; charset=utf-8"


class Cosigner:
    """The decision, without the network. One state folder, one key, one newest checkpoint a log."""

    def __init__(
        self, name: str, state: Path, logs: list[notes.Key], time: Callable[[], int], algorithm: str = "sha256"
    ) -> None:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.state, self.time, self._lock = state, time, threading.Lock()
        self.keys = CosignerKeys(name, state, algorithm)
        self.logs = KnownLogs(state, logs)
        write_durably(state / "vkey", self.signer.key.vkey() + "\n")

    @property
    def signer(self) -> notes.NoteSigner:
        """The present key."""
        return self.keys.signers[-1]

    def head_file(self, origin: str) -> Path:
        return self.state / f"newest-{sha256(origin.encode()).hexdigest()[:16]}"

    def newest(self, origin: str) -> notes.Checkpoint:
        """The newest checkpoint cosigned for this log; the empty tree before the first."""
        path = self.head_file(origin)
        if not path.exists():
            return notes.Checkpoint(origin, 0, tree.root([], tree.hash_of(self.logs.digest(origin))))
        return notes.parse_checkpoint(notes.parse_note(path.read_bytes()).text)

    def add_checkpoint(self, body: bytes, time: int | None = None) -> Answer:
        """Answer one `add-checkpoint` request; `time` overrides the clock (seconds since 1970)."""
        try:
            old, proof, note = parse_request(body)
            head = notes.parse_checkpoint(note.text)
        except ValueError as error:
            return Answer(400, f"{error}\n")
        if head.origin not in self.logs.present:
            return Answer(404, "unknown log\n")
        try:
            notes.verified_checkpoint(note, self.logs.present[head.origin])
        except notes.NoteRefused as error:
            return Answer(403, f"{error}\n")
        if old > head.size:
            return Answer(400, "the old size is beyond the checkpoint\n")
        with self._lock:
            return self._decide(old, proof, note, head, self.time() if time is None else time)

    def _decide(self, old: int, proof: list[bytes], note: notes.Note, head: notes.Checkpoint, time: int) -> Answer:
        newest = self.newest(head.origin)
        if old != newest.size:
            return Answer(409, f"{newest.size}\n", "text/x.tlog.size")
        if head.size == newest.size and head.root != newest.root:
            self._keep_evidence(note)
            return Answer(409, f"{newest.size}\n", "text/x.tlog.size")
        try:
            hashing = tree.hash_of(self.logs.digest(head.origin))
            tree.check_consistency(newest.size, newest.root, head.size, head.root, proof, hashing)
        except tree.ProofRefused as error:
            self._keep_evidence(note)
            return Answer(422, f"{error}\n")
        lines = [signer.line(note.text, time) for signer in self.keys.signers]
        write_durably(self.head_file(head.origin), note.with_lines(lines).render())
        return Answer(200, "".join(line.render() for line in lines))

    def add_rotation(self, body: bytes) -> Answer:
        """A log's new key, stated by its old one: from now on only the new one counts here."""
        try:
            role, old, new = notes.parse_rotation(body)
        except ValueError as error:
            return Answer(400, f"{error}\n")
        with self._lock:
            known = self.logs.present.get(old.name)
            if role != "log" or known is None:
                return Answer(404, "unknown log\n")
            if known not in (old, new):
                return Answer(403, "not the key this log has here\n")
            if known == old:
                self.logs.follow(new, body.decode("utf-8"))
            return Answer(200, new.vkey() + "\n")

    def _keep_evidence(self, note: notes.Note) -> None:
        """A checkpoint the log did sign but that does not extend what it signed before convicts the log."""
        text = note.render()
        write_durably(self.state / f"evidence-{sha256(text.encode()).hexdigest()[:16]}", text)

    def read(self, path: str) -> Answer:
        """What anybody may fetch: `/vkey`, `/checkpoint` (the newest cosigned one), `/rotation` (how its key came to be)."""
        if path == "/vkey":
            return Answer(200, self.signer.key.vkey() + "\n")
        if path == "/rotation" and self.keys.statement():
            return Answer(200, self.keys.statement())
        found = [self.head_file(origin) for origin in self.logs.present if self.head_file(origin).exists()]
        if path == "/checkpoint" and found:
            return Answer(200, found[0].read_text("utf-8"))
        return Answer(404, "nothing here\n")


def parse_request(body: bytes) -> tuple[int, list[bytes], notes.Note]:
    """Old size, consistency proof and checkpoint note of a request. ValueError if it is not in the protocol's form."""
    above, _, note = body.decode("utf-8").partition("\n\n")
    first, *lines = above.split("\n")
    digits = first.removeprefix("old ")
    if first != f"old {digits}" or not digits.isascii() or not digits.isdigit() or len(digits) > 19:
        raise ValueError("the first line is 'old' and a size")
    if str(int(digits)) != digits or len(lines) > MOST_PROOF_LINES:
        raise ValueError("the size has no leading zeros, the proof at most 63 lines")
    proof = [base64.b64decode(line, validate=True) for line in lines]
    if any(len(node) != 32 for node in proof):
        raise ValueError("a proof consists of hashes of 32 bytes")
    return int(digits), proof, notes.parse_note(note)


def make_server(cosigner: Cosigner, port: int, trust_time_header: bool = False) -> ThreadingHTTPServer:
    """An HTTP server on 127.0.0.1 (a proxy stands before it in production); port 0 takes a free one."""

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path not in DOORS or not length.isdecimal() or int(length) > MOST_BYTES:
                self.close_connection = True
                return self.answer(Answer(400 if self.path in DOORS else 404, "not an add-checkpoint call\n"))
            body = self.rfile.read(int(length))
            if self.path == "/add-rotation":
                return self.answer(cosigner.add_rotation(body))
            return self.answer(cosigner.add_checkpoint(body, told_time(self.headers) if trust_time_header else None))

        def do_GET(self) -> None:
            self.answer(cosigner.read(self.path))

        def answer(self, answer: Answer) -> None:
            content = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: one line a checkpoint would bury everything else."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    return server


def told_time(headers: Message) -> int | None:
    value = headers.get(TIME_HEADER, "")
    return int(value) if value.isdecimal() and len(value) < 12 else None


def time_source(where: str) -> Callable[[], int]:
    """`real`, or the address of a page that answers the deployment's time (ISO 8601 with offset, or seconds)."""
    if where == "real":
        return lambda: int(clock.real().timestamp())
    if not where.startswith(("http://", "https://")):
        raise ValueError(f"neither 'real' nor an http address: {where}")

    def ask() -> int:
        with urllib.request.urlopen(where, timeout=5) as reply:  # noqa: S310 - the scheme was checked above
            said = reply.read(200).decode("ascii").strip().strip('"')
        return int(said) if said.isdecimal() else int(datetime.fromisoformat(said).timestamp())

    return ask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng cosign`."""
    parser.add_argument("--name", required=True, help="the cosigner's name, as in its verifier key")
    parser.add_argument("--state", required=True, type=Path, help="its own folder: key and newest checkpoint")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--log-vkey", default=[], action="append", help="verifier key of a log it watches")
    parser.add_argument(
        "--suite",
        choices=sorted(digest.SUITES),
        default="INTL-1",
        help="of its own key: INTL-1 (Ed25519) or GM-1 (SM2)",
    )
    parser.add_argument("--rotate", action="store_true", help="make a new key, state it by the old one, and end")
    parser.add_argument(
        "--retire", action="store_true", help="destroy the old keys, when the log has taken the new one"
    )
    parser.add_argument("--time-from", default="real", help="'real' or an address that answers the deployment's time")
    parser.add_argument("--trust-time-header", action="store_true", help=f"demo only: take the time from {TIME_HEADER}")


def _change_keys(arguments: argparse.Namespace) -> int:
    """With the cosigner stopped: make the next key, or destroy those before the present one."""
    keys = CosignerKeys(arguments.name, arguments.state, digest.SUITES[arguments.suite])
    if arguments.rotate:
        print(keys.rotate(time_source(arguments.time_from)()), end="")
    else:
        keys.retire()
    return 0


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; prints one line with address and verifier key when ready."""
    logs = [notes.parse_vkey(text) for text in arguments.log_vkey]
    if arguments.rotate or arguments.retire:
        return _change_keys(arguments)
    if not logs:
        raise SystemExit("mingzheng cosign: --log-vkey says which log is watched")
    cosigner = Cosigner(
        arguments.name, arguments.state, logs, time_source(arguments.time_from), digest.SUITES[arguments.suite]
    )
    server = make_server(cosigner, arguments.port, arguments.trust_time_header)
    print(f"cosigner http://127.0.0.1:{server.server_port} {cosigner.signer.key.vkey()}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0
