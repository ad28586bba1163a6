"""Talking to an outside system in signed JSON: every request is ours, every answer is theirs, neither can be replayed.

Format: docs/formats/bank.md, section "Signed requests". Plain HTTP is allowed to this very machine only.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mingzheng.kernel import canonical, clock

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LIMIT = 64 << 20


class Unreachable(Exception):
    """No usable answer: no connection, too late, not signed by the other side, not our format, or a fault there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A signed answer: HTTP status below 500 and a JSON object."""

    status: int
    body: dict[str, Any]


def request_text(*, method: str, path: str, at: str, nonce: str, body: bytes) -> bytes:
    """What a request's signature covers."""
    covered = {"at": at, "body": hashlib.sha256(body).hexdigest(), "method": method, "nonce": nonce, "path": path}
    return canonical.dumps(covered).encode()


def answer_text(*, status: int, nonce: str, body: bytes) -> bytes:
    """What an answer's signature covers: the nonce ties it to the one request it answers."""
    return canonical.dumps({"body": hashlib.sha256(body).hexdigest(), "nonce": nonce, "status": status}).encode()


class SignedClient:
    """Calls one outside system. `identity` is what it calls us; `key` is ours, `peer` its public key."""

    def __init__(
        self,
        base_url: str,
        *,
        identity: str,
        key: Ed25519PrivateKey,
        peer: Ed25519PublicKey,
        authorities: str | None = None,
        timeout: float = 10.0,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"no http address: {base_url}")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError(f"{parts.hostname} must be reached by https")
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path.rstrip("/")
        self._tls = ssl.create_default_context(cafile=authorities) if parts.scheme == "https" else None
        self._identity, self._key, self._peer, self._timeout = identity, key, peer, timeout

    def __repr__(self) -> str:
        return f"SignedClient({self._host!r}, identity={self._identity!r}, key=…)"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """One request, one answer. Raises `Unreachable`; then nothing is known about whether it was carried out."""
        raw = canonical.dumps(body).encode() if body is not None else b""
        nonce = secrets.token_hex(16)
        try:
            status, headers, received = self._exchange(method, self._prefix + path, raw, nonce)
        except (OSError, http.client.HTTPException) as fault:
            raise Unreachable(type(fault).__name__) from fault
        return self._checked(status, headers.get("Mingzheng-Signature", ""), nonce, received)

    def _exchange(self, method: str, path: str, raw: bytes, nonce: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        at = clock.text(clock.real())
        signature = self._key.sign(request_text(method=method, path=path, at=at, nonce=nonce, body=raw))
        headers = {
            "Content-Type": "application/json",
            "Mingzheng-Identity": self._identity,
            "Mingzheng-At": at,
            "Mingzheng-Nonce": nonce,
            "Mingzheng-Signature": base64.b64encode(signature).decode(),
        }
        connection = self._connection()
        try:
            connection.request(method, path, body=raw or None, headers=headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read(LIMIT)
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._tls is not None:
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._tls)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)

    def _checked(self, status: int, signature: str, nonce: str, received: bytes) -> Answer:
        try:
            covered = answer_text(status=status, nonce=nonce, body=received)
            self._peer.verify(base64.b64decode(signature, validate=True), covered)
        except (InvalidSignature, ValueError) as fault:
            raise Unreachable(f"answer {status} is not signed by the other side") from fault
        if status >= 500:
            raise Unreachable(f"answer {status}")
        try:
            body = json.loads(received)
        except ValueError as fault:
            raise Unreachable("answer is not JSON") from fault
        if not isinstance(body, dict):
            raise Unreachable("answer is not an object")
        return Answer(status, body)
