"""What stands behind the ports: bank, mail, SMS, scanner; fonts, calendar, front end; the three administrators."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mingzheng.kernel import calendar_years, clock
from mingzheng.site.doctor.finding import Finding, judge

ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def look(settings: Any, connection: Any) -> Iterator[Finding]:
    """Everything outside that a real centre needs."""
    bank = os.environ.get("MINGZHENG_BANK", "")
    yield judge(
        "outside",
        "deposit bank",
        bool(bank),
        "named" if bank else "the demo's",
        "set MINGZHENG_BANK; until then no deposit is real",
    )
    yield from _messages(Path(settings.MINGZHENG_STATE) / "messages.json")
    yield _scanner(settings.MINGZHENG_SCANNER)
    yield _fonts()
    built = Path(settings.BASE) / "static" / "built"
    yield judge("program", "front end", built.is_dir(), "built" if built.is_dir() else "missing", "make setup")
    year = clock.now().year
    known = [str(one) for one in (year, year + 1) if calendar_years.announced(one)]
    yield judge(
        "program", "working days", str(year) in known, f"announced: {', '.join(known) or 'none'}",
        f"load the file of {year} (docs/law/time.md): until then periods are provisional",
    )  # fmt: skip
    yield _administrators(connection)


def _messages(configured: Path) -> Iterator[Finding]:
    try:
        wanted = json.loads(configured.read_text("utf-8")) if configured.is_file() else {}
    except ValueError:
        yield Finding("outside", "messages.json", "bad", "not JSON", f"mend {configured}")
        return
    for way, what in (("mail", "mail server"), ("sms", "SMS gateway")):
        yield judge(
            "outside", what, way in wanted, "named" if way in wanted else "none",
            f"add \"{way}\" to {configured}: until then such messages stay in the outbox",
        )  # fmt: skip


def _scanner(address: str) -> Finding:
    if not address:
        return Finding("outside", "virus scanner", "warn", "none connected", "set MINGZHENG_SCANNER to clamd's socket")
    from mingzheng.adapters.scanning import FileScanner
    from mingzheng.adapters.scanning.clamd import Clamd
    from mingzheng.site.ports.scanner import address_of

    found = FileScanner(Clamd(address_of(address))).scan("doctor.txt", b"doctor")
    answers = not any(one.code.startswith("scanner") for one in found.findings)
    return judge(
        "outside", "virus scanner", answers, address, "it does not answer: opened files are held back until it does"
    )


def _fonts() -> Finding:
    from mingzheng.adapters.documents import fonts

    try:
        loaded = fonts.load()
    except (OSError, RuntimeError, LookupError) as problem:
        return Finding("program", "fonts of papers", "bad", str(problem)[:80], "pip install pylopdf-fonts-zh-cn")
    return Finding("program", "fonts of papers", "ok", type(loaded).__name__)


def _administrators(connection: Any) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "select role, count(distinct person_id) from parties_membership where withdrawn_at is null and role = any(%s) group by role",
            [list(ADMINISTRATORS)],
        )
        held = dict(cursor.fetchall())
    missing = [role for role in ADMINISTRATORS if not held.get(role)]
    return judge(
        "people", "administrators", not missing, "three people" if not missing else f"missing: {', '.join(missing)}",
        "see docs/guides/administrator.md: system, security and audit, three different people",
    )  # fmt: skip
