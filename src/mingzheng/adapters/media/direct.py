"""A statutory medium reached over signed JSON (docs/formats/media.md)."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import quote

from mingzheng.adapters.media.port import MediaReceipt, MediumRefused, MediumUnavailable, digest_of
from mingzheng.adapters.wire import Answer, SignedClient, Unreachable
from mingzheng.kernel import clock


class DirectMedium:
    """A `StatutoryMedium` behind a `SignedClient`."""

    def __init__(self, name: str, client: SignedClient) -> None:
        self.name = name
        self._client = client

    def __repr__(self) -> str:
        return f"DirectMedium({self.name!r}, {self._client!r})"

    def publish(self, *, document_id: str, title: str, kind: str, content: bytes, digest: str) -> MediaReceipt:
        """See `StatutoryMedium`."""
        if digest_of(content, like=digest) != digest:
            raise MediumRefused("the digest is not the content's")
        body = {
            "content": base64.b64encode(content).decode(),
            "digest": digest,
            "document": document_id,
            "kind": kind,
            "title": title,
        }
        answer = self._call("POST", "/v1/notices", body)
        if answer.status in {400, 409, 422}:
            raise MediumRefused(str(answer.body.get("error", answer.status)))
        return self._receipt(answer, document_id)

    def read_back(self, reference: str) -> bytes:
        """See `StatutoryMedium`."""
        answer = self._call("GET", f"/v1/notices/{quote(reference, safe='')}")
        if answer.status == 404:
            raise LookupError(reference)
        try:
            return base64.b64decode(answer.body["content"], validate=True)
        except (KeyError, TypeError, binascii.Error) as fault:
            raise MediumUnavailable("answer not understood") from fault

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        try:
            return self._client.call(method, path, body)
        except Unreachable as fault:
            raise MediumUnavailable(str(fault)) from fault

    def _receipt(self, answer: Answer, document_id: str) -> MediaReceipt:
        if answer.status != 200:
            raise MediumUnavailable(f"answer {answer.status}")
        try:
            return MediaReceipt(
                medium=self.name,
                document=document_id,
                reference=str(answer.body["reference"]),
                digest=str(answer.body["digest"]),
                url=str(answer.body["url"]),
                at=clock.parse(answer.body["at"]),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise MediumUnavailable("answer not understood") from fault
