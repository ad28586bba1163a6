"""A party of the rehearsal: its own key, its own session, acts signed in this process and nowhere else."""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlencode

from mingzheng.adapters.crypto import acts
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.site.rehearse.wire import PAUSE, Answer, Lost, Refusal, Server

MOST_STARTS = 100
T = TypeVar("T")
CSRF = "csrftoken"


class Party:
    """One person at the server. Log in before acting."""

    def __init__(self, server: Server, key: PersonKey | None = None) -> None:
        self.server, self.key = server, key
        self.cookies = {CSRF: secrets.token_hex(16)}  # a double-submit token is the client's own choice
        self._entering = threading.Lock()
        self._in = False

    def _ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        answer = self._send(method, path, body, headers)
        if answer.status == 401 and self._in:  # the session was too old: enter again, as a person would
            self._in = False
            self.log_in()
            answer = self._send(method, path, body, headers)
        return answer

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {
            "Accept": "application/json", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "X-CSRFToken": self.cookies[CSRF], **{k.replace("_", "-"): v for k, v in headers.items()},
        }  # fmt: skip
        answer = self.server.ask(method, path, body, sent)
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def _json(self, method: str, path: str, value: Any = None) -> Any:
        body = None if value is None else json.dumps(value, ensure_ascii=False).encode()
        answer = self._ask(method, path, body, **({"Content_Type": "application/json"} if body is not None else {}))
        said = answer.json()
        if answer.status >= 300:
            raise Refusal(method, path, answer.status, said)
        return said

    def get(self, path: str) -> Any:
        """Read JSON. Raises `Refusal`."""
        return self._json("GET", path)

    def read(self, path: str) -> bytes:
        """Read a file. Raises `Refusal`."""
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise Refusal("GET", path, answer.status, answer.json())
        return answer.body

    def form(self, path: str, **fields: str) -> Any:
        """Post a form of the demo's doors (clock, bank)."""
        fields = {"number": secrets.token_hex(16), **fields}  # the same payment or jump if the network asks twice
        answer = self._ask("POST", path, urlencode(fields).encode(), Content_Type="application/x-www-form-urlencoded")
        if answer.status >= 400:
            raise Refusal("POST", path, answer.status, answer.json())
        return answer.json()

    def post(self, path: str, value: Any) -> Any:
        """Post JSON. Raises `Refusal`."""
        return self._json("POST", path, value)

    def log_in(self) -> None:
        """Sign the server's challenge with the own key; once."""
        with self._entering:
            if self._in:
                return
            until_in(self._enter)
            self._in = True

    def _enter(self) -> None:
        assert self.key is not None
        challenge = self.get("/login/challenge")["challenge"]
        signature = self._sign(acts.login_text(challenge, self.server.origin))
        self.post("/login/certificate", {"certificate": self.key.certificate, "signature": signature})

    def _sign(self, text: str) -> str:
        assert self.key is not None
        return base64.b64encode(self.key.sign(text.encode())).decode()

    def act(self, name: str, *, secret: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
        """One act, always signed; the same nonce stands for the same act if the network asks twice. Raises `Refusal`."""
        nonce = secrets.token_hex(16)
        fields = {key: value for key, value in fields.items() if value is not None}
        signature = self._sign(acts.act_text(name, fields, nonce))
        posted: dict[str, Any] = {"fields": fields, "nonce": nonce, "signature": {"signature": signature}}
        if secret:
            posted["secrets"] = secret
        answer = dict(self._json("POST", f"/act/{name}", posted))
        self.server.acknowledged.extend((name, entry["digest"]) for entry in answer["entries"])
        return answer

    def upload(self, content: bytes) -> str:
        """Upload as a resumable upload (tus); returns its id."""
        begun = self._ask("POST", "/upload", b"", Tus_Resumable="1.0.0", Upload_Length=str(len(content)))
        if begun.status != 201:
            raise Refusal("POST", "/upload", begun.status, begun.json())
        path = str(begun.headers["Location"])
        until_in(lambda: self._send_rest(path, content))
        return path.rsplit("/", 1)[-1]

    def _send_rest(self, path: str, content: bytes) -> None:
        """What the server has not yet of an upload; it is asked how far it came."""
        offset = int(self._ask("HEAD", path, Tus_Resumable="1.0.0").headers["Upload-Offset"])
        if offset == len(content):
            return
        done = self._ask(
            "PATCH", path, content[offset:], Tus_Resumable="1.0.0", Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream",
        )  # fmt: skip
        if done.status != 204:
            raise Refusal("PATCH", path, done.status, done.json())


def until_in(work: Callable[[], T]) -> T:
    """Begin again from the start when an answer was lost on the way, a few times."""
    for _ in range(MOST_STARTS):
        with contextlib.suppress(Lost):
            return work()
        time.sleep(PAUSE)
    return work()


def body(answer: dict[str, Any], kind: str) -> dict[str, Any]:
    """The body of the event of `kind` in the answer to an act. KeyError when the act had another outcome."""
    for event in answer["events"]:
        if event["kind"] == kind:
            return dict(event["body"])
    raise KeyError(f"{answer['act']} did not answer {kind}")
