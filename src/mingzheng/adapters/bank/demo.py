"""The demo deposit bank: a bank in one encrypted journal, with the doors a payer would use at a real one.

Payer names and accounts are never on disk in the clear: the key lies in the deployment's key folder.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from mingzheng.adapters.bank.port import Credit, GuaranteeFacts, RefundReceipt, RefundRefused
from mingzheng.adapters.storage.journal import Journal, SealedJournal
from mingzheng.kernel import clock, money

#: A refund counts as booked at the payer's bank this long after it was accepted (deployment's clock).
BOOKED_AFTER = timedelta(seconds=2)
PREFIX = "622202"


class DemoBank:
    """A `Bank` for one machine. `pay`, `issue_guarantee`, `cancel_guarantee` and `bounce` play the world outside."""

    def __init__(self, folder: Path | str, key: Path | str) -> None:
        self._journal = SealedJournal(Path(folder) / "journal.jsonl", key)

    @classmethod
    def of_state(cls, state: Path | str) -> DemoBank:
        """The demo bank of a deployment's state folder."""
        return cls(Path(state) / "bank", Path(state) / "keys" / "bank.key")

    def __repr__(self) -> str:
        return f"DemoBank({self._journal!r})"

    def open_account(self, reference: str) -> str:
        """See `Bank`. Numbers are random: they do not tell how many accounts there are."""
        with self._journal.writing() as journal:
            opened = _all(journal.records(), "account")
            for record in opened:
                if record["reference"] == reference:
                    return str(record["account"])
            taken = {record["account"] for record in opened}
            number = next(n for n in iter(_account_number, "") if n not in taken)
            journal.append({"is": "account", "account": number, "reference": reference})
            return number

    def incoming(self, since: int = 0) -> list[Credit]:
        """See `Bank`."""
        credits = _all(self._journal.records(), "credit")
        return [_credit(record) for record in credits[max(since, 0) :]]

    def refund(
        self, *, order: str, credit: str, to_account: str, principal: Decimal, interest: Decimal
    ) -> RefundReceipt:
        """See `Bank`."""
        try:
            amounts = money.yuan(principal), money.yuan(interest)
        except money.NotMoney as fault:
            raise RefundRefused("not-an-amount") from fault
        with self._journal.writing() as journal:
            before = next((r for r in _all(journal.records(), "refund") if r["order"] == order), None)
            wanted = {
                "credit": credit,
                "to_account": to_account,
                "principal": str(amounts[0]),
                "interest": str(amounts[1]),
            }
            if before is None:
                return self._take(journal, order, wanted)
            if any(before[name] != value for name, value in wanted.items()):
                raise RefundRefused("order-changed")
            return self._receipt(before, journal.records())

    def _take(self, journal: Journal, order: str, wanted: dict[str, str]) -> RefundReceipt:
        records = journal.records()
        paid = next((r for r in _all(records, "credit") if r["id"] == wanted["credit"]), None)
        if paid is None:
            raise RefundRefused("unknown-credit")
        if paid["payer_account"] != wanted["to_account"]:
            raise RefundRefused("not-the-payer")
        if money.yuan(wanted["principal"]) > _left(records, paid):
            raise RefundRefused("more-than-paid")
        record = journal.append(
            {
                "is": "refund",
                "order": order,
                "serial": f"R{secrets.randbelow(10**16):016d}",
                "account": paid["account"],
                "to_name": paid["payer_name"],
                "at": clock.text(clock.now()),
                **wanted,
            }
        )
        return self._receipt(record, records)

    def refund_state(self, order: str) -> RefundReceipt | None:
        """See `Bank`."""
        records = self._journal.records()
        found = next((r for r in _all(records, "refund") if r["order"] == order), None)
        return None if found is None else self._receipt(found, records)

    def _receipt(self, record: dict[str, Any], records: list[dict[str, Any]]) -> RefundReceipt:
        accepted = clock.parse(record["at"])
        back = next((r for r in _all(records, "bounce") if r["order"] == record["order"]), None)
        booked = clock.now() - accepted >= BOOKED_AFTER
        principal, interest = money.yuan(record["principal"]), money.yuan(record["interest"])
        return RefundReceipt(
            order=record["order"],
            serial=record["serial"],
            state="returned" if back else "booked" if booked else "accepted",
            principal=principal,
            interest=interest,
            amount=principal + interest,
            at=accepted,
            to_name=record["to_name"],
            to_account=record["to_account"],
            reason=back["reason"] if back else "",
        )

    def verify_guarantee(self, number: str, issuer: str) -> GuaranteeFacts:
        """See `Bank`."""
        found = [
            g for g in _all(self._journal.records(), "guarantee") if (g["number"], g["issuer"]) == (number, issuer)
        ]
        if not found:
            return GuaranteeFacts(number, issuer, "unknown")
        last = found[-1]
        until = clock.parse(last["valid_until"])
        return GuaranteeFacts(
            number=number,
            issuer=issuer,
            state="expired" if last["state"] == "valid" and until <= clock.now() else last["state"],
            amount=money.yuan(last["amount"]),
            valid_from=clock.parse(last["valid_from"]),
            valid_until=until,
            beneficiary=last["beneficiary"],
            reference=last["reference"],
            applicant=last["applicant"],
        )

    # the doors of the world outside

    def pay(
        self,
        *,
        account: str,
        payer_name: str,
        payer_account: str,
        amount: Decimal | str,
        remark: str = "",
        at: datetime | None = None,
    ) -> Credit:
        """A payer transfers money. LookupError when the bank has no such account, `money.NotMoney` for a wrong amount."""
        value = money.yuan(amount)
        with self._journal.writing() as journal:
            records = journal.records()
            opened = next((r for r in _all(records, "account") if r["account"] == account), None)
            if opened is None:
                raise LookupError("no such account")
            record = {
                "is": "credit",
                "id": secrets.token_hex(12),
                "number": len(_all(records, "credit")) + 1,
                "account": account,
                "reference": opened["reference"],
                "amount": str(value),
                "at": clock.text(at or clock.now()),
                "payer_name": payer_name,
                "payer_account": payer_account,
                "remark": remark,
            }
            return _credit(journal.append(record))

    def issue_guarantee(
        self,
        *,
        number: str,
        issuer: str,
        amount: Decimal | str,
        valid_until: datetime,
        beneficiary: str = "",
        reference: str = "",
        applicant: str = "",
    ) -> None:
        """An issuer writes a guarantee; issuing the number again replaces it."""
        self._journal.append(
            {
                "is": "guarantee",
                "number": number,
                "issuer": issuer,
                "state": "valid",
                "amount": str(money.yuan(amount)),
                "valid_from": clock.text(clock.now()),
                "valid_until": clock.text(valid_until),
                "beneficiary": beneficiary,
                "reference": reference,
                "applicant": applicant,
            }
        )

    def cancel_guarantee(self, number: str, issuer: str) -> None:
        """The issuer withdraws a guarantee. LookupError when there is none."""
        with self._journal.writing() as journal:
            found = [g for g in _all(journal.records(), "guarantee") if (g["number"], g["issuer"]) == (number, issuer)]
            if not found:
                raise LookupError("no such guarantee")
            journal.append(found[-1] | {"state": "cancelled"})

    def bounce(self, order: str, reason: str) -> None:
        """The payer's bank sends a refund back."""
        self._journal.append({"is": "bounce", "order": order, "reason": reason})


def _all(records: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    return [record for record in records if record["is"] == what]


def _credit(record: dict[str, Any]) -> Credit:
    return Credit(
        id=record["id"],
        number=record["number"],
        account=record["account"],
        reference=record["reference"],
        amount=money.yuan(record["amount"]),
        at=clock.parse(record["at"]),
        payer_name=record["payer_name"],
        payer_account=record["payer_account"],
        remark=record["remark"],
    )


def _left(records: list[dict[str, Any]], paid: dict[str, Any]) -> Decimal:
    """What this payer paid to this account and has not got back (a deposit may come in several transfers)."""
    bounced = {r["order"] for r in _all(records, "bounce")}
    came = [r for r in _all(records, "credit") if _from(r) == _from(paid)]
    went = [
        r
        for r in _all(records, "refund")
        if (r["account"], r["to_account"]) == _from(paid) and r["order"] not in bounced
    ]
    return sum((money.yuan(r["amount"]) for r in came), Decimal(0)) - sum(
        (money.yuan(r["principal"]) for r in went), Decimal(0)
    )


def _from(credit: dict[str, Any]) -> tuple[str, str]:
    return credit["account"], credit["payer_account"]


def _account_number() -> str:
    """A random number of 19 digits with a Luhn check digit."""
    digits = PREFIX + f"{secrets.randbelow(10**12):012d}"
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(int(c) for c in reversed(digits)))
    return digits + str(-total % 10)
