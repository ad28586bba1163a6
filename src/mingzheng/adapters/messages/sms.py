"""SMS through an HTTP gateway, in signed JSON (docs/formats/outbox.md)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mingzheng.adapters.messages.port import STATES, Delivery, MessengerUnavailable
from mingzheng.adapters.wire import Answer, SignedClient, Unreachable
from mingzheng.kernel import clock


class SmsMessenger:
    """A `Messenger` by SMS. `signature` is the sender's name in brackets that telephone companies ask for."""

    way = "sms"

    def __init__(self, client: SignedClient, *, signature: str) -> None:
        self._client = client
        self._signature = signature

    def __repr__(self) -> str:
        return f"SmsMessenger({self._client!r})"

    def send(self, *, id: str, address: str, subject: str, text: str) -> Delivery:
        """See `Messenger`. The gateway knows the id: sent again, it answers with what it did the first time."""
        body = {"id": id, "text": f"【{self._signature}】{subject}：{text}", "to": address}
        answer = self._call("POST", "/v1/messages", body)
        if answer.status in {400, 409, 422}:
            return Delivery(id, self.way, "failed", clock.now(), address, str(answer.body.get("error", answer.status)))
        return self._delivery(answer, id, address)

    def state(self, id: str) -> Delivery | None:
        """See `Messenger`."""
        answer = self._call("GET", f"/v1/messages/{quote(id, safe='')}")
        return None if answer.status == 404 else self._delivery(answer, id, str(answer.body.get("to", "")))

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        try:
            return self._client.call(method, path, body)
        except Unreachable as fault:
            raise MessengerUnavailable(str(fault)) from fault

    def _delivery(self, answer: Answer, id: str, address: str) -> Delivery:
        state = answer.body.get("state")
        if answer.status != 200 or state not in STATES:
            raise MessengerUnavailable(f"answer {answer.status}")
        try:
            at = clock.parse(str(answer.body["at"]))
        except (KeyError, ValueError) as fault:
            raise MessengerUnavailable("answer not understood") from fault
        reference, reason = str(answer.body.get("reference", "")), str(answer.body.get("reason", ""))
        return Delivery(id, self.way, str(state), at, address, reason, reference)
