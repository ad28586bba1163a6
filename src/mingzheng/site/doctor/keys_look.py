"""Keys and certificates: they belong to this database and suite, people's authorities are trusted, papers can be sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag

from mingzheng.adapters.crypto.revocation import Authority, read_authorities
from mingzheng.kernel import clock
from mingzheng.site.doctor.finding import Finding, State, judge

SOON = timedelta(days=60)


def look(settings: Any, connection: Any) -> Iterator[Finding]:
    """Nothing is made that is not there: a key made now would hide that the old one is missing."""
    keys = Path(settings.MINGZHENG_STATE) / "keys"
    yield _suite(settings)
    if (keys / "vault.key").exists():
        yield _vault(connection)
    if (keys / "log.ed25519").exists() or (keys / "log.sm2").exists():
        yield _log(connection)
    yield from _authorities(keys)
    yield from _papers(settings, keys)


def _suite(settings: Any) -> Finding:
    from mingzheng.site.suite import of_folder

    begun = of_folder(Path(settings.MINGZHENG_STATE))
    return judge(
        "keys", "suite of the folder", begun in (None, settings.MINGZHENG_SUITE), begun or "not yet begun",
        f"set MINGZHENG_SUITE={begun}: a centre keeps its suite (now {settings.MINGZHENG_SUITE})",
    )  # fmt: skip


def _vault(connection: Any) -> Finding:
    """A database restored beside another folder's keys starts, and every sealed entry of it is lost."""
    from mingzheng.ledger import entries

    with connection.cursor() as cursor:
        cursor.execute("select stream, box from ledger_hidden limit 1")
        row = cursor.fetchone()
    if row is None:
        return Finding("keys", "vault", "ok", "nothing hidden yet")
    try:
        entries.opened(*row)
    except InvalidTag:
        return Finding(
            "keys", "vault", "bad", "does not open this database", "restore the folder kept with this database's copy"
        )
    return Finding("keys", "vault", "ok", "opens this database")


def _log(connection: Any) -> Finding:
    """The newest checkpoint is signed by the key that will sign the next."""
    from mingzheng.ledger import keys, notes

    with connection.cursor() as cursor:
        cursor.execute("select size, note from ledger_checkpoint order by size desc limit 1")
        row = cursor.fetchone()
    if row is None:
        return Finding("keys", "log", "ok", "no checkpoint yet")
    remedy = "restore the folder kept with this database's copy; never let a new key sign this log"
    try:
        note, key = notes.parse_note(row[1]), keys.log_signer(row[0]).key
        good = key.name in notes.signers(note, [key])
    except (notes.NoteRefused, RuntimeError) as problem:
        return Finding("keys", "log", "bad", str(problem)[:100], remedy)
    return judge("keys", "log", good, "signed the newest checkpoint" if good else "another key signed it", remedy)


def _authorities(keys: Path) -> Iterator[Finding]:
    trusted = keys / "trusted"
    try:
        found = read_authorities(trusted)
    except (ValueError, TypeError) as problem:
        yield Finding("keys", "authorities", "bad", str(problem)[:120], f"mend {trusted}")
        return
    yield judge(
        "keys", "authorities", bool(found), f"{len(found)} trusted",
        f"put the licensed authorities' certificates into {trusted}/*.pem: nobody can log in with a certificate before",
    )  # fmt: skip
    for one in found:
        name = one.certificate.subject.rfc4514_string()[:60]
        yield _term("authority's certificate", one.certificate, f"{name}: ", "ask the authority for its new one")
        yield _news(one, name, keys / "revocations" / f"{one.name}.crl")


def _news(authority: Authority, name: str, kept: Path) -> Finding:
    """Whether revocations of the people it certified are heard of."""
    if not authority.tells:
        return Finding(
            "keys", "revocations", "warn", f"{name}: not asked", "name its crl or ocsp address in authorities.toml"
        )
    if not authority.crl or not kept.exists():
        state: State = "ok" if authority.ocsp else "bad"
        told = "asked at each act" if authority.ocsp else "no list yet"
        return Finding("keys", "revocations", state, f"{name}: {told}", "" if state == "ok" else "see the worker's log")
    until = x509.load_der_x509_crl(kept.read_bytes()).next_update_utc
    late = until is not None and until + authority.grace < clock.now()
    return judge(
        "keys", "revocations", not late, f"{name}: list until {until:%Y-%m-%d %H:%M} UTC" if until else f"{name}: a list",
        "its list is too old to be believed: see the worker's log, ask the authority",
    )  # fmt: skip


def _papers(settings: Any, keys: Path) -> Iterator[Finding]:
    way = settings.MINGZHENG_PAPER_SEAL
    yield judge(
        "keys", "seal of papers", way in ("files", "token"), way,
        "set MINGZHENG_PAPER_SEAL to files or token: until then no paper bears the centre's seal",
    )  # fmt: skip
    if way not in ("files", "token"):
        return
    certificate, secret = (
        keys / "document-seal.crt",
        keys / ("document-seal.pem" if way == "files" else "document-seal.pin"),
    )
    missing = [one.name for one in (certificate, secret) if not one.is_file()]
    yield judge("keys", "seal's files", not missing, ", ".join(missing) or "there", f"put them into {keys} (mode 600)")
    if certificate.is_file():
        own = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        yield _term("seal's certificate", own, "", "apply for the next one now; papers wait without a seal")
    yield judge(
        "keys", "time-stamps", bool(settings.MINGZHENG_TIMESTAMPS), settings.MINGZHENG_TIMESTAMPS or "none",
        "set MINGZHENG_TIMESTAMPS to the address of a time-stamp authority: papers wait for it",
    )  # fmt: skip
    for folder, what in (("trusted-seals", "issuers of seals"), ("trusted-timestamps", "issuers of time-stamps")):
        count = len(list((keys / folder).glob("*.pem")))
        yield judge(
            "keys", what, count > 0, f"{count} trusted", f"put the issuer's certificate into {keys / folder}/*.pem"
        )


def _term(name: str, certificate: x509.Certificate, prefix: str, remedy: str) -> Finding:
    """Bad when it has ended or not begun, to be looked at when it ends soon."""
    now, until = clock.now(), certificate.not_valid_after_utc
    valid = certificate.not_valid_before_utc <= now < until
    state: State = "ok" if valid and until - now > SOON else "warn" if valid else "bad"
    return Finding("keys", name, state, f"{prefix}until {until:%Y-%m-%d}", "" if state == "ok" else remedy)
