"""The bank-direct client: the deposit bank reached over signed JSON (docs/formats/bank.md)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

from mingzheng.adapters.bank.port import BankUnavailable, Credit, GuaranteeFacts, RefundReceipt, RefundRefused
from mingzheng.adapters.wire import Answer, SignedClient, Unreachable
from mingzheng.kernel import clock, money

P = ParamSpec("P")
R = TypeVar("R")


def _asking(method: Callable[P, R]) -> Callable[P, R]:
    """Whatever is not a proper answer of the bank is `BankUnavailable`; it never passes for an answer."""

    @wraps(method)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except Unreachable as fault:
            raise BankUnavailable(str(fault)) from fault
        except (KeyError, TypeError, ValueError) as fault:
            raise BankUnavailable(f"answer not understood: {type(fault).__name__}") from fault

    return asked


class DirectBank:
    """A `Bank` behind a `SignedClient`."""

    def __init__(self, client: SignedClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"DirectBank({self._client!r})"

    @_asking
    def open_account(self, reference: str) -> str:
        """See `Bank`."""
        answer = _good(self._client.call("POST", "/v1/accounts", {"reference": reference}))
        return str(answer.body["account"])

    @_asking
    def incoming(self, since: int = 0) -> list[Credit]:
        """See `Bank`."""
        answer = _good(self._client.call("GET", f"/v1/credits?since={int(since)}"))
        return [_credit(item) for item in answer.body["credits"]]

    @_asking
    def refund(
        self, *, order: str, credit: str, to_account: str, principal: Decimal, interest: Decimal
    ) -> RefundReceipt:
        """See `Bank`."""
        body = {
            "order": order,
            "credit": credit,
            "to_account": to_account,
            "principal": str(principal),
            "interest": str(interest),
        }
        answer = self._client.call("POST", "/v1/refunds", body)
        if answer.status == 409:
            raise RefundRefused(str(answer.body["error"]))
        return _receipt(_good(answer).body)

    @_asking
    def refund_state(self, order: str) -> RefundReceipt | None:
        """See `Bank`."""
        answer = self._client.call("GET", f"/v1/refunds/{quote(order, safe='')}")
        return None if answer.status == 404 else _receipt(_good(answer).body)

    @_asking
    def verify_guarantee(self, number: str, issuer: str) -> GuaranteeFacts:
        """See `Bank`."""
        found = _good(self._client.call("POST", "/v1/guarantees", {"number": number, "issuer": issuer})).body
        return GuaranteeFacts(
            number=number,
            issuer=issuer,
            state=str(found["state"]),
            amount=money.yuan(found.get("amount", "0")),
            valid_from=clock.parse(found["valid_from"]) if found.get("valid_from") else None,
            valid_until=clock.parse(found["valid_until"]) if found.get("valid_until") else None,
            beneficiary=str(found.get("beneficiary", "")),
            reference=str(found.get("reference", "")),
            applicant=str(found.get("applicant", "")),
        )


def _good(answer: Answer) -> Answer:
    if answer.status != 200:
        raise Unreachable(f"answer {answer.status}")
    return answer


def _credit(item: dict[str, Any]) -> Credit:
    return Credit(
        id=str(item["id"]),
        number=int(item["number"]),
        account=str(item["account"]),
        reference=str(item["reference"]),
        amount=money.yuan(item["amount"]),
        at=clock.parse(item["at"]),
        payer_name=str(item["payer_name"]),
        payer_account=str(item["payer_account"]),
        remark=str(item.get("remark", "")),
    )


def _receipt(item: dict[str, Any]) -> RefundReceipt:
    return RefundReceipt(
        order=str(item["order"]),
        serial=str(item["serial"]),
        state=str(item["state"]),
        principal=money.yuan(item["principal"]),
        interest=money.yuan(item["interest"]),
        amount=money.yuan(item["amount"]),
        at=clock.parse(item["at"]),
        to_name=str(item["to_name"]),
        to_account=str(item["to_account"]),
        reason=str(item.get("reason", "")),
    )
