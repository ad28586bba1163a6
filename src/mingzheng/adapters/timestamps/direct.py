"""An outside time-stamp authority over HTTP (RFC 3161, 3.4). A token is only taken when our trust covers it."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from asn1crypto import tsp

from mingzheng.adapters.timestamps.asking import token_of
from mingzheng.adapters.timestamps.checking import check_token
from mingzheng.adapters.timestamps.port import StampRefused, StampsUnavailable

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST_REPLY = 1 << 20


class DirectTimestamps:
    """`authorities` are the trusted issuers' certificates (DER). Tokens are signed, so plain HTTP does for authorities
    that offer nothing else."""

    def __init__(self, url: str, authorities: list[bytes], *, timeout: float = 5.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"no http address: {url}")
        self._host, self._port = parts.hostname, parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._authorities, self._timeout = authorities, timeout

    def respond(self, query: bytes) -> bytes:
        """See `Timestamps`. Raises `StampNotTrusted` for a token of a stranger; refusals are handed on as they came."""
        answer = self._asked(query)
        asked = tsp.TimeStampReq.load(query)
        try:
            token = token_of(answer, query)
        except StampRefused:
            return answer
        check_token(token, asked["message_imprint"]["hashed_message"].native, self._authorities)
        return answer

    def _asked(self, query: bytes) -> bytes:
        connection = (
            http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            if self._tls is None
            else http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._tls)
        )
        try:
            connection.request("POST", self._path, body=query, headers={"Content-Type": QUERY, "Accept": REPLY})
            response = connection.getresponse()
            body = response.read(LARGEST_REPLY)
        except (OSError, http.client.HTTPException) as fault:
            raise StampsUnavailable(type(fault).__name__) from fault
        finally:
            connection.close()
        if response.status != 200 or response.headers.get_content_type() != REPLY:
            raise StampsUnavailable(f"answer {response.status} {response.headers.get_content_type()}")
        return body
