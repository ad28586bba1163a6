"""Settings: nothing of the demo may be left in a production deployment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mingzheng.ledger.receipts import WITHIN_SECONDS
from mingzheng.site.doctor.finding import Finding, judge
from mingzheng.stages.procedures.kinds import DEMO_OPERATOR, operator_code

EXAMPLE_ORIGIN = "mingzheng.example/yunzhou"
EXAMPLE_CENTRE = "云州市公共资源交易中心"
EXAMPLE_PHONE = "0990-88000110"
EXAMPLE_MAILBOX = "jiandu@yunzhou.example"
LONGEST_TICK = 5.0  # seconds; the rest of a promise's ten is for the round and the cosigners


def look(settings: Any) -> Iterator[Finding]:
    """Mode, names, address, hosts, suite."""
    yield judge(
        "settings", "mode", settings.MINGZHENG_MODE == "production", settings.MINGZHENG_MODE,
        "MINGZHENG_MODE=production: other modes have a clock that jumps and ways in without a key",
    )  # fmt: skip
    defaults = (
        ("MINGZHENG_ORIGIN", EXAMPLE_ORIGIN, "the log's own name, for ever; choose it before the first entry"),
        ("MINGZHENG_CENTRE", EXAMPLE_CENTRE, "the centre's name"),
        ("MINGZHENG_COMPLAINT_PHONE", EXAMPLE_PHONE, "the telephone number for complaints about the service"),
        ("MINGZHENG_COMPLAINT_MAILBOX", EXAMPLE_MAILBOX, "the mailbox for complaints about the service"),
    )
    for name, example, what in defaults:
        value = getattr(settings, name)
        yield judge("settings", name, value != example, value, f"set {name}: {what}")
    address = settings.MINGZHENG_ADDRESS
    yield judge(
        "settings", "MINGZHENG_ADDRESS", address.startswith("https://"), address,
        "set it to the https address people use: it stands in receipts, messages and codes on papers",
    )  # fmt: skip
    hosts = set(settings.ALLOWED_HOSTS)
    yield judge(
        "settings", "MINGZHENG_HOSTS", "*" not in hosts and bool(hosts - {"127.0.0.1", "localhost", "testserver"}),
        ", ".join(sorted(hosts)), "name the hosts people use, by commas, and no *",
    )  # fmt: skip
    host = urlsplit(address).hostname or ""
    yield judge(
        "settings", "address and hosts", host in hosts, host or "no host",
        f"add {host} to MINGZHENG_HOSTS: the platform refuses requests to its own address",
    )  # fmt: skip
    tick = settings.MINGZHENG_TICK_SECONDS
    yield judge(
        "settings", "MINGZHENG_TICK_SECONDS", 0 < tick <= LONGEST_TICK, f"{tick:g} s",
        f"at most {LONGEST_TICK:g}: every promise says that an entry is in the log within {WITHIN_SECONDS} seconds",
    )  # fmt: skip
    operator = operator_code()
    yield judge(
        "settings", "MINGZHENG_OPERATOR_CODE", operator != DEMO_OPERATOR, operator,
        "set the credit code of the platform's operator: it stands in every unified deal code",
    )  # fmt: skip
    tls = os.environ.get("MINGZHENG_BEHIND_TLS", "1") == "1"
    yield judge(
        "settings", "MINGZHENG_BEHIND_TLS", tls, "1" if tls else "0", "unset it: production answers only behind TLS"
    )
    yield judge(
        "settings", "MINGZHENG_LIMITS", settings.MINGZHENG_LIMITS > 0, f"{settings.MINGZHENG_LIMITS:g}",
        "unset it: 0 takes every limit on requests away",
    )  # fmt: skip
    yield judge(
        "settings", "MINGZHENG_FAULTS", not os.environ.get("MINGZHENG_FAULTS"), "unset" if not os.environ.get("MINGZHENG_FAULTS") else "set",
        "unset it: it belongs to tests",
    )  # fmt: skip
