"""A key behind the signing agent of this machine (docs/formats/signing-agent.md), for programs that are no browser page.

The agent asks the person at its terminal before every signature and unwrapping, exactly as it does for the page.
"""

import base64
import binascii
import http.client
import json
from typing import Any, Final
from urllib.parse import urlsplit

from mingzheng.adapters.crypto.certificates import fingerprint, public_key_of
from mingzheng.adapters.crypto.refusals import AGENT_REFUSED, AGENT_SILENT
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite, suite_of_key

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 300  # seconds a person may take to read and answer
LARGEST: Final = 1_048_576  # bytes of an answer


class AgentKey:
    """An `OwnKey` in a device. Each signature is checked under the certificate before it is used."""

    def __init__(self, port: int, origin: str, code: str) -> None:
        """Pair with the agent of 127.0.0.1:`port` that answers pages of `origin`, by the code in its terminal.

        Refused `agent.silent`, `agent.refused`.
        """
        self._port, self._origin, self._key = port, _origin(origin), ""
        self._key = _text(self._ask("POST", "/pair", {"code": code}), "key")
        self.certificate = _text(self._ask("GET", "/identity"), "certificate")

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)

    @property
    def public_key(self) -> bytes:
        return public_key_of(self.certificate)

    @property
    def suite(self) -> str:
        return suite_of_key(self.public_key).id

    def sign(self, message: bytes) -> bytes:
        """As `OwnKey.sign`; `message` is one of the texts the agent signs. Refused `agent.refused`, `agent.silent`."""
        signature = _bytes(self._ask("POST", "/sign", {"text": message.decode()}), "signature")
        if not suite(self.suite).verify(self.public_key, signature, message):
            raise AGENT_REFUSED(problem="agent.other-signature")
        return signature

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """As `OwnKey.unwrap`. Refused `agent.refused`, `agent.silent`."""
        given = {"wrapped": wrapped, "context": context}
        asked = {name: base64.b64encode(value).decode() for name, value in given.items()}
        return Secret(_bytes(self._ask("POST", "/unwrap", asked), "secret"))

    def _ask(self, method: str, path: str, content: dict[str, str] | None = None) -> dict[str, Any]:
        headers = {"Origin": self._origin, "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        line = http.client.HTTPConnection(LOOPBACK, self._port, timeout=PATIENCE)
        try:
            line.request(method, path, json.dumps(content).encode() if content is not None else None, headers)
            answer = line.getresponse()
            said = json.loads(answer.read(LARGEST))
        except (OSError, http.client.HTTPException, ValueError):
            raise AGENT_SILENT(port=self._port) from None
        finally:
            line.close()
        if not isinstance(said, dict):
            raise AGENT_SILENT(port=self._port)
        if answer.status != 200:
            raise AGENT_REFUSED(problem=str(said.get("refused", answer.status))[:64])
        return said


def _origin(text: str) -> str:
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else text


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str):
        raise AGENT_REFUSED(problem=f"{name}?")
    return value


def _bytes(said: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(_text(said, name), validate=True)
    except (binascii.Error, ValueError):
        raise AGENT_REFUSED(problem=f"{name}?") from None
